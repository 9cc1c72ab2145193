import { digestOf } from '../src/core/crypto/digest.ts'
import type { SigningAlgorithm } from '../src/core/crypto/jose/algorithms.ts'
import { signJwt } from '../src/core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../src/core/crypto/jose/signing-key.ts'
import { jwkThumbprint } from '../src/core/crypto/jose/thumbprint.ts'
import { codeFor, pkcePair } from '../src/testing/code-flow.ts'
import {
  startTestServer,
  type TestClient,
  type TestServer,
  type TestServerOptions,
} from '../src/testing/test-server.ts'
import { ada, shop, shopSecret } from './pushing.ts'

/** Public: whatever binds its tokens is the key alone. */
export const app: TestClient = { client_id: 'app', application_type: 'native' }

export const startDpop = ({ dpop = true, ...options }: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients: [shop, app], users: [ada], dpop, ...options })

export interface ProofClaims {
  readonly htm?: unknown
  readonly htu?: unknown
  readonly iat?: unknown
  readonly jti?: unknown
  /** In place of `ath`. */
  readonly accessToken?: string
  readonly [claim: string]: unknown
}

/** A client with a key that makes proofs (RFC 9449 §4.2). */
export interface DpopClient {
  readonly jkt: string
  readonly publicJwk: object
  /** Undefined as a claim leaves it out. */
  proof(claims?: ProofClaims, header?: Record<string, unknown> & { readonly typ?: string }): string
  /** Posts to the token endpoint with a new proof. */
  post(
    server: TestServer,
    form: Record<string, string>,
    options?: { readonly client?: readonly [string, string]; readonly claims?: ProofClaims },
  ): Promise<Response>
}

let made = 0

export async function dpopClient(clock: { now(): number }, alg: SigningAlgorithm = 'ES256'): Promise<DpopClient> {
  const { privateKey, publicJwk } = await generateSigningKey(alg)
  const { kid: _, use: __, alg: ___, ...jwk } = publicJwk
  const proof: DpopClient['proof'] = ({ accessToken, ...claims } = {}, { typ = 'dpop+jwt', ...header } = {}) => {
    made += 1
    const all = {
      jti: `proof ${made}`,
      htm: 'POST',
      htu: 'https://auth.example/token',
      iat: clock.now(),
      ...(accessToken !== undefined && { ath: digestOf(accessToken) }),
      ...claims,
    }
    return signJwt({ alg, privateKey }, { typ, header: { jwk, ...header }, claims: all as never })
  }
  return {
    jkt: jwkThumbprint(publicJwk),
    publicJwk: jwk,
    proof,
    post: (server, form, { client, claims } = {}) =>
      server.post('/token', form, { headers: { dpop: proof(claims) }, ...(client !== undefined && { client }) }),
  }
}

export interface TokenAnswer {
  readonly access_token: string
  readonly refresh_token: string
  readonly token_type: string
  readonly error: string
}

export const bodyOf = async (answer: Response): Promise<TokenAnswer> => (await answer.json()) as TokenAnswer

/** The form that redeems a fresh code. */
export async function codeForm(
  server: TestServer,
  client_id: string,
  query: Record<string, string> = {},
): Promise<Record<string, string>> {
  const code = await codeFor(server, ada, { client_id, ...query })
  const own = client_id === 'app' ? { client_id } : {}
  return { grant_type: 'authorization_code', code, code_verifier: pkcePair.verifier, ...own }
}

/** The form that refreshes as the public client. */
export const refreshForm = (refresh_token: string): Record<string, string> => ({
  grant_type: 'refresh_token',
  refresh_token,
  client_id: 'app',
})

export const machine = { grant_type: 'client_credentials' } as const

export async function introspected(server: TestServer, token: string): Promise<Record<string, unknown>> {
  return (await (await server.post('/introspect', { token }, { client: shopSecret })).json()) as Record<string, unknown>
}

/** Status, error and reason of a refusal. */
export async function refusalOf(
  server: TestServer,
  answering: Response | Promise<Response>,
): Promise<readonly [status: number, error: string, reason: string | undefined]> {
  const answer = await answering
  const told = server.events.findLast(({ type }) => type === 'request_refused')
  return [answer.status, (await bodyOf(answer)).error, told?.type === 'request_refused' ? told.reason : undefined]
}
