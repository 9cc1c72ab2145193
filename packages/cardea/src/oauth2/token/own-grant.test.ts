import assert from 'node:assert/strict'
import { test } from 'node:test'
import { invalidGrant } from '../../core/spec/errors.ts'
import { required } from '../../http/params.ts'
import { basic, startTestServer, type TestServer } from '../../testing/test-server.ts'
import type { Grant } from './grant.ts'
import { clientCredentials } from './grants/client-credentials.ts'
import { refreshToken } from './grants/refresh-token.ts'

const type = 'urn:example:grant-type:badge'

interface Seen {
  readonly clientId: string
  readonly grantType: string
  readonly clientAuthMethod: string
  readonly badge: string
  readonly header: string | undefined
  readonly scope: readonly string[]
}

/** People hold a badge to a reader, which is a client. */
function badge(seen: Seen[] = []): Grant {
  return {
    type,
    publicClients: false,
    async handle(request) {
      const { client, grantType, clientAuthMethod, params } = request
      const badge = required(params, 'badge')
      const scope = await request.allowedScope(params.get('scope'))
      const header = request.request.header('x-reader')
      seen.push({ clientId: client.client_id, grantType, clientAuthMethod, badge, header, scope })
      if (badge !== 'ada-badge') throw invalidGrant('unknown_badge', 'Nobody has this badge')
      return request.issue({ userId: 'u1', scope })
    },
  }
}

const start = (grant: Grant): Promise<TestServer> =>
  startTestServer({
    grants: [grant, clientCredentials(), refreshToken()],
    users: [{ id: 'u1', username: 'ada', password: 'correct horse' }],
    clients: [
      {
        client_id: 'reader',
        secret: 'r',
        grant_types: [type, 'refresh_token'],
        response_types: [],
        introspect_any: true,
      },
      { client_id: 'once', secret: 'o', grant_types: [type], response_types: [], scope: 'read' },
      { client_id: 'other', secret: 'o', grant_types: ['client_credentials'], response_types: [] },
      { client_id: 'app', grant_types: [type], response_types: [] },
    ],
  })

const reader = ['reader', 'r'] as const

type Answer = Partial<Record<'access_token' | 'refresh_token' | 'scope' | 'error' | 'error_description', string>>

async function ask(server: TestServer, form: Record<string, string>, client: readonly [string, string] = reader) {
  const answer = await server.post('/token', { grant_type: type, ...form }, { client, headers: { 'x-reader': 'door' } })
  return { status: answer.status, ...((await answer.json()) as Answer) }
}

test('A2-AS-03: a grant of the host answers its grant type with tokens that work everywhere', async () => {
  const server = await start(badge())
  const { access_token: token = '', refresh_token = '', scope } = await ask(server, { badge: 'ada-badge' })
  assert.equal(scope, 'read')
  const asked = await server.post('/introspect', { token }, { client: reader })
  assert.deepEqual((({ active, sub, client_id }) => ({ active, sub, client_id }))(await asked.json()), {
    active: true,
    sub: 'u1',
    client_id: 'reader',
  })
  const renewed = await server.post('/token', { grant_type: 'refresh_token', refresh_token }, { client: reader })
  assert.equal(renewed.status, 200)
  assert.equal((await server.post('/revoke', { token: refresh_token }, { client: reader })).status, 200)
  const after = await server.post('/introspect', { token }, { client: reader })
  assert.deepEqual(await after.json(), { active: false })
})

test('A2-AS-35: a grant sees client, how it authenticated, its own parameters, headers and the scope that is left', async () => {
  const seen: Seen[] = []
  const server = await start(badge(seen))
  await ask(server, { badge: 'ada-badge', scope: 'write read' }, ['once', 'o'])
  assert.deepEqual(seen, [
    {
      clientId: 'once',
      grantType: type,
      clientAuthMethod: 'client_secret_basic',
      badge: 'ada-badge',
      header: 'door',
      scope: ['read'],
    },
  ])
})

test('A2-AS-03: what holds for every grant holds for one of the host: authentication, registration, scope, refresh', async () => {
  const seen: Seen[] = []
  const server = await start(badge(seen))
  const good = { badge: 'ada-badge' }
  const outcome = async (form: Record<string, string>, client?: readonly [string, string]) => {
    const { status, error } = await ask(server, form, client)
    return [status, error]
  }
  assert.deepEqual(await outcome(good, ['reader', 'wrong']), [401, 'invalid_client'])
  assert.deepEqual(await outcome(good, ['other', 'o']), [400, 'unauthorized_client'])
  const byPublic = await server.post('/token', { grant_type: type, ...good, client_id: 'app' })
  assert.equal(((await byPublic.json()) as { error: string }).error, 'unauthorized_client')
  assert.deepEqual(seen, [])
  assert.deepEqual(await outcome({}), [400, 'invalid_request'])
  assert.deepEqual(await outcome({ badge: 'stolen' }), [400, 'invalid_grant'])
  assert.deepEqual(await outcome({ ...good, scope: 'nonsense' }), [400, 'invalid_scope'])
  const once = await ask(server, good, ['once', 'o'])
  assert.deepEqual([once.status, once.refresh_token], [200, undefined])
})

test('A2-AS-03: metadata names the grant of the host, and another server does not know it', async () => {
  const server = await start(badge())
  const metadata = await (await server.agent().get('/.well-known/oauth-authorization-server')).json()
  assert.ok((metadata as { grant_types_supported: string[] }).grant_types_supported.includes(type))
  const without = await startTestServer({ clients: [{ client_id: 'reader', secret: 'r', grant_types: [type] }] })
  const headers = { authorization: basic('reader', 'r') }
  const answer = await without.post('/token', { grant_type: type, badge: 'ada-badge' }, { headers })
  assert.deepEqual([answer.status, ((await answer.json()) as { error: string }).error], [400, 'unsupported_grant_type'])
})

test('A2-AS-03: a grant of the host that fails is a server_error without detail, and an event tells the cause', async () => {
  const broken: Grant = { ...badge(), handle: async () => Promise.reject(new Error('reader 7 is offline')) }
  const server = await start(broken)
  const { status, error, error_description: said } = await ask(server, { badge: 'x' })
  assert.deepEqual([status, error], [500, 'server_error'])
  assert.doesNotMatch(said ?? '', /reader 7/)
  const told = server.events.find((event) => event.type === 'internal_error')
  assert.ok(told?.type === 'internal_error' && told.error instanceof Error)
  assert.equal(told.error.message, 'reader 7 is offline')
})
