import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeFor, pkcePair } from '../../../testing/code-flow.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../../testing/test-server.ts'

const user = { id: 'u1', username: 'ada', password: 'correct horse' }
const web = ['web', 'web-secret'] as const
const oldSecret = 'the first secret of the server, 32+ characters'

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients: [{ client_id: 'web', secret: 'web-secret' }], users: [user], ...options })

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly scope: string
}

async function firstTokens(server: TestServer): Promise<Tokens> {
  const code = await codeFor(server, user, { client_id: 'web', scope: 'read write' })
  const form = { grant_type: 'authorization_code', code, code_verifier: pkcePair.verifier }
  return (await server.post('/token', form, { client: web })).json()
}

const refresh = (server: TestServer, refresh_token: string, more: Record<string, string> = {}) =>
  server.post('/token', { grant_type: 'refresh_token', refresh_token, ...more }, { client: web })

async function refreshed(server: TestServer, refresh_token: string, more?: Record<string, string>): Promise<Tokens> {
  const answer = await refresh(server, refresh_token, more)
  assert.equal(answer.status, 200)
  return answer.json()
}

async function mustBeReuse(server: TestServer, refresh_token: string): Promise<void> {
  const answer = await refresh(server, refresh_token)
  assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_grant'])
  assert.deepEqual(
    server.events.filter((event) => event.type === 'authorization_revoked').map(({ reason }) => reason),
    ['refresh_token_reused'],
  )
}

const isActive = async (server: TestServer, token: string): Promise<boolean> =>
  (await (await server.post('/introspect', { token }, { client: web })).json()).active

test('RFC 9700 §4.14.2: a rotated token that comes back later ends the family, access tokens too', async () => {
  const server = await start()
  const first = await firstTokens(server)
  const second = await refreshed(server, first.refresh_token)
  server.clock.advance(11)
  await mustBeReuse(server, first.refresh_token)
  for (const token of [first.access_token, second.access_token, second.refresh_token]) {
    assert.equal(await isActive(server, token), false)
  }
  assert.equal((await refresh(server, second.refresh_token)).status, 400)
})

test('RFC 9700 §4.14.2: inside the window the same successor comes back, and there is one live leaf', async () => {
  const server = await start()
  const first = await firstTokens(server)
  const lost = await refreshed(server, first.refresh_token)
  server.clock.advance(10)
  const again = await refreshed(server, first.refresh_token)
  assert.equal(again.refresh_token, lost.refresh_token)
  assert.notEqual(again.access_token, lost.access_token)
  const leaves = await server.store.tokens.listRefresh({}, { limit: 10 })
  assert.equal(leaves.filter(({ token }) => token.spentAt === undefined).length, 1)
  await refreshed(server, again.refresh_token)
})

test('RFC 9700 §4.14.2: a second refresh inside the window can narrow the scope, never widen it', async () => {
  const server = await start()
  const first = await firstTokens(server)
  await refreshed(server, first.refresh_token)
  assert.equal((await refreshed(server, first.refresh_token, { scope: 'read' })).scope, 'read')
  const wider = await refresh(server, first.refresh_token, { scope: 'read write more' })
  assert.deepEqual([wider.status, (await wider.json()).error], [400, 'invalid_scope'])
})

test('RFC 9700 §4.14.2: with refreshReuseWindow 0 the first repeat is reuse', async () => {
  const server = await start({ lifetimes: { refreshReuseWindow: 0 } })
  const { refresh_token } = await firstTokens(server)
  await refreshed(server, refresh_token)
  await mustBeReuse(server, refresh_token)
})

test('RFC 9700 §4.14.2: the window is for the immediate predecessor only', async () => {
  const server = await start()
  const first = await firstTokens(server)
  const second = await refreshed(server, first.refresh_token)
  await refreshed(server, second.refresh_token)
  await mustBeReuse(server, first.refresh_token)
})

test('RFC 9700 §4.14.2: after revocation the window gives nothing back', async () => {
  const server = await start()
  const { refresh_token } = await firstTokens(server)
  const next = await refreshed(server, refresh_token)
  await server.post('/revoke', { token: next.refresh_token }, { client: web })
  assert.equal((await refresh(server, refresh_token)).status, 400)
  assert.equal((await refresh(server, next.refresh_token)).status, 400)
})

test('RFC 9700 §4.14.2: the window works across a rotation of the server secret', async () => {
  const before = await start({ secrets: [oldSecret] })
  const { refresh_token } = await firstTokens(before)
  const lost = await refreshed(before, refresh_token)
  const options = { store: before.store, clock: before.clock, clients: [], users: [], scopes: [] }
  const after = await start({ ...options, secrets: ['the second secret of the server, 32 characters', oldSecret] })
  assert.equal((await refreshed(after, refresh_token)).refresh_token, lost.refresh_token)
})

test('RFC 9700 §4.14.2: without the secret a successor was derived from it is not given again', async () => {
  const before = await start({ secrets: [oldSecret] })
  const { refresh_token } = await firstTokens(before)
  await refreshed(before, refresh_token)
  const options = { store: before.store, clock: before.clock, clients: [], users: [], scopes: [] }
  const after = await start({ ...options, secrets: ['the second secret of the server, 32 characters'] })
  await mustBeReuse(after, refresh_token)
})

test('RFC 9700 §4.14.2: a clock that went back does not turn a repeat into an error', async () => {
  const server = await start()
  const { refresh_token } = await firstTokens(server)
  const next = await refreshed(server, refresh_token)
  server.clock.advance(-30)
  assert.equal((await refreshed(server, refresh_token)).refresh_token, next.refresh_token)
})

test('R-CLK-1: a clock that goes far back does not hold the window open', async () => {
  const server = await start()
  const first = await firstTokens(server)
  await refreshed(server, first.refresh_token)
  server.clock.advance(-3600)
  await mustBeReuse(server, first.refresh_token)
})
