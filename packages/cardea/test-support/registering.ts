import { digestOf } from '../src/core/crypto/digest.ts'
import { mintToken } from '../src/core/crypto/token-text.ts'
import type { InitialAccessToken } from '../src/core/model/initial-access-token.ts'
import type { RegistrationOptions } from '../src/oauth2/registration/registration-options.ts'
import { alice, bob } from '../src/testing/authorization-visit.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../src/testing/test-server.ts'

export const startRegistering = (
  registration: Partial<RegistrationOptions> = {},
  options: TestServerOptions = {},
): Promise<TestServer> =>
  startTestServer({ users: [alice, bob], registration: { mode: 'open', ...registration }, ...options })

/** What an ordinary web application registers. */
export const webMetadata = { redirect_uris: ['https://app.example/cb'], client_name: 'An app' } as const

/** What a registration, or a request for one, is answered with. */
export interface Registered extends Readonly<Record<string, unknown>> {
  readonly client_id: string
  readonly client_secret?: string
  readonly registration_client_uri: string
  readonly registration_access_token: string
}

export interface SendOptions {
  readonly token?: string | undefined
  readonly headers?: Record<string, string>
  readonly remoteAddress?: string
}

/** Sends JSON; a text goes as it is. */
export async function sendJson(
  server: TestServer,
  method: string,
  url: string,
  body: unknown,
  { token, headers, remoteAddress }: SendOptions = {},
): Promise<Response> {
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body)
  return server.send(
    new Request(new URL(url, server.origin), {
      method,
      ...(text !== undefined && { body: text }),
      headers: {
        ...(text !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
    }),
    remoteAddress,
  )
}

export const post = (server: TestServer, body: unknown, options?: SendOptions): Promise<Response> =>
  sendJson(server, 'POST', '/register', body, options)

/** Registers a client that is taken. */
export async function registered(
  server: TestServer,
  metadata: Readonly<Record<string, unknown>> = webMetadata,
  options?: SendOptions,
): Promise<Registered> {
  const answer = await post(server, metadata, options)
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Registered
}

/** Status, error and description of a refusal. */
export async function refusal(answer: Response): Promise<readonly [number, unknown, string]> {
  const { error, error_description: description = '' } = (await answer.json()) as Record<string, string>
  return [answer.status, error, description]
}

/** Asks for a client at its own address, as that client unless a token is given. */
export const manage = (
  server: TestServer,
  method: string,
  client: Registered,
  body?: unknown,
  options: SendOptions = {},
): Promise<Response> =>
  sendJson(server, method, client.registration_client_uri, body, {
    token: client.registration_access_token,
    ...options,
  })

/** The metadata of a client as RFC 7592 §2.2 has them sent back. */
export function updateOf(client: Registered, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const {
    registration_access_token: _token,
    registration_client_uri: _uri,
    client_secret_expires_at: _expires,
    client_id_issued_at: _issued,
    ...metadata
  } = client
  return { ...metadata, ...changes }
}

/** An initial access token that is kept in the store. */
export async function initialAccessToken(server: TestServer, more: Partial<InitialAccessToken> = {}): Promise<string> {
  const token = mintToken('initialAccess')
  await server.store.initialAccessTokens.save({
    digest: digestOf(token),
    label: 'a partner',
    createdAt: server.clock.now(),
    ...more,
  })
  return token
}
