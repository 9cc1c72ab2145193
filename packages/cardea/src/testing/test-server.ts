import { fetchHandler } from '../adapters/fetch.ts'
import { randomText } from '../core/crypto/random.ts'
import type { Client } from '../core/model/client.ts'
import type { Scope } from '../core/model/scope.ts'
import type { CardeaEvent } from '../core/ports/events.ts'
import type { Store } from '../core/ports/store.ts'
import { hashClientSecret } from '../oauth2/client-auth/client-secret.ts'
import type { ProviderOptions } from '../options.ts'
import { createProvider, type Provider } from '../provider.ts'
import { memoryStore } from '../stores/memory/index.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { fastHasher } from './fast-hasher.ts'
import { UserAgent } from './user-agent.ts'

/** A person with a password, readable, as tests type it. */
export interface TestUser {
  /** As in `User`. */
  readonly id: string
  /** What is typed in. */
  readonly username: string
  /** What is typed in; it is stored hashed. */
  readonly password: string
}

/** A registered client as a test writes it: only what differs from an ordinary confidential web client. */
export type TestClient = Partial<Client> & { readonly client_id: string; readonly secret?: string }

/** Options of a provider, and what its store is filled with. */
export interface TestServerOptions extends Partial<Omit<ProviderOptions, 'clock'>> {
  /** Default: one that stands still at a fixed time. */
  readonly clock?: FakeClock
  /** Default: none. */
  readonly clients?: readonly TestClient[]
  /** Default: none. */
  readonly users?: readonly TestUser[]
  /** Default: `read` (default) and `write`. */
  readonly scopes?: readonly Scope[]
}

/** The real engine in this process, with a clock you control. */
export interface TestServer {
  /** The real engine. */
  readonly provider: Provider
  /** In memory, unless another was given. */
  readonly store: Store
  /** Moves only when it is told to. */
  readonly clock: FakeClock
  /** Where it seems to be: the origin of the issuer. */
  readonly origin: string
  /** Every event so far, oldest first. */
  readonly events: CardeaEvent[]
  /** Sends a request through the provider, as if from that address. */
  send(request: Request, remoteAddress?: string): Promise<Response>
  /** Posts a form; credentials go into Basic. */
  post(path: string, form: Record<string, string> | string, options?: PostOptions): Promise<Response>
  /** A new browser. */
  agent(remoteAddress?: string): UserAgent
  /** A browser in which that user has signed in, through the pages, for that authorization request. */
  signedIn(user: TestUser, authorizePath: string): Promise<UserAgent>
}

/** Who posts a form, from where. */
export interface PostOptions {
  /** Sent as `client_secret_basic`. */
  readonly client?: readonly [id: string, secret: string]
  /** Sent as they are. */
  readonly headers?: Record<string, string>
  /** Where the request seems to come from. */
  readonly remoteAddress?: string
}

/** Scopes there are unless a test says otherwise. */
export const testScopes: readonly Scope[] = [
  { name: 'read', description: 'Read your things', is_default: true },
  { name: 'write', description: 'Change your things', is_default: false },
]

/** A whole registration out of what a test says of it. */
export async function clientFrom({ secret, ...given }: TestClient): Promise<Client> {
  return {
    client_name: given.client_id,
    redirect_uris: ['https://client.example/cb'],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
    token_endpoint_auth_method: secret === undefined ? 'none' : 'client_secret_basic',
    application_type: 'web',
    client_id_issued_at: 0,
    ...(secret !== undefined && { client_secret_hash: await hashClientSecret(fastHasher, secret) }),
    ...given,
  }
}

/** The header of HTTP Basic with an id and a secret, form-encoded (RFC 6749 §2.3.1). */
export const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`

async function fill(
  store: Store,
  { clients = [], users = [], scopes = testScopes }: TestServerOptions,
  now: number,
): Promise<void> {
  for (const scope of scopes) await store.scopes.save(scope)
  for (const client of clients) await store.clients.save(await clientFrom(client))
  for (const { password, ...user } of users) {
    await store.users.save({ ...user, password_hash: await fastHasher.hash(password), created_at: now })
  }
}

/** Starts the engine in this process. Without options: memory store, no clients, no users. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { clients: _clients, users: _users, scopes: _scopes, ...providerOptions } = options
  const clock = options.clock ?? fakeClock()
  const store = options.store ?? memoryStore({ now: clock.now })
  const events: CardeaEvent[] = []
  const provider = createProvider({
    issuer: 'https://auth.example',
    secrets: [randomText(32)],
    hasher: fastHasher,
    onEvent: (event) => events.push(event),
    ...providerOptions,
    store,
    clock,
  })
  await fill(store, options, clock.now())
  const handle = fetchHandler(provider)
  const origin = new URL(provider.issuer).origin
  const send: TestServer['send'] = (request, remoteAddress = '203.0.113.7') => handle(request, { remoteAddress })
  const agent: TestServer['agent'] = (remoteAddress) => new UserAgent((request) => send(request, remoteAddress), origin)
  return {
    provider,
    store,
    clock,
    origin,
    events,
    send,
    agent,
    post(path, form, { client, headers, remoteAddress } = {}) {
      const body = typeof form === 'string' ? form : new URLSearchParams(form).toString()
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      const credentials = client === undefined ? {} : { authorization: basic(...client) }
      return send(
        new Request(new URL(path, origin), { method: 'POST', body, headers: { ...type, ...credentials, ...headers } }),
        remoteAddress,
      )
    },
    async signedIn({ username, password }, authorizePath) {
      const browser = agent()
      const page = await browser.follow(await browser.get(authorizePath))
      const answer = await browser.submit(page, { username, password, action: 'sign_in' })
      if (answer.status !== 303) throw new Error(`sign-in was answered with ${answer.status}`)
      return browser
    },
  }
}
