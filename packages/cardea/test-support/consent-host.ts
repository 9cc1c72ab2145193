import {
  AuthorizationServer,
  type AuthorizationServerOptions,
  type HostUser,
  type ProtocolError,
} from '../src/index.ts'
import { memoryStore } from '../src/stores/memory/index.ts'
import { pkcePair } from '../src/testing/code-flow.ts'
import { type FakeClock, fakeClock } from '../src/testing/fake-clock.ts'
import { fastHasher } from '../src/testing/fast-hasher.ts'
import { clientFrom, type TestClient } from '../src/testing/test-server.ts'

export interface Person extends HostUser {
  readonly id: number
  readonly name: string
}

export const ada: Person = { id: 1, name: 'Ada' }
export const bob: Person = { id: 2, name: 'Bob' }

export const app: TestClient = {
  client_id: 'app',
  application_type: 'web',
  redirect_uris: ['https://client.example/cb'],
}

export const issuer = 'https://auth.example'

type Options = Partial<AuthorizationServerOptions<'read' | 'write', Person>> & { readonly clock?: FakeClock }

/** An authorization server that is spelled out, whose people are the host's. */
export async function consentHost(options: Options = {}, clients: readonly TestClient[] = [app]) {
  const store = options.store ?? memoryStore()
  const clock = options.clock ?? fakeClock()
  for (const client of clients) await store.clients.save(await clientFrom(client))
  const server = new AuthorizationServer({
    issuer,
    secrets: ['s'.repeat(32)],
    hasher: fastHasher,
    scopes: { read: { description: 'Read your things', default: true }, write: 'Change your things' },
    users: { find: (id) => [ada, bob].find((person) => String(person.id) === id) },
    ...options,
    store,
    clock,
  })
  return { server, store, clock }
}

export const authorizeUrl = (more: Record<string, string> = {}): string =>
  `${issuer}/authorize?${new URLSearchParams({
    response_type: 'code',
    client_id: 'app',
    redirect_uri: 'https://client.example/cb',
    scope: 'read write',
    state: 'a state',
    code_challenge: pkcePair.challenge,
    code_challenge_method: 'S256',
    ...more,
  })}`

export const page = (more: Record<string, string> = {}): Request => new Request(authorizeUrl(more))

type Fields = readonly { readonly name: string; readonly value: string }[]

/** The form of the host's page, sent. */
export const answerTo = (fields: Fields, more: Record<string, string> = {}): Request =>
  new Request(`${issuer}/authorize`, {
    method: 'POST',
    body: new URLSearchParams([...fields.map(({ name, value }) => [name, value]), ...Object.entries(more)]),
  })

export const postTo = (path: string, form: Record<string, string>): Request =>
  new Request(issuer + path, { method: 'POST', body: new URLSearchParams(form) })

export const sentBack = (answer: Response): URL => new URL(answer.headers.get('location') ?? 'nowhere:')

/** Whatever a verb throws, for what is asked of it. */
export const refusal = (promise: Promise<unknown>): Promise<ProtocolError> =>
  promise.then(
    () => Promise.reject(new Error('was not refused')),
    (error: ProtocolError) => error,
  )

type Server = Awaited<ReturnType<typeof consentHost>>['server']

/** Page and answer in one: Ada allows everything. */
export async function allowed(server: Server, more: Record<string, string> = {}): Promise<URL> {
  const { fields } = await server.getConsentGrant(page(more), { endUser: ada })
  const request = answerTo(fields)
  const grant = await server.getConsentGrant(request, { endUser: ada })
  return sentBack(await server.createAuthorizationResponse(request, { grant, grantUser: ada }))
}

/** Redeems a code of `allowed`. */
export const redeem = (server: Server, code: string): Promise<Response> =>
  server.createTokenResponse(
    postTo('/token', {
      grant_type: 'authorization_code',
      client_id: 'app',
      redirect_uri: 'https://client.example/cb',
      code,
      code_verifier: pkcePair.verifier,
    }),
  )

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly scope: string
}

export async function tokensFor(server: Server): Promise<Tokens> {
  const sent = await allowed(server)
  return (await (await redeem(server, sent.searchParams.get('code') ?? '')).json()) as Tokens
}
