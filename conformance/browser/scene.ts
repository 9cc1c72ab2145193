import { createHash } from 'node:crypto'
import type { TestContext } from 'node:test'
import type { TestClient, TestUser } from 'cardea/testing'
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  startAuthorizationServer,
} from '../servers/authorization-server.ts'
import { type ClientApplication, startClientApplication } from '../servers/client-application.ts'

export const john: TestUser = { id: 'u-john', username: 'john@doe.example', password: 'correct horse battery' }
export const mary: TestUser = { id: 'u-mary', username: 'mary@major.example', password: 'staple of her own' }

const verifier = 'a-verifier-of-forty-three-characters-or-more'
const challenge = createHash('sha256').update(verifier).digest('base64url')

/** A server, one public client on a site of its own, and two people. */
export interface Scene extends AuthorizationServer {
  readonly app: ClientApplication
  /** An authorization request of the client: code with PKCE for `read write`, unless told otherwise. */
  authorizeUrl(params?: Record<string, string>): string
  /** The client's page with a link to that request. */
  startUrl(params?: Record<string, string>): string
  /** Has a television ask to be allowed, and returns its code (RFC 8628 §3.2). */
  userCode(scope?: string): Promise<string>
  /** Exchanges a code for a token and asks the server about it. */
  redeem(code: string | null, redirectUri?: string): Promise<Redeemed>
}

export interface Redeemed {
  readonly status: number
  readonly scope?: string
  /** Who the token stands for. */
  readonly sub?: string
}

const clientId = 'little-app'

const television: TestClient = {
  client_id: 'television',
  client_name: 'Living Room Television',
  client_uri: 'https://television.example/',
  redirect_uris: [],
  response_types: [],
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
}

export interface SceneOptions extends AuthorizationServerOptions {
  readonly client?: Partial<TestClient>
}

export async function openScene(t: TestContext, { client, ...options }: SceneOptions = {}): Promise<Scene> {
  const app = await startClientApplication(t)
  const little: TestClient = {
    client_id: clientId,
    client_name: 'Little App',
    client_uri: 'https://little-app.example/',
    policy_uri: 'https://little-app.example/privacy',
    application_type: 'native', // http on loopback is for these only
    redirect_uris: [app.redirectUri],
    grant_types: ['authorization_code', 'refresh_token', 'implicit'],
    response_types: ['code', 'token'],
    ...client,
  }
  const auditor: TestClient = { client_id: 'auditor', secret: 'auditor secret', introspect_any: true }
  const clients = [little, auditor, television]
  const as = await startAuthorizationServer(t, { deviceGrant: true, ...options, clients, users: [john, mary] })
  const authorizeUrl: Scene['authorizeUrl'] = (params = {}) => {
    const defaults = {
      client_id: clientId,
      response_type: 'code',
      redirect_uri: app.redirectUri,
      scope: 'read write',
      state: 'some state',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    }
    return `${as.issuer}/authorize?${new URLSearchParams({ ...defaults, ...params })}`
  }
  return {
    ...as,
    app,
    authorizeUrl,
    startUrl: (params) => `${app.origin}/start?${new URLSearchParams({ to: authorizeUrl(params) })}`,
    async userCode(scope = 'read write') {
      const answer = await as.server.post('/device_authorization', { client_id: television.client_id, scope })
      return ((await answer.json()) as { user_code: string }).user_code
    },
    async redeem(code, redirectUri = app.redirectUri) {
      const form = {
        grant_type: 'authorization_code',
        client_id: clientId,
        code: code ?? '',
        redirect_uri: redirectUri,
      }
      const credentials = client?.secret === undefined ? {} : { client: [clientId, client.secret] as const }
      const answer = await as.server.post('/token', { ...form, code_verifier: verifier }, credentials)
      const { access_token: token, scope } = (await answer.json()) as Record<string, string>
      if (token === undefined) return { status: answer.status }
      const asked = await as.server.post('/introspect', { token }, { client: ['auditor', 'auditor secret'] })
      const { sub } = (await asked.json()) as { sub?: string }
      return { status: answer.status, ...(scope !== undefined && { scope }), ...(sub !== undefined && { sub }) }
    },
  }
}
