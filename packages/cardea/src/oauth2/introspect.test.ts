import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../core/ports/store.ts'
import { memoryStore } from '../stores/memory/index.ts'
import { codeFor, pkcePair } from '../testing/code-flow.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../testing/test-server.ts'

const user = { id: 'u1', username: 'ada', password: 'correct horse' }
const clients: TestServerOptions['clients'] = [
  { client_id: 'web', secret: 'web-secret' },
  { client_id: 'other', secret: 'other-secret' },
  { client_id: 'api', secret: 'api-secret', introspect_any: true },
  { client_id: 'app' },
]
const web = ['web', 'web-secret'] as const
const other = ['other', 'other-secret'] as const
const api = ['api', 'api-secret'] as const

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients, users: [user], ...options })

async function tokens(server: TestServer) {
  const code = await codeFor(server, user, { client_id: 'web' })
  const form = { grant_type: 'authorization_code', code, code_verifier: pkcePair.verifier }
  return { code, ...(await (await server.post('/token', form, { client: web })).json()) }
}

const introspect = (server: TestServer, form: Record<string, string>, client: readonly [string, string] = web) =>
  server.post('/introspect', form, { client })

const told = async (server: TestServer, token: string, client?: readonly [string, string]) =>
  (await introspect(server, { token }, client)).json()

test('RFC 7662 §2.2: an active access token is described with typed fields', async () => {
  const server = await start()
  const { access_token } = await tokens(server)
  assert.deepEqual(await told(server, access_token), {
    active: true,
    scope: 'read',
    client_id: 'web',
    username: 'ada',
    token_type: 'Bearer',
    exp: server.clock.now() + 3600,
    iat: server.clock.now(),
    sub: 'u1',
    iss: 'https://auth.example',
  })
})

test('RFC 7662 §2.2: an active refresh token is described by its own expiry, and is no Bearer token', async () => {
  const server = await start()
  const { refresh_token } = await tokens(server)
  server.clock.advance(3600)
  const answer = await told(server, refresh_token)
  assert.equal(answer.active, true)
  assert.equal(answer.exp, server.clock.now() - 3600 + 1209600)
  assert.equal('token_type' in answer, false)
})

test('RFC 7662 §2.2: of what is not active nothing but that is told, and no cache keeps it', async () => {
  const server = await start()
  const { access_token, refresh_token, code } = await tokens(server)
  const dead = ['', 'nope', code, `${access_token} `, access_token.slice(0, -1), access_token.toLowerCase()]
  for (const token of dead.slice(1)) assert.deepEqual(await told(server, token), { active: false }, token)
  server.clock.advance(3600)
  assert.deepEqual(await told(server, access_token), { active: false })
  await server.post('/revoke', { token: refresh_token }, { client: web })
  const answer = await introspect(server, { token: refresh_token })
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.deepEqual(await answer.json(), { active: false })
})

test('RFC 7662 §2.2: a rotated refresh token is not active', async () => {
  const server = await start()
  const { refresh_token } = await tokens(server)
  await server.post('/token', { grant_type: 'refresh_token', refresh_token }, { client: web })
  assert.deepEqual(await told(server, refresh_token), { active: false })
})

test('RFC 7662 §4: a client learns nothing of the tokens of another, a marked resource server of all', async () => {
  const server = await start()
  const { access_token, refresh_token } = await tokens(server)
  for (const token of [access_token, refresh_token]) {
    assert.deepEqual(await told(server, token, other), { active: false })
    assert.equal((await told(server, token, api)).active, true)
  }
})

test('RFC 7662 §2.1: the caller must authenticate; to know a client id is not enough', async () => {
  const server = await start()
  const { access_token } = await tokens(server)
  const anonymous = await server.post('/introspect', { token: access_token })
  const named = await server.post('/introspect', { token: access_token, client_id: 'app' })
  const wrong = await introspect(server, { token: access_token }, ['web', 'wrong'])
  for (const answer of [anonymous, named, wrong]) {
    assert.equal(answer.status, 401)
    assert.equal((await answer.json()).error, 'invalid_client')
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic realm=/)
  }
})

test('RFC 7662 §2.1: a token is required, and only POST', async () => {
  const server = await start()
  assert.equal((await (await introspect(server, {})).json()).error, 'invalid_request')
  const got = await server.send(new Request(`${server.origin}/introspect?token=x`))
  assert.deepEqual([got.status, got.headers.get('allow')], [405, 'POST'])
})

for (const hint of ['refresh_token', 'access_token', 'bogus']) {
  test(`RFC 7662 §2.1: token_type_hint ${hint} hides neither kind of token`, async () => {
    const server = await start()
    const { access_token, refresh_token } = await tokens(server)
    for (const token of [access_token, refresh_token]) {
      assert.equal((await (await introspect(server, { token, token_type_hint: hint })).json()).active, true)
    }
  })
}

test('RFC 7662 §2.2: a token whose client or user was disabled or deleted is not active', async () => {
  for (const end of ['disable client', 'delete client', 'disable user', 'delete user']) {
    const server = await start()
    const { access_token, refresh_token } = await tokens(server)
    const client = await server.store.clients.find('web')
    const stored = await server.store.users.find('u1')
    assert.ok(client && stored)
    if (end === 'disable client') await server.store.clients.save({ ...client, disabled: true })
    if (end === 'delete client') await server.store.clients.delete('web')
    if (end === 'disable user') await server.store.users.save({ ...stored, disabled: true })
    if (end === 'delete user') await server.store.users.delete('u1')
    assert.deepEqual(await told(server, access_token, api), { active: false }, end)
    assert.deepEqual(await told(server, refresh_token, api), { active: false }, end)
  }
})

test('RFC 7662 §2.2: a token of a client that a host disabled in clients of its own is not active', async () => {
  const store = memoryStore()
  const ended = new Set<string>()
  const find: Store['clients']['find'] = async (id) => {
    const client = await store.clients.find(id)
    return client === undefined || !ended.has(id) ? client : { ...client, disabled: true }
  }
  const server = await start({ store: { ...store, clients: { ...store.clients, find } } })
  const { access_token, refresh_token } = await tokens(server)
  ended.add('web')
  assert.deepEqual(await told(server, access_token, api), { active: false })
  assert.deepEqual(await told(server, refresh_token, api), { active: false })
})

test('RFC 7662 §2.2: a token of a user whom the host no longer knows is not active', async () => {
  const present = new Set(['u1'])
  const account = { id: 'u1', username: 'ada' }
  const accounts = {
    inStore: false,
    find: async (id: string) => (present.has(id) ? account : undefined),
    authenticate: async () => account,
  }
  const server = await start({ users: [], accounts })
  const { access_token } = await tokens(server)
  assert.equal((await told(server, access_token)).active, true)
  present.clear()
  assert.deepEqual(await told(server, access_token), { active: false })
})

test('RFC 7662 §4: scripts of other sites cannot read the answer', async () => {
  const server = await start()
  const headers = { origin: 'https://spa.example' }
  const answer = await server.post('/introspect', { token: 'x' }, { client: web, headers })
  assert.deepEqual([answer.status, answer.headers.get('access-control-allow-origin')], [200, null])
})
