import type { JwtClaims } from '../src/core/crypto/jose/jwt-policy.ts'
import { signJwt } from '../src/core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../src/core/crypto/jose/signing-key.ts'
import type { TokenExchangeOptions } from '../src/oauth2/exchange/exchange-options.ts'
import { password } from '../src/oauth2/token/grants/password.ts'
import { refreshToken } from '../src/oauth2/token/grants/refresh-token.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../src/testing/test-server.ts'

export const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const typeOf = (name: string): string => `urn:ietf:params:oauth:token-type:${name}`
export const now = 1767225600
export const idp = 'https://idp.example'
export const key = await generateSigningKey('ES256')
export const user = { id: 'u1', username: 'ada', password: 'correct horse' }
export const grants = ['password', 'refresh_token', 'client_credentials', grantType]
export const api = 'https://api.example'
export const other = 'https://other.example'

export const start = (tokenExchange: boolean | TokenExchangeOptions = true, more: TestServerOptions = {}) =>
  startTestServer({
    tokenExchange,
    trustedIssuers: [{ issuer: idp, jwks: { keys: [key.publicJwk] } }],
    users: [user],
    grants: [password(), refreshToken()],
    resources: [
      { identifier: api, name: 'API' },
      { identifier: other, name: 'Other' },
    ],
    clients: [
      { client_id: 'web', secret: 's', grant_types: grants },
      { client_id: 'service', secret: 's', grant_types: grants },
      { client_id: 'reader', secret: 's', grant_types: grants, scope: 'read' },
      { client_id: 'phone', grant_types: grants },
      { client_id: 'plain', secret: 's' },
      { client_id: 'api', secret: 's', introspect_any: true },
    ],
    limits: { client: { attempts: 1_000_000, window: 300 } },
    ...more,
  })

export interface Told {
  readonly status: number
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
  readonly scope: string
  readonly error?: string
  readonly issued_token_type?: string
  readonly token_type?: string
}

export async function post(server: TestServer, form: Record<string, string> | string, clientId: string): Promise<Told> {
  const answer = await server.post('/token', form, { client: [clientId, 's'] })
  const said = (await answer.json()) as Omit<Told, 'status'>
  return { ...said, status: answer.status }
}

export const signIn = (server: TestServer, clientId = 'web', form: Record<string, string> = {}): Promise<Told> =>
  post(
    server,
    { grant_type: 'password', username: 'ada', password: 'correct horse', scope: 'read write', ...form },
    clientId,
  )

export const exchange = (server: TestServer, token: string, form: Record<string, string> = {}, clientId = 'web') =>
  post(
    server,
    { grant_type: grantType, subject_token: token, subject_token_type: typeOf('access_token'), ...form },
    clientId,
  )

export const introspect = async (server: TestServer, token: string) =>
  (await server.post('/introspect', { token }, { client: ['api', 's'] })).json()

let count = 0
export const fromIdp = (more: JwtClaims = {}): string => {
  count += 1
  const claims = {
    iss: idp,
    sub: 'u1',
    aud: 'https://auth.example',
    exp: now + 60,
    iat: now,
    jti: `x${count}`,
    ...more,
  }
  return signJwt(key, { typ: 'JWT', claims })
}
