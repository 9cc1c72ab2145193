import { fetchProtector } from '../adapters/fetch.ts'
import { keyringFrom } from '../core/crypto/keyring.ts'
import type { OAuth1Registration } from '../core/model/client.ts'
import { sealedAs } from '../oauth1/secret-purposes.ts'
import { type SignedRequest, type Signing, signRequest, type UnsignedRequest } from '../oauth1/sign.ts'
import { hmacSha1, type SigningKeys } from '../oauth1/signature-methods.ts'
import { alice, bob } from './authorization-visit.ts'
import { type AuthorizeOptions, authorize } from './code-flow.ts'
import {
  startTestServer,
  type TestClient,
  type TestServer,
  type TestServerOptions,
  type TestUser,
} from './test-server.ts'

/** Secrets of every server that `startOAuth1Server` starts, so that clients can be registered before it is. */
export const oauth1ServerSecrets = ['a secret of servers in tests, long enough']

export const callback = 'https://client.example/cb?kept=1'
export const consumerKey = 'printer'
export const consumerSecret = 'kd94hf93k423kf44'

export type TestRegistration = Partial<OAuth1Registration> & { readonly secret?: string }

/** A client of OAuth 1 with a shared secret, unless the registration says otherwise. */
export function oauth1Client(
  client_id: string,
  { secret, ...registration }: TestRegistration = {},
  more: Partial<TestClient> = {},
): TestClient {
  const sealed =
    secret === undefined ? undefined : keyringFrom(oauth1ServerSecrets).seal(sealedAs.client, secret, client_id)
  return {
    client_id,
    redirect_uris: [],
    grant_types: [],
    response_types: [],
    ...more,
    oauth1: { callbacks: [callback], ...(sealed !== undefined && { sealed_secret: sealed }), ...registration },
  }
}

/** OAuth 1 is on; `printer` and `scanner` are its clients, alice and bob its users. */
export const startOAuth1Server = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({
    secrets: oauth1ServerSecrets,
    oauth1: true,
    users: [alice, bob],
    ...options,
    clients: [
      oauth1Client(consumerKey, { secret: consumerSecret }),
      oauth1Client('scanner', { secret: 'scanner-secret' }),
      ...(options.clients ?? []),
    ],
  })

/** Keys of a signer who holds the credentials of `printer`, and those of a token where there is one. */
export interface Credentials {
  readonly token: string
  readonly secret: string
}

export interface OAuth1Request extends Partial<Omit<Signing, 'token'>> {
  readonly credentials?: Credentials
  readonly method?: string
  readonly body?: string
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Changes the signed request before it is sent. */
  readonly tamper?: (signed: SignedRequest) => Partial<SignedRequest>
}

let nonces = 0
/** A nonce that no other request of this process has. */
export const freshNonce = (): string => {
  nonces += 1
  return `nonce-${nonces}`
}

/** A request for a path or an absolute URL, signed by `printer` with HMAC-SHA1 unless told otherwise. */
export function signedFor(server: TestServer, target: string, request: OAuth1Request = {}): SignedRequest {
  const { credentials, method = 'POST', body, contentType, parameters = {}, keys, ...signing } = request
  const unsigned: UnsignedRequest = {
    method,
    url: new URL(target, server.origin).href,
    ...(body !== undefined && { body, contentType: contentType ?? 'application/x-www-form-urlencoded' }),
    ...(contentType !== undefined && { contentType }),
  }
  const shared: SigningKeys = {
    clientSecret: consumerSecret,
    ...(credentials !== undefined && { tokenSecret: credentials.secret }),
  }
  return signRequest(unsigned, {
    consumerKey,
    signatureMethod: hmacSha1,
    timestamp: server.clock.now(),
    nonce: freshNonce(),
    ...signing,
    keys: { ...shared, ...keys },
    ...(credentials !== undefined && { token: credentials.token }),
    parameters,
  })
}

/** As a Web Request, with what the test changes on the way. */
export function requestOf(signed: SignedRequest, { headers, tamper }: OAuth1Request = {}): Request {
  const { body, headers: own, method, url } = { ...signed, ...tamper?.(signed) }
  return new Request(url, { method, headers: { ...own, ...headers }, ...(body !== undefined && { body }) })
}

export const sendSigned = (server: TestServer, target: string, request: OAuth1Request = {}): Promise<Response> =>
  server.send(requestOf(signedFor(server, target, request), request))

/** Members of a form-encoded answer. */
export const membersOf = async (answer: Response): Promise<Record<string, string>> =>
  Object.fromEntries(new URLSearchParams(await answer.text()))

async function credentialsFrom(answer: Response): Promise<Credentials> {
  const { oauth_token = '', oauth_token_secret = '', ...rest } = await membersOf(answer)
  if (answer.status !== 200) throw new Error(`no credentials but ${answer.status} ${JSON.stringify(rest)}`)
  return { token: oauth_token, secret: oauth_token_secret }
}

/** RFC 5849 §2.1. */
export const initiate = (server: TestServer, request: OAuth1Request = {}): Promise<Response> =>
  sendSigned(server, '/oauth1/initiate', {
    ...request,
    parameters: { oauth_callback: callback, ...request.parameters },
  })

export const temporaryFor = async (server: TestServer, request?: OAuth1Request): Promise<Credentials> =>
  credentialsFrom(await initiate(server, request))

/** RFC 5849 §2.2: that user signs in and allows all; returns where the browser is sent. */
export const approve = (
  server: TestServer,
  { token }: Credentials,
  user: TestUser = alice,
  options: AuthorizeOptions = {},
): Promise<URL> => authorize(server, user, { oauth_token: token }, { path: '/oauth1/authorize', ...options })

export interface Approved {
  readonly temporary: Credentials
  readonly verifier: string
}

/** A temporary credential that the user has approved. */
export async function approvedFor(server: TestServer, request?: OAuth1Request, user?: TestUser): Promise<Approved> {
  const temporary = await temporaryFor(server, request)
  const sent = await approve(server, temporary, user)
  return { temporary, verifier: sent.searchParams.get('oauth_verifier') ?? '' }
}

/** RFC 5849 §2.3. */
export const exchange = (
  server: TestServer,
  { temporary, verifier }: Approved,
  request: OAuth1Request = {},
): Promise<Response> =>
  sendSigned(server, '/oauth1/token', {
    credentials: temporary,
    ...request,
    parameters: { oauth_verifier: verifier, ...request.parameters },
  })

/** A token credential, by way of all three legs. */
export async function tokenFor(server: TestServer, request: OAuth1Request = {}, user?: TestUser): Promise<Credentials> {
  const approved = await approvedFor(server, request, user)
  const { parameters: _, ...again } = request
  return credentialsFrom(await exchange(server, approved, again))
}

/** What an OAuth 1 endpoint refused with, such as `401 invalid_client`, and `200` for what it did not. */
export async function outcomeOf(answer: Response): Promise<string> {
  const text = await answer.clone().text()
  const isJson = answer.headers.get('content-type')?.startsWith('application/json')
  const error = isJson ? JSON.parse(text).error : new URLSearchParams(text).get('error')
  return error ? `${answer.status} ${error}` : String(answer.status)
}

/** The `error_description` of a form-encoded refusal. */
export const descriptionOf = async (answer: Response): Promise<string> =>
  (await membersOf(answer.clone())).error_description ?? ''

/** A signed GET of a protected resource of the server's own origin, which answers `in` to whom it lets in. */
export const resource = (server: TestServer, request: OAuth1Request = {}, need?: string): Promise<Response> => {
  const { requireOAuth } = fetchProtector(server.provider)
  const signed = signedFor(server, '/photos?file=vacation.jpg', { method: 'GET', ...request })
  return requireOAuth(need, () => new Response('in'))(requestOf(signed, request))
}
