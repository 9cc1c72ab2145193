import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchProtector } from './adapters/fetch.ts'
import { requestPath } from './testing/authorization-visit.ts'
import { startTestServer, type TestServer } from './testing/test-server.ts'

const clients = [
  { client_id: 'job', secret: 'job-secret' },
  { client_id: 'app', grant_types: ['authorization_code'] },
]
const client = ['job', 'job-secret'] as const
const grant = { grant_type: 'client_credentials' }
const madeUp = { grant_type: 'authorization_code', code: 'x' }
const gzip = { 'content-encoding': 'gzip' }

const resource = (server: TestServer, authorization: string): Promise<Response> =>
  fetchProtector(server.provider).requireOAuth(
    'write',
    () => new Response(),
  )(new Request('https://api.example/', { headers: { authorization } }))

async function bearer(server: TestServer): Promise<string> {
  const answer = await server.post('/token', grant, { client })
  return `Bearer ${((await answer.json()) as { access_token: string }).access_token}`
}

type Ask = (server: TestServer) => Promise<Response>

const cases: readonly (readonly [code: string, status: number, what: string, ask: Ask])[] = [
  ['invalid_request', 400, 'no grant type', (server) => server.post('/token', {}, { client })],
  ['invalid_client', 401, 'a wrong secret', (server) => server.post('/token', grant, { client: ['job', 'wrong'] })],
  ['invalid_client', 401, 'no client', (server) => server.post('/token', grant)],
  ['invalid_grant', 400, 'a made-up code', (server) => server.post('/token', madeUp, { client })],
  ['unauthorized_client', 400, 'another grant', (server) => server.post('/token', { ...grant, client_id: 'app' })],
  ['unsupported_grant_type', 400, 'no such grant', (server) => server.post('/token', { grant_type: 'x' }, { client })],
  ['invalid_scope', 400, 'no such scope', (server) => server.post('/token', { ...grant, scope: 'x' }, { client })],
  ['invalid_client', 401, 'no client that revokes', (server) => server.post('/revoke', { token: 'x' })],
  ['invalid_client', 401, 'no client that asks', (server) => server.post('/introspect', { token: 'x' })],
  ['method_not_allowed', 405, 'GET', (server) => server.send(new Request(`${server.origin}/token`))],
  ['not_found', 404, 'no such endpoint', (server) => server.post('/nowhere', {})],
  ['request_too_large', 413, '200 kB', (server) => server.post('/token', 'a='.padEnd(200_000, 'x'), { client })],
  [
    'unsupported_media_type',
    415,
    'a compressed form',
    (server) => server.post('/token', grant, { client, headers: gzip }),
  ],
  ['invalid_token', 401, 'a made-up token', (server) => resource(server, 'Bearer x')],
  ['invalid_request', 400, 'a header without token', (server) => resource(server, 'Bearer')],
  ['insufficient_scope', 403, 'a token for less', async (server) => resource(server, await bearer(server))],
]

for (const [code, status, what, ask] of cases) {
  test(`A2-AS-39: ${what}: ${code} is answered by ${status}`, async () => {
    const answer = await ask(await startTestServer({ clients }))
    assert.deepEqual([answer.status, ((await answer.json()) as { error: string }).error], [status, code])
  })
}

test('A2-AS-39: whatever is wrong with an authorization request, the page that tells of it is a 400', async () => {
  const server = await startTestServer({ clients })
  for (const query of [{ client_id: 'nobody' }, { client_id: undefined }, { redirect_uri: 'https://evil.example' }]) {
    const answer = await server.agent().get(requestPath(query))
    assert.deepEqual([answer.status, answer.headers.get('location')], [400, null])
  }
})
