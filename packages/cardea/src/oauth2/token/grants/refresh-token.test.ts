import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeFor, pkcePair } from '../../../testing/code-flow.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../../testing/test-server.ts'

const user = { id: 'u1', username: 'ada', password: 'correct horse' }
const clients: TestServerOptions['clients'] = [
  { client_id: 'web', secret: 'web-secret' },
  { client_id: 'other', secret: 'other-secret' },
  { client_id: 'app' },
  { client_id: 'no-refresh', secret: 'nr-secret', grant_types: ['authorization_code'] },
]
const web = ['web', 'web-secret'] as const

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients, users: [user], ...options })

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly scope: string
  readonly expires_in: number
}

async function firstTokens(server: TestServer, client_id = 'web', scope = 'read write'): Promise<Tokens> {
  const code = await codeFor(server, user, { client_id, scope })
  const form = { grant_type: 'authorization_code', code, code_verifier: pkcePair.verifier }
  const answer = await (client_id === 'web'
    ? server.post('/token', form, { client: web })
    : server.post('/token', { ...form, client_id }))
  assert.equal(answer.status, 200)
  return answer.json()
}

const refresh = (server: TestServer, refresh_token: string, more: Record<string, string> = {}, client = web) =>
  server.post('/token', { grant_type: 'refresh_token', refresh_token, ...more }, { client })

async function refreshed(server: TestServer, refresh_token: string, more?: Record<string, string>): Promise<Tokens> {
  const answer = await refresh(server, refresh_token, more)
  assert.equal(answer.status, 200)
  return answer.json()
}

const refusal = async (response: Response): Promise<[number, string]> => [
  response.status,
  (await response.json()).error,
]

const isActive = async (server: TestServer, token: string): Promise<boolean> =>
  (await (await server.post('/introspect', { token }, { client: web })).json()).active

test('RFC 6749 §6: a refresh token buys a new pair, and the old access token lives on', async () => {
  const server = await start()
  const first = await firstTokens(server)
  server.clock.advance(10)
  const second = await refreshed(server, first.refresh_token)
  assert.notEqual(second.access_token, first.access_token)
  assert.notEqual(second.refresh_token, first.refresh_token)
  assert.equal(second.scope, 'read write')
  assert.equal(second.expires_in, 3600)
  assert.equal(await isActive(server, first.access_token), true)
  assert.equal(await isActive(server, second.access_token), true)
})

test('RFC 6749 §6: the token is required', async () => {
  const server = await start()
  assert.deepEqual(await refusal(await refresh(server, '')), [400, 'invalid_request'])
})

test('RFC 6749 §5.2: unknown tokens, and tokens of another kind, are an invalid grant', async () => {
  const server = await start()
  const { access_token, refresh_token } = await firstTokens(server)
  const changed = [
    access_token,
    'garbage',
    refresh_token.slice(0, -1),
    `${refresh_token}a`,
    ` ${refresh_token}`,
    `${refresh_token}\n`,
    refresh_token.toUpperCase(),
    refresh_token.replace(/^crt_/, 'cat_'),
  ]
  for (const token of changed) {
    assert.deepEqual(await refusal(await refresh(server, token)), [400, 'invalid_grant'], token)
  }
  assert.equal((await refresh(server, refresh_token)).status, 200)
})

test('RFC 6749 §6: another client can neither use nor destroy the token', async () => {
  const server = await start()
  const { refresh_token } = await firstTokens(server)
  const stolen = await refresh(server, refresh_token, {}, ['other', 'other-secret'] as never)
  assert.deepEqual(await refusal(stolen), [400, 'invalid_grant'])
  await refreshed(server, refresh_token)
})

test('RFC 6749 §6: another client that brings a rotated token does not end the family', async () => {
  const server = await start()
  const { refresh_token } = await firstTokens(server)
  const { refresh_token: next } = await refreshed(server, refresh_token)
  server.clock.advance(100)
  const stolen = await refresh(server, refresh_token, {}, ['other', 'other-secret'] as never)
  assert.deepEqual(await refusal(stolen), [400, 'invalid_grant'])
  await refreshed(server, next)
})

test('RFC 6749 §6: a client that is not registered for the grant is unauthorized', async () => {
  const server = await start()
  const answer = await refresh(server, 'x', {}, ['no-refresh', 'nr-secret'] as never)
  assert.deepEqual(await refusal(answer), [400, 'unauthorized_client'])
})

test('RFC 6749 §6: the scope may be narrowed, and the next refresh has the whole again', async () => {
  const server = await start()
  const { refresh_token } = await firstTokens(server)
  const narrow = await refreshed(server, refresh_token, { scope: 'read' })
  assert.equal(narrow.scope, 'read')
  assert.equal((await refreshed(server, narrow.refresh_token)).scope, 'read write')
})

test('RFC 6749 §6: a wider, unknown or malformed scope is refused, and the token is not spent', async () => {
  const server = await start()
  const { refresh_token } = await firstTokens(server, 'web', 'read')
  for (const scope of ['read write', 'write', 'nonsense', 'read"']) {
    assert.deepEqual(await refusal(await refresh(server, refresh_token, { scope })), [400, 'invalid_scope'], scope)
  }
  assert.equal((await refreshed(server, refresh_token, { scope: ' ' })).scope, 'read')
})

test('RFC 6749 §6: a token that was granted without scope cannot gain one', async () => {
  const server = await start({ scopes: [] })
  const { refresh_token } = await firstTokens(server, 'web', '')
  await server.store.scopes.save({ name: 'read', description: '', is_default: true })
  assert.deepEqual(await refusal(await refresh(server, refresh_token, { scope: 'read' })), [400, 'invalid_scope'])
  assert.equal((await refreshed(server, refresh_token)).scope, undefined)
})

test('RFC 9700 §4.14.2: an idle refresh token expires; each rotation renews it', async () => {
  const server = await start({ lifetimes: { refreshToken: 1000 } })
  let { refresh_token } = await firstTokens(server)
  for (let round = 0; round < 3; round += 1) {
    server.clock.advance(999)
    refresh_token = (await refreshed(server, refresh_token)).refresh_token
  }
  server.clock.advance(1000)
  assert.deepEqual(await refusal(await refresh(server, refresh_token)), [400, 'invalid_grant'])
})

test('RFC 9700 §4.14.2: no rotation carries a family past its absolute end', async () => {
  const server = await start({ lifetimes: { refreshToken: 1000, authorization: 2500, accessToken: 900 } })
  let { refresh_token } = await firstTokens(server)
  server.clock.advance(900)
  ;({ refresh_token } = await refreshed(server, refresh_token))
  server.clock.advance(900)
  const last = await refreshed(server, refresh_token)
  assert.equal(last.expires_in, 700)
  const told = await (await server.post('/introspect', { token: last.refresh_token }, { client: web })).json()
  assert.equal(told.exp, server.clock.now() + 700)
  server.clock.advance(700)
  assert.deepEqual(await refusal(await refresh(server, last.refresh_token)), [400, 'invalid_grant'])
  assert.equal(await isActive(server, last.access_token), false)
})

test('RFC 6749 §6: a user who was disabled or deleted gets an invalid grant', async () => {
  for (const end of ['disable', 'delete'] as const) {
    const server = await start()
    const { refresh_token, access_token } = await firstTokens(server)
    const stored = await server.store.users.find('u1')
    assert.ok(stored)
    if (end === 'delete') await server.store.users.delete('u1')
    else await server.store.users.save({ ...stored, disabled: true })
    assert.deepEqual(await refusal(await refresh(server, refresh_token)), [400, 'invalid_grant'], end)
    assert.equal(await isActive(server, access_token), false, end)
  }
})

test('RFC 6749 §6: a public client refreshes by naming itself, and only its own token', async () => {
  const server = await start()
  const { refresh_token } = await firstTokens(server, 'app')
  const form = { grant_type: 'refresh_token', refresh_token }
  assert.deepEqual(await refusal(await server.post('/token', form)), [401, 'invalid_client'])
  assert.deepEqual(await refusal(await server.post('/token', form, { client: web })), [400, 'invalid_grant'])
  assert.equal((await server.post('/token', { ...form, client_id: 'app' })).status, 200)
})

test('RFC 6749 §6: rotateRefreshTokens public leaves a confidential client its token and rotates a public one', async () => {
  const server = await start({ rotateRefreshTokens: 'public' })
  const mine = await firstTokens(server)
  assert.equal((await refreshed(server, mine.refresh_token)).refresh_token, mine.refresh_token)
  assert.equal((await refreshed(server, mine.refresh_token)).refresh_token, mine.refresh_token)
  const { refresh_token } = await firstTokens(server, 'app')
  const form = { grant_type: 'refresh_token', refresh_token, client_id: 'app' }
  assert.notEqual((await (await server.post('/token', form)).json()).refresh_token, refresh_token)
})

test('RFC 6749 §6: refreshEndsAccessTokens ends the access tokens that were issued before', async () => {
  const server = await start({ compatibility: { refreshEndsAccessTokens: true } })
  const first = await firstTokens(server)
  const second = await refreshed(server, first.refresh_token)
  assert.equal(await isActive(server, first.access_token), false)
  assert.equal(await isActive(server, second.access_token), true)
})
