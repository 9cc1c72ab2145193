import assert from 'node:assert/strict'
import { createRemoteJWKSet, customFetch } from 'jose'
import type { Resource } from '../src/core/model/resource.ts'
import { alice } from '../src/testing/authorization-visit.ts'
import { codeFor, pkcePair } from '../src/testing/code-flow.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../src/testing/test-server.ts'

/** The resource that takes JWTs. */
export const api = 'https://api.example'
export const theApi: Resource = { identifier: api, name: 'The API', token_format: 'jwt' }
const apis = [theApi]
export const job = { client_id: 'job', secret: 'a secret', introspect_any: true }
export const client = ['job', 'a secret'] as const
export const app = { client_id: 'app', grant_types: ['authorization_code', 'refresh_token'] }

export const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients: [job, app], users: [alice], resources: apis, ...options })

export interface Tokens {
  readonly access_token: string
  readonly expires_in: number
  readonly refresh_token: string
  readonly scope: string
}

export async function tokens(
  server: TestServer,
  form: Record<string, string> | string,
  by: typeof client | null = client,
) {
  const answer = await server.post('/token', form, by === null ? {} : { client: by })
  assert.equal(answer.status, 200, await answer.clone().text())
  return (await answer.json()) as Tokens
}

export const machine = { grant_type: 'client_credentials', resource: api }

export async function ofAlice(server: TestServer): Promise<Tokens> {
  const code = await codeFor(server, alice, { client_id: 'app', resource: api, scope: 'read' })
  const form = { grant_type: 'authorization_code', code, client_id: 'app', code_verifier: pkcePair.verifier }
  return tokens(server, form, null)
}

export const keySetOf = (server: TestServer) =>
  createRemoteJWKSet(new URL('https://auth.example/jwks'), {
    [customFetch]: (url, init) => server.send(new Request(url, init as RequestInit)),
  })

export async function introspected(server: TestServer, token: string): Promise<Record<string, unknown>> {
  const answer = await server.post('/introspect', { token }, { client })
  assert.equal(answer.status, 200)
  return (await answer.json()) as Record<string, unknown>
}

export const isActive = async (server: TestServer, token: string) => (await introspected(server, token)).active

export const requestWith = (token: string) => ({
  method: 'GET',
  target: '/',
  path: '/',
  query: '',
  header: (name: string) => (name === 'authorization' ? `Bearer ${token}` : undefined),
  text: async () => '',
  secure: true,
  remoteAddress: undefined,
})
