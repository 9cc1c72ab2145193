import { nodeHandler, nodeProtector } from 'cardea/node'
import type { TestServer } from 'cardea/testing'
import { type Loopback, listenOnLoopback } from '../../packages/cardea/src/testing/loopback.ts'
import { mutated } from './mutations.ts'
import { type Random, randomFrom } from './random.ts'
import { asBytes, asHttpRequest, type RawRequest } from './raw-request.ts'

/** A server, and sound requests to damage. */
export interface FuzzSubject<Supplies> {
  start(): Promise<TestServer>
  /** What sound requests need: it is used up now and then, and made again. */
  supplies(server: TestServer): Promise<Supplies>
  /** Sound requests, by the endpoint they are for; `resource` is a protected route. */
  readonly targets: Readonly<Record<string, (server: TestServer, given: Supplies, random: Random) => RawRequest>>
}

export interface FuzzOptions {
  readonly requests: number
  readonly seed: number
  /** Part of the requests that goes over a connection of its own; the others go straight into the engine. */
  readonly overSocket: number
  readonly progress?: (text: string) => void
}

/** How many requests got which status, by endpoint. */
export type FuzzResult = ReadonlyMap<string, ReadonlyMap<number, number>>

/** Milliseconds after which an answer is taken to be late. */
const patience = 5_000
/** Requests after which what sound ones need is made again. */
const freshEvery = 250

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer after ${patience} ms`)), patience)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

interface Scene {
  readonly server: TestServer
  readonly loopback: Loopback
  readonly options: FuzzOptions
}

function protectedOf({ server }: Scene) {
  const guard = server.provider.protect('read')
  return async (request: RawRequest): Promise<number> => {
    const result = await guard(asHttpRequest(request))
    return 'refused' in result ? result.refused.status : 200
  }
}

/** The status; 0 for a connection that was closed without one, as node:http does with what is no HTTP. */
async function statusOverSocket({ loopback }: Scene, request: RawRequest): Promise<number> {
  const answer = await loopback.exchange(asBytes(request), { patience })
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
}

function senderFor(scene: Scene) {
  const { provider } = scene.server
  const guarded = protectedOf(scene)
  return (endpoint: string, request: RawRequest, overSocket: boolean): Promise<number> => {
    if (overSocket) return statusOverSocket(scene, request)
    if (endpoint === 'resource') return inTime(guarded(request))
    return inTime(provider.handle(asHttpRequest(request))).then(({ status }) => status)
  }
}

/** What went wrong inside, as the events tell it. */
function failureIn({ events }: TestServer): string | undefined {
  const failed = events.find(({ type }) => type === 'internal_error')
  // Kept short: a run has more events than memory.
  events.length = 0
  return failed?.type === 'internal_error' ? String((failed.error as Error)?.stack ?? failed.error) : undefined
}

async function run<Supplies>(
  { supplies, targets }: FuzzSubject<Supplies>,
  scene: Scene,
  random: Random,
): Promise<FuzzResult> {
  const { server, options } = scene
  const send = senderFor(scene)
  const names = Object.keys(targets)
  const result = new Map<string, Map<number, number>>(names.map((name) => [name, new Map()]))
  let given: Supplies | undefined
  for (let n = 0; n < options.requests; n += 1) {
    if (given === undefined || n % freshEvery === 0) {
      // Limits count per minute, and are not what is looked for here.
      server.clock.advance(600)
      given = await supplies(server)
    }
    const endpoint = random.of(names)
    const sound = targets[endpoint]?.(server, given, random)
    if (sound === undefined) continue
    const request = mutated(sound, random)
    const where = `request ${n} of seed ${options.seed}, ${endpoint}: ${JSON.stringify(request).slice(0, 3000)}`
    const status = await send(endpoint, request, random.chance(options.overSocket)).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${where}`)
    })
    const failure = failureIn(server)
    if (status >= 500 || failure !== undefined) throw new Error(`${status} ${failure ?? ''}\n${where}`)
    const counts = result.get(endpoint)
    counts?.set(status, (counts.get(status) ?? 0) + 1)
    if ((n + 1) % 5000 === 0) options.progress?.(`${n + 1} of ${options.requests} requests`)
  }
  return result
}

/**
 * Sends damaged requests to every endpoint of a subject and a protected route.
 * @throws Error that shows the first request that made the server fail or hang
 */
export async function fuzz<Supplies>(subject: FuzzSubject<Supplies>, options: FuzzOptions): Promise<FuzzResult> {
  const server = await subject.start()
  const { requireOAuth } = nodeProtector(server.provider)
  const resource = requireOAuth('read', (_message, response) => void response.end('in'))
  const loopback = await listenOnLoopback(nodeHandler(server.provider, { fallback: resource }))
  try {
    return await run(subject, { server, loopback, options }, randomFrom(options.seed))
  } finally {
    await loopback.close()
  }
}

/** One line an endpoint. */
export const summaryOf = (result: FuzzResult): string =>
  [...result]
    .map(([endpoint, counts]) => {
      const statuses = [...counts].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
      return `${endpoint.padEnd(12)} ${statuses.join(', ')}`
    })
    .join('\n')
