import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Store } from 'cardea'
import { cacheStores, memoryCache } from 'cardea/stores/cache'
import { memoryStore } from 'cardea/stores/memory'
import { sqliteStore } from 'cardea/stores/sqlite'
import { basic, fakeClock, startTestServer, type TestServer, type TestServerOptions, UserAgent } from 'cardea/testing'
import { raceClients, raceOptions, raceUsers } from './registrations.ts'

/** Requests of one site go to its instances in turn, as through a balancer that keeps nobody at one of them. */
export function balanced(instances: readonly TestServer[]): TestServer {
  const [first] = instances
  if (first === undefined) throw new TypeError('no instance')
  let turns = 0
  const send: TestServer['send'] = (request, remoteAddress) => {
    turns += 1
    return (instances[turns % instances.length] as TestServer).send(request, remoteAddress)
  }
  return {
    // Not spread: what a server in another process cannot give is asked for only when it is needed.
    get provider() {
      return first.provider
    },
    store: first.store,
    clock: first.clock,
    origin: first.origin,
    events: first.events,
    signedIn: first.signedIn,
    send,
    agent: (remoteAddress) => new UserAgent((request) => send(request, remoteAddress), first.origin),
    post: (path, form, { client, headers, remoteAddress } = {}) =>
      send(
        new Request(new URL(path, first.origin), {
          method: 'POST',
          body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            ...(client !== undefined && { authorization: basic(...client) }),
            ...headers,
          },
        }),
        remoteAddress,
      ),
  }
}

async function startedOn(stores: readonly Store[], more: TestServerOptions = {}): Promise<TestServer[]> {
  const clock = fakeClock()
  const servers: TestServer[] = []
  for (const store of stores) {
    const isFirst = servers.length === 0
    const rows = isFirst ? { clients: raceClients, users: raceUsers } : { clients: [], users: [], scopes: [] }
    servers.push(await startTestServer({ ...raceOptions, ...more, ...rows, store, clock }))
  }
  return servers
}

const started = async (stores: readonly Store[], more?: TestServerOptions): Promise<TestServer> =>
  balanced(await startedOn(stores, more))

async function onFile(t: TestContext, count: number): Promise<readonly Store[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cardea-races-'))
  const file = join(folder, 'cardea.sqlite')
  const stores: Store[] = []
  for (let opened = 0; opened < count; opened += 1) stores.push(await sqliteStore({ file }))
  t.after(async () => {
    for (const store of stores) await store.close()
    await rm(folder, { recursive: true })
  })
  return stores
}

/** Two, for what is no request to the server itself. */
export const instances = async (t: TestContext): Promise<readonly [TestServer, TestServer]> =>
  (await startedOn(await onFile(t, 2))) as [TestServer, TestServer]

/** By what the instances share. */
export const worlds = {
  'memory store': async () => {
    const store = memoryStore()
    return started([store, store])
  },
  'SQLite store': async (t) => started(await onFile(t, 1)),
  'two stores on one SQLite file': async (t) => started(await onFile(t, 2)),
} satisfies Readonly<Record<string, (t: TestContext) => Promise<TestServer>>>

/** As it is unless told otherwise: what was used just now fetches its same successor again. */
export const withReuseWindow = async (t: TestContext): Promise<TestServer> =>
  started(await onFile(t, 2), { lifetimes: {} })

/** What OAuth 1 keeps for a short time is in a cache, all else on one SQLite file. */
export const withCache = async (t: TestContext, shortTerm = cacheStores(memoryCache())): Promise<TestServer> =>
  started(await onFile(t, 2), { oauth1: { ...raceOptions.oauth1, shortTerm } })
