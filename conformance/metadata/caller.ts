import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { type Client, clientSecrets } from 'cardea'
import { clientFrom, formsOf, type TestClient, type UserAgent } from 'cardea/testing'
import { exportJWK, type JWK, SignJWT } from 'jose'
import { ada, type Sent, secret, type Target } from './target.ts'

export type Metadata = Readonly<Record<string, unknown>>
export type Form = Readonly<Record<string, string>>

export interface Pair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pairs: Readonly<Record<string, Pair>> = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  EdDSA: generateKeyPairSync('ed25519'),
}

/** One key for each kind of algorithm. */
export const pairFor = (alg: string): Pair => (/^[RP]S/.test(alg) ? rsa : (pairs[alg] ?? (pairs.EdDSA as Pair)))
export const jwkFor = (alg: string): Promise<JWK> => exportJWK(pairFor(alg).publicKey)

/** The PKCE pair of RFC 7636 Appendix B. */
export const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
export const challenge = {
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
}
export const redirectUri = 'https://client.example/cb'
export const sharedSecret = 'a secret of a client that an HMAC takes, even one with SHA-512, long enough'

const everyGrant = [
  ...['authorization_code', 'refresh_token', 'client_credentials', 'password', 'implicit'],
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:ietf:params:oauth:grant-type:device_code',
]

/** A client that can do whatever the metadata say, and does what they demand. */
export class Caller {
  readonly target: Target
  readonly metadata: Metadata
  readonly client: Client

  constructor(target: Target, metadata: Metadata, client: Client) {
    this.target = target
    this.metadata = metadata
    this.client = client
  }

  static async register(target: Target, metadata: Metadata, more: Partial<TestClient> = {}): Promise<Caller> {
    const client_id = randomUUID()
    const jwks = { keys: await Promise.all(['ES256', 'ES384', 'ES512', 'EdDSA', 'RS256'].map(jwkFor)) }
    const client = await clientFrom({
      client_id,
      redirect_uris: [redirectUri],
      grant_types: everyGrant,
      response_types: ['code', 'token'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: jwks as NonNullable<Client['jwks']>,
      sealed_secret: clientSecrets([secret]).seal(client_id, sharedSecret),
      introspect_any: true,
      ...more,
    })
    await target.store.clients.save(client)
    return new Caller(target, metadata, client)
  }

  endpoint(name: string): string {
    return String(this.metadata[`${name}_endpoint`])
  }

  async sign(alg: string, claims: Record<string, unknown>, header: object = {}): Promise<string> {
    const now = this.target.now()
    const key = alg.startsWith('HS') ? new TextEncoder().encode(sharedSecret) : pairFor(alg).privateKey
    return new SignJWT({ iat: now, exp: now + 60, jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg, ...header })
      .sign(key)
  }

  /** RFC 7523 §2.2. */
  async assertion(alg = 'ES256'): Promise<Record<string, string>> {
    const { client_id } = this.client
    return {
      client_id,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await this.sign(alg, { iss: client_id, sub: client_id, aud: this.target.issuer }),
    }
  }

  /** RFC 9449 §4.2. */
  async proof(htu: string, alg = 'ES256'): Promise<Record<string, string>> {
    const jwk = alg.startsWith('HS') ? { kty: 'oct', k: 'AAAA' } : await jwkFor(alg)
    return { dpop: await this.sign(alg, { htm: 'POST', htu }, { typ: 'dpop+jwt', jwk }) }
  }

  post(url: string, form: Form, sent: Sent = {}): Promise<Response> {
    return this.target.send(url, { method: 'POST', body: new URLSearchParams(form), ...sent })
  }

  /** A token request with all that this server demands. */
  async token(form: Form, credentials?: Form, sent: Sent = {}): Promise<Response> {
    const url = this.endpoint('token')
    const isBound = this.metadata.dpop_signing_alg_values_supported !== undefined
    const headers = { ...(isBound && (await this.proof(url))), ...sent.headers }
    return this.post(url, { ...(credentials ?? (await this.assertion())), ...form }, { ...sent, headers })
  }

  /** As the server wants it: plain, signed, pushed. Says where the browser goes, or what the push was refused with. */
  async requestUrl(params: Form): Promise<string | { readonly error: string }> {
    const { client_id } = this.client
    let sent: Record<string, string> = { client_id, redirect_uri: redirectUri, scope: 'read', state: 's1', ...params }
    if (this.metadata.require_signed_request_object === true) {
      const { issuer } = this.target
      const claims = { ...sent, iss: client_id, aud: issuer, nbf: this.target.now() }
      sent = { client_id, request: await this.sign('ES256', claims, { typ: 'oauth-authz-req+jwt' }) }
    }
    if (this.metadata.require_pushed_authorization_requests === true) {
      const url = this.endpoint('pushed_authorization_request')
      const answer = await this.post(url, { ...(await this.assertion()), ...sent })
      const told = (await answer.json()) as { request_uri?: string; error?: string }
      if (told.request_uri === undefined) return { error: String(told.error) }
      sent = { client_id, request_uri: told.request_uri }
    }
    return `${new URL(this.endpoint('authorization')).pathname}?${new URLSearchParams(sent)}`
  }

  /** What the client gets back, after the person has signed in and allowed it. */
  async authorize(
    params: Form,
    agent: UserAgent = this.target.agent(),
  ): Promise<Response | { readonly error: string }> {
    const url = await this.requestUrl(params)
    return typeof url === 'string' ? pressThrough(agent, await agent.get(url)) : url
  }

  async codeTokens(): Promise<Record<string, string>> {
    const answer = await this.authorize({ response_type: 'code', ...this.mode(), ...challenge })
    const code = (await answered(answer)).params.get('code') ?? ''
    const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }
    return (await (await this.token(form)).json()) as Record<string, string>
  }

  /** Where the usual way to answer is off, another one. */
  mode(): Form {
    const modes = [this.metadata.response_modes_supported].flat()
    return modes.includes('query') ? {} : { response_mode: String(modes[0]) }
  }
}

/** Signs in, allows, enters what a page suggests, until the browser is sent elsewhere or there is nothing to press. */
export async function pressThrough(agent: UserAgent, first: Response): Promise<Response> {
  let answer = await agent.follow(first)
  for (let step = 0; step < 4 && answer.status < 300; step += 1) {
    const html = await answer.clone().text()
    const form = formsOf(html).at(-1)
    if (html.includes('form-post') || form === undefined) return answer
    if (html.includes('name="password"')) answer = await agent.submit(answer, { ...ada, action: 'sign_in' })
    else if (html.includes('name="user_code"')) answer = await agent.submit(answer, { action: 'continue' })
    else answer = await agent.post(form.action, [...form.fields, ['decision', 'allow']])
    answer = await agent.follow(answer)
  }
  return answer
}

export interface Answered {
  /** In which part it came; with `.jwt` where it was signed. */
  readonly mode: string
  readonly params: URLSearchParams
  /** The JWT it came in. */
  readonly jwt?: string
}

/** Reads an authorization response in whatever mode it came. */
export async function answered(answer: Response | { readonly error: string }): Promise<Answered> {
  if (!(answer instanceof Response)) return { mode: 'push', params: new URLSearchParams(answer) }
  const location = answer.headers.get('location')
  if (location !== null) {
    const { hash, search } = new URL(location, 'https://auth.example')
    // An error ends in `#_`, so that no browser hands on the fragment of another address.
    return hash.length < 3
      ? read('query', new URLSearchParams(search))
      : read('fragment', new URLSearchParams(hash.slice(1)))
  }
  const form = formsOf(await answer.clone().text()).at(-1)
  return read('form_post', new URLSearchParams((form?.fields ?? []).map(([name, value]) => [name, value])))
}

function read(mode: string, params: URLSearchParams): Answered {
  const jwt = params.get('response')
  if (jwt === null) return { mode, params }
  const payload = jwt.split('.').length === 3 ? Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString() : '{}'
  return { mode: `${mode}.jwt`, params: new URLSearchParams(JSON.parse(payload) as Form), jwt }
}
