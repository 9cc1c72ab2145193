import { randomUUID } from 'node:crypto'
import { fetchHandler } from '../src/adapters/fetch.ts'
import type { SigningAlgorithm } from '../src/core/crypto/jose/algorithms.ts'
import { signJwt } from '../src/core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../src/core/crypto/jose/signing-key.ts'
import { type Fapi2Options, fapi2 } from '../src/presets/fapi2.ts'
import { authorize, pkcePair } from '../src/testing/code-flow.ts'
import {
  startTestServer,
  type TestClient,
  type TestServer,
  type TestServerOptions,
} from '../src/testing/test-server.ts'
import { type DpopClient, dpopClient } from './dpop-client.ts'
import { ada } from './pushing.ts'

export const bankId = 'bank-app'
export const bankCallback = 'https://client.example/cb'

type Form = Readonly<Record<string, string>>

/** What a request of the bank's app changes of a sound one. */
export interface BankRequest {
  /** Of the client assertion. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Sent in place of a fresh assertion; `none`: nothing proves the client. */
  readonly assertion?: string
  /** Shown in the TLS handshake. */
  readonly certificate?: Uint8Array
  /** Whether a DPoP proof goes with it. Default: at the token endpoint. */
  readonly dpop?: boolean
}

/** A confidential client of FAPI 2.0, and the server that it is registered at. */
export interface Bank {
  readonly server: TestServer
  readonly holder: DpopClient
  sign(claims: Readonly<Record<string, unknown>>, typ?: string): string
  assertion(claims?: Readonly<Record<string, unknown>>): string
  post(path: string, form: Form, request?: BankRequest): Promise<Response>
  push(more?: Readonly<Record<string, string | undefined>>, request?: BankRequest): Promise<Response>
  /** Where the person who allows it is sent. */
  answered(pushed: Response): Promise<URL>
  /** The answer of the token endpoint to a whole sound flow. */
  tokens(request?: BankRequest): Promise<Response>
}

/** Authorization request of the bank's app, as it pushes it. */
export const bankAsks = {
  response_type: 'code',
  redirect_uri: bankCallback,
  scope: 'read',
  state: 'st-1',
  code_challenge: pkcePair.challenge,
  code_challenge_method: 'S256',
} as const

/** Starts a server under the preset, with that app. */
export async function startBank(
  options: TestServerOptions & { readonly profile2?: Fapi2Options; readonly alg?: SigningAlgorithm } = {},
  client: Partial<TestClient> = {},
): Promise<Bank> {
  const { profile2, alg = 'ES256', clients = [], ...others } = options
  const { privateKey, publicJwk } = await generateSigningKey(alg)
  const server = await startTestServer({
    preset: fapi2(profile2),
    users: [ada],
    clients: [
      { client_id: bankId, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [publicJwk] }, ...client },
      ...clients,
    ],
    ...others,
  })
  const holder = await dpopClient(server.clock)
  const { kid } = publicJwk
  const sign: Bank['sign'] = (claims, typ = 'JWT') =>
    signJwt({ alg, privateKey, ...(typeof kid === 'string' && { kid }) }, { typ, claims: claims as never })
  const assertion: Bank['assertion'] = (claims) => {
    const now = server.clock.now()
    const all = { iss: bankId, sub: bankId, aud: 'https://auth.example', iat: now, exp: now + 60, jti: randomUUID() }
    return sign({ ...all, ...claims }, 'client-authentication+jwt')
  }
  const post: Bank['post'] = (path, form, { assertion: said, certificate, claims, dpop = path === '/token' } = {}) => {
    const proves = said ?? assertion(claims)
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    const body = new URLSearchParams({
      ...form,
      ...(proves === 'none' ? {} : { client_assertion: proves, client_assertion_type: type }),
    })
    const headers = dpop ? { dpop: holder.proof({ htu: `https://auth.example${path}` }) } : {}
    const request = new Request(`https://auth.example${path}`, { method: 'POST', body, headers })
    return fetchHandler(server.provider)(request, certificate === undefined ? {} : { clientCertificate: certificate })
  }
  const push: Bank['push'] = (more, request) => {
    const sent = Object.entries<string | undefined>({ ...bankAsks, ...more }).filter(([, value]) => value !== undefined)
    return post('/par', Object.fromEntries(sent) as Form, request)
  }
  const answered: Bank['answered'] = async (pushed) => {
    const { request_uri } = (await pushed.json()) as { request_uri: string }
    return authorize(server, ada, { client_id: bankId, request_uri })
  }
  return {
    server,
    holder,
    sign,
    assertion,
    post,
    push,
    answered,
    async tokens(request) {
      const { certificate, dpop = true } = request ?? {}
      const pushing = { dpop: false, ...(certificate !== undefined && { certificate }) }
      const code = (await answered(await push({}, pushing))).searchParams.get('code') ?? ''
      return post('/token', codeForm(code), { ...request, dpop })
    },
  }
}

export const codeForm = (code: string): Form => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: bankCallback,
  code_verifier: pkcePair.verifier,
})

export const errorOf = async (answer: Response): Promise<readonly [number, unknown]> => [
  answer.status,
  ((await answer.json()) as { error?: unknown }).error,
]
