import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sqliteStore } from 'cardea/stores/sqlite'
import { clientFrom, type TestServer, testScopes, UserAgent } from 'cardea/testing'
import { argon2Hasher } from '../../packages/server/src/accounts/argon2-hasher.ts'
import { raceClients, raceLimits, raceOptions, raceUsers } from './registrations.ts'
import { balanced } from './worlds.ts'

const main = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url))
const issuer = 'https://auth.example'

/** What the in-process worlds are told in code. */
const config = {
  issuer,
  secrets: raceOptions.secrets,
  lifetimes: raceOptions.lifetimes,
  limits: raceLimits,
  log: { level: 'error' },
  // The address of whoever asks is handed over as by a proxy.
  trustedProxies: ['loopback'],
  deviceGrant: true,
  pushedRequests: true,
  requestObjects: true,
  dpop: true,
  jwtBearer: true,
  tokenExchange: { allow: [{ client: 'printer' }] },
  trustedIssuers: raceOptions.trustedIssuers,
  registration: raceOptions.registration,
  oauth1: { enabled: true, exchange: { use: 'once' } },
}

/** A folder with a configuration and a filled database. */
export async function prepared(t: TestContext, more: { readonly lifetimes?: object } = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cardea-processes-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  await writeFile(join(folder, 'cardea.config.json'), JSON.stringify({ ...config, ...more }))
  const store = await sqliteStore({ file: join(folder, 'cardea.sqlite') })
  for (const scope of testScopes) await store.scopes.save(scope)
  const hasher = argon2Hasher()
  for (const { secret, ...client } of raceClients) {
    const hashed = secret === undefined ? {} : { client_secret_hash: await hasher.hash(secret) }
    const method = secret === undefined ? 'none' : 'client_secret_basic'
    await store.clients.save(await clientFrom({ token_endpoint_auth_method: method, ...client, ...hashed }))
  }
  for (const { password, ...user } of raceUsers)
    await store.users.save({ ...user, password_hash: await hasher.hash(password), created_at: 0 })
  await store.close()
  return folder
}

export interface ServerProcess {
  readonly child: ChildProcess
  readonly url: string
  /** What it wrote about errors. */
  log(): string
}

/** `cardea serve`, in a process of its own. */
export async function startProcess(t: TestContext, folder: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--conditions=cardea-source', main, 'serve', '--port', '0', '--json'], {
    cwd: folder,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log += String(chunk)
  })
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill()
    await once(child, 'exit')
  })
  const [chunk] = (await Promise.race([once(child.stdout, 'data'), once(child, 'close')])) as [Buffer | number | null]
  if (!Buffer.isBuffer(chunk)) throw new Error(`it did not start: ${log}`)
  const { addresses } = JSON.parse(String(chunk)) as { addresses: string[] }
  return { child, url: `http://${addresses[0]}`, log: () => log }
}

const clock: TestServer['clock'] = {
  now: () => Math.floor(Date.now() / 1000),
  advance() {
    throw new TypeError('this is the time of everybody')
  },
}

/** A server in another process, as tests speak to one in their own; the store is a connection of its own to its file. */
function remote({ url }: ServerProcess, store: TestServer['store']): TestServer {
  const send: TestServer['send'] = async (request, remoteAddress = '203.0.113.7') => {
    const { pathname, search } = new URL(request.url)
    const headers = new Headers(request.headers)
    headers.set('x-forwarded-for', remoteAddress)
    const body = request.method === 'GET' ? null : await request.text()
    return fetch(url + pathname + search, { method: request.method, headers, body, redirect: 'manual' })
  }
  const elsewhere = (): never => {
    throw new TypeError('it is in another process')
  }
  return {
    get provider() {
      return elsewhere()
    },
    store,
    clock,
    origin: issuer,
    events: [],
    send,
    post: elsewhere,
    agent: (remoteAddress) => new UserAgent((request) => send(request, remoteAddress), issuer),
    signedIn: elsewhere,
  }
}

/** The processes behind one balancer. */
export async function reached(
  t: TestContext,
  folder: string,
  processes: readonly ServerProcess[],
): Promise<TestServer> {
  const store = await sqliteStore({ file: join(folder, 'cardea.sqlite') })
  t.after(() => store.close())
  return balanced(processes.map((one) => remote(one, store)))
}
