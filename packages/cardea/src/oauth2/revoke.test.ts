import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeFor, pkcePair } from '../testing/code-flow.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../testing/test-server.ts'

const user = { id: 'u1', username: 'ada', password: 'correct horse' }
const clients: TestServerOptions['clients'] = [
  { client_id: 'web', secret: 'web-secret', introspect_any: true },
  { client_id: 'other', secret: 'other-secret' },
  { client_id: 'app' },
]
const web = ['web', 'web-secret'] as const
const other = ['other', 'other-secret'] as const

const start = (): Promise<TestServer> => startTestServer({ clients, users: [user] })

async function tokens(server: TestServer, client_id = 'web') {
  const code = await codeFor(server, user, { client_id })
  const form = { grant_type: 'authorization_code', code, code_verifier: pkcePair.verifier, client_id }
  return (await server.post('/token', form, client_id === 'web' ? { client: web } : {})).json()
}

const revoke = (server: TestServer, form: Record<string, string>, client: readonly [string, string] = web) =>
  server.post('/revoke', form, { client })

const isActive = async (server: TestServer, token: string): Promise<boolean> =>
  (await (await server.post('/introspect', { token }, { client: web })).json()).active

async function mustSucceed(answer: Response): Promise<void> {
  assert.deepEqual([answer.status, await answer.json()], [200, {}])
}

test('RFC 7009 §2.1: an access token ends, its refresh token and siblings live on', async () => {
  const server = await start()
  const { access_token, refresh_token } = await tokens(server)
  const sibling = await (
    await server.post('/token', { grant_type: 'refresh_token', refresh_token }, { client: web })
  ).json()
  await mustSucceed(await revoke(server, { token: access_token }))
  assert.equal(await isActive(server, access_token), false)
  assert.equal(await isActive(server, sibling.access_token), true)
  assert.equal(await isActive(server, sibling.refresh_token), true)
})

test('RFC 7009 §2.1: with a refresh token its access tokens end too', async () => {
  const server = await start()
  const { access_token, refresh_token } = await tokens(server)
  await mustSucceed(await revoke(server, { token: refresh_token }))
  assert.deepEqual([await isActive(server, access_token), await isActive(server, refresh_token)], [false, false])
})

test('RFC 7009 §2.1: a rotated refresh token still names the family to end', async () => {
  const server = await start()
  const { refresh_token } = await tokens(server)
  const next = await (
    await server.post('/token', { grant_type: 'refresh_token', refresh_token }, { client: web })
  ).json()
  await mustSucceed(await revoke(server, { token: refresh_token }))
  assert.deepEqual(
    [await isActive(server, next.access_token), await isActive(server, next.refresh_token)],
    [false, false],
  )
})

test('RFC 7009 §2.2: unknown, revoked and malformed tokens are answered by 200 as well', async () => {
  const server = await start()
  const { access_token } = await tokens(server)
  await mustSucceed(await revoke(server, { token: access_token }))
  await mustSucceed(await revoke(server, { token: access_token }))
  await mustSucceed(await revoke(server, { token: 'nope' }))
  await mustSucceed(await revoke(server, { token: `${access_token}x` }))
})

test('RFC 7009 §2.1: a token is required', async () => {
  const answer = await revoke(await start(), {})
  assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_request'])
})

test('RFC 7009 §2.1: a token of another client is refused and lives on', async () => {
  const server = await start()
  const { access_token, refresh_token } = await tokens(server)
  for (const token of [access_token, refresh_token]) {
    const answer = await revoke(server, { token }, other)
    assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_grant'])
    assert.equal(await isActive(server, token), true)
  }
})

for (const hint of ['access_token', 'refresh_token', 'id_token', 'bogus', '__proto__']) {
  test(`RFC 7009 §2.1: token_type_hint ${hint} hides neither kind of token`, async () => {
    const server = await start()
    const { access_token, refresh_token } = await tokens(server)
    await mustSucceed(await revoke(server, { token: access_token, token_type_hint: hint }))
    assert.equal(await isActive(server, access_token), false)
    await mustSucceed(await revoke(server, { token: refresh_token, token_type_hint: hint }))
    assert.equal(await isActive(server, refresh_token), false)
  })
}

test('RFC 7009 §2: a public client revokes its own tokens, and nobody without naming it', async () => {
  const server = await start()
  const { access_token, refresh_token } = await tokens(server, 'app')
  assert.equal((await server.post('/revoke', { token: refresh_token })).status, 401)
  assert.equal(await isActive(server, access_token), true)
  await mustSucceed(await server.post('/revoke', { token: refresh_token, client_id: 'app' }))
  assert.equal(await isActive(server, access_token), false)
})

test('RFC 7009 §2.1: only POST', async () => {
  const server = await start()
  const answer = await server.send(new Request(`${server.origin}/revoke?token=x`))
  assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'POST'])
})

test('RFC 7009 §2.1: what was ended is reported, once', async () => {
  const server = await start()
  const { access_token, refresh_token } = await tokens(server)
  for (const token of [access_token, access_token, refresh_token, refresh_token]) await revoke(server, { token })
  const types = server.events.map(({ type }) => type)
  assert.equal(types.filter((type) => type === 'token_revoked').length, 1)
  assert.equal(types.filter((type) => type === 'authorization_revoked').length, 1)
})
