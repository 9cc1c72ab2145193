import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestServer, type TestServer, type TestServerOptions } from '../../../testing/test-server.ts'

const clients: TestServerOptions['clients'] = [
  { client_id: 'job', secret: 'job-secret' },
  { client_id: 'app', grant_types: ['authorization_code', 'client_credentials'] },
  { client_id: 'writer', secret: 'writer-secret', scope: 'write' },
]
const job = ['job', 'job-secret'] as const

const start = (options: TestServerOptions = {}): Promise<TestServer> => startTestServer({ clients, ...options })

const ask = (server: TestServer, form: Record<string, string> = {}, client: readonly [string, string] = job) =>
  server.post('/token', { grant_type: 'client_credentials', ...form }, { client })

test('RFC 6749 §4.4.3: a client gets a token of its own, without refresh token', async () => {
  const server = await start()
  const body = await (await ask(server)).json()
  assert.deepEqual(Object.keys(body), ['access_token', 'expires_in', 'token_type', 'scope'])
})

test('RFC 6749 §4.4.3, RFC 9700 §4.15: the token has no subject that could be taken for a user', async () => {
  const server = await start()
  const { access_token } = await (await ask(server)).json()
  const told = await (await server.post('/introspect', { token: access_token }, { client: job })).json()
  assert.equal(told.active, true)
  assert.equal('sub' in told || 'username' in told, false)
})

test('RFC 6749 §4.4: a public client is refused', async () => {
  const server = await start()
  const answer = await server.post('/token', { grant_type: 'client_credentials', client_id: 'app' })
  assert.deepEqual([answer.status, (await answer.json()).error], [400, 'unauthorized_client'])
})

const scopeCases: readonly (readonly [asked: string | undefined, granted: string])[] = [
  [undefined, 'read'],
  ['', 'read'],
  ['write', 'write'],
  ['write read', 'write read'],
  ['read read', 'read'],
]
for (const [asked, granted] of scopeCases) {
  test(`RFC 6749 §3.3: asked for ${JSON.stringify(asked)}, granted ${JSON.stringify(granted)}`, async () => {
    const server = await start()
    const body = await (await ask(server, asked === undefined ? {} : { scope: asked })).json()
    assert.equal(body.scope, granted)
  })
}

for (const scope of ['nonsense', 'read nonsense', 'read"write', 'read\\', 'réad', 'READ']) {
  test(`RFC 6749 §5.2: the scope ${JSON.stringify(scope)} is invalid`, async () => {
    const server = await start()
    const answer = await ask(server, { scope })
    assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_scope'])
  })
}

test('RFC 6749 §3.3: what the client may not have is left out and the answer says so; nothing left is an error', async () => {
  const server = await start()
  const writer = ['writer', 'writer-secret'] as const
  assert.equal((await (await ask(server, { scope: 'read write' }, writer)).json()).scope, 'write')
  assert.equal((await (await ask(server, { scope: 'read' }, writer)).json()).error, 'invalid_scope')
  assert.equal((await (await ask(server, {}, writer)).json()).error, 'invalid_scope')
})

test('A2-AS-32, RFC 6749 §3.3: refuseScopeNotAllowed refuses what the client may not have instead of leaving it out', async () => {
  const server = await start({ refuseScopeNotAllowed: true })
  const writer = ['writer', 'writer-secret'] as const
  assert.equal((await (await ask(server, { scope: 'read write' }, writer)).json()).error, 'invalid_scope')
  assert.equal((await (await ask(server, { scope: 'write' }, writer)).json()).scope, 'write')
})

test('RFC 6749 §3.3: ignoreClientRequestedScope grants the default whatever is asked', async () => {
  const server = await start({ ignoreClientRequestedScope: true })
  assert.equal((await (await ask(server, { scope: 'write' })).json()).scope, 'read')
  assert.equal((await (await ask(server, { scope: 'nonsense' })).json()).scope, 'read')
})

test('RFC 6749 §3.3: dropUnknownScope leaves unknown names out, and falls back to the default', async () => {
  const server = await start({ compatibility: { dropUnknownScope: true } })
  assert.equal((await (await ask(server, { scope: 'write nonsense' })).json()).scope, 'write')
  assert.equal((await (await ask(server, { scope: 'nonsense' })).json()).scope, 'read')
})

test('RFC 6749 §5.1: the lifetime of access tokens is an option and what the answer says', async () => {
  const server = await start({ lifetimes: { accessToken: 120 } })
  const { access_token, expires_in } = await (await ask(server)).json()
  assert.equal(expires_in, 120)
  const isActive = async (): Promise<boolean> =>
    (await (await server.post('/introspect', { token: access_token }, { client: job })).json()).active
  server.clock.advance(119)
  assert.equal(await isActive(), true)
  server.clock.advance(1)
  assert.equal(await isActive(), false)
})

test('RFC 6749 §5.1: with a lifetime of 0 there is no expires_in and the token does not expire', async () => {
  const server = await start({ lifetimes: { accessToken: 0 } })
  const body = await (await ask(server)).json()
  assert.equal('expires_in' in body, false)
  server.clock.advance(100 * 365 * 86400)
  const told = await (await server.post('/introspect', { token: body.access_token }, { client: job })).json()
  assert.deepEqual([told.active, 'exp' in told], [true, false])
})

test('RFC 6749 §6: a refresh token that refreshTokenForEveryGrant hands out can be used', async () => {
  const server = await start({
    compatibility: { refreshTokenForEveryGrant: true },
    clients: [{ client_id: 'job', secret: 'job-secret', grant_types: ['client_credentials'], response_types: [] }],
  })
  const { refresh_token } = await (await ask(server)).json()
  const answer = await server.post('/token', { grant_type: 'refresh_token', refresh_token }, { client: job })
  assert.equal(answer.status, 200)
})
