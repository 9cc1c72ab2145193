import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchProtector } from '../adapters/fetch.ts'
import { alice, requestPath } from '../testing/authorization-visit.ts'
import { codeFor, pkcePair } from '../testing/code-flow.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../testing/test-server.ts'
import { oauth21 } from './oauth21.ts'

const redirect_uri = 'https://client.example/cb'
const grant_types = ['authorization_code', 'refresh_token']

const start = (options: TestServerOptions = {}) =>
  startTestServer({
    preset: oauth21(),
    users: [alice],
    clients: [
      { client_id: 'app', grant_types },
      { client_id: 'shop', secret: 'a secret', grant_types },
    ],
    ...options,
  })

const codeOf = (server: TestServer, client_id = 'app') => codeFor(server, alice, { client_id, redirect_uri })

const redeem = (server: TestServer, code: string, more: Record<string, string> = {}) =>
  server.post('/token', {
    grant_type: 'authorization_code',
    client_id: 'app',
    code,
    code_verifier: pkcePair.verifier,
    ...more,
  })

const errorOf = async (answer: Response): Promise<string> => (await answer.json()).error

test('OAuth 2.1 §10.2: redirect_uri may be left out at the token endpoint, and is enforced where it is sent', async () => {
  const server = await start()
  assert.equal((await redeem(server, await codeOf(server))).status, 200)
  assert.equal((await redeem(server, await codeOf(server), { redirect_uri })).status, 200)
  const other = { redirect_uri: 'https://client.example/other' }
  assert.equal(await errorOf(await redeem(server, await codeOf(server), other)), 'invalid_grant')
})

test('OAuth 2.1 §3.1: the authorization endpoint takes GET, ignores what it does not know, and refuses repeats', async () => {
  const server = await start()
  const unknown = await server.agent().get(requestPath({ redirect_uri, made_up: 'x', nonce: 'n' }))
  assert.match(unknown.headers.get('location') ?? '', /^\/interaction\//)
  const twice = await server.agent().get(`${requestPath({ redirect_uri })}&scope=read&scope=write`)
  assert.doesNotMatch(twice.headers.get('location') ?? '', /^\/interaction\//)
})

test('OAuth 2.1 §4.1.2.1, A2-PKCE-03: without a code challenge nobody gets a code, public or confidential', async () => {
  const server = await start()
  for (const client_id of ['app', 'shop']) {
    const without = { client_id, redirect_uri, code_challenge: undefined, code_challenge_method: undefined }
    const answer = await server.agent().get(requestPath(without))
    assert.match(answer.headers.get('location') ?? '', /error=invalid_request/)
  }
})

test('OAuth 2.1 §4.1.3: a code needs its verifier, its client, and is good once; its replay ends what it bought', async () => {
  const server = await start()
  const code = await codeOf(server)
  assert.equal(await errorOf(await redeem(server, code, { code_verifier: 'x'.repeat(43) })), 'invalid_grant')
  const another = await codeOf(server)
  assert.equal(await errorOf(await redeem(server, another, { code_verifier: '' })), 'invalid_request')
  const stolen = await server.post(
    '/token',
    { grant_type: 'authorization_code', code: await codeOf(server), code_verifier: pkcePair.verifier },
    { client: ['shop', 'a secret'] },
  )
  assert.equal(await errorOf(stolen), 'invalid_grant')
  const good = await codeOf(server)
  const { refresh_token } = await (await redeem(server, good)).json()
  assert.equal(await errorOf(await redeem(server, good)), 'invalid_grant')
  const refresh = { grant_type: 'refresh_token', client_id: 'app', refresh_token }
  assert.equal(await errorOf(await server.post('/token', refresh)), 'invalid_grant')
})

test('OAuth 2.1 §3.2.3: answers with tokens are not kept, and say their scope', async () => {
  const server = await start()
  const answer = await redeem(server, await codeOf(server))
  assert.match(answer.headers.get('cache-control') ?? '', /no-store/)
  assert.equal((await answer.json()).scope, 'read')
})

test('OAuth 2.1 §3.2.4: a wrong secret in the header is a 401 that says how to authenticate', async () => {
  const server = await start()
  const answer = await server.post('/token', { grant_type: 'refresh_token' }, { client: ['shop', 'wrong'] })
  assert.equal(answer.status, 401)
  assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic /)
})

test('OAuth 2.1 §4.3.1: refresh tokens of public clients are replaced, also where those of others stay', async () => {
  for (const rotateRefreshTokens of ['all', 'public'] as const) {
    const server = await start({ rotateRefreshTokens })
    const { refresh_token } = await (await redeem(server, await codeOf(server))).json()
    const form = { grant_type: 'refresh_token', client_id: 'app', refresh_token }
    const next = await (await server.post('/token', form)).json()
    assert.notEqual(next.refresh_token, refresh_token)
    server.clock.advance(60)
    assert.equal(await errorOf(await server.post('/token', form)), 'invalid_grant')
    const successor = { ...form, refresh_token: next.refresh_token }
    assert.equal(await errorOf(await server.post('/token', successor)), 'invalid_grant')
  }
})

test('OAuth 2.1 §5.1: a token in the address is ignored, beside one in the header too', async () => {
  const server = await start()
  const { access_token } = await (await redeem(server, await codeOf(server))).json()
  const guarded = fetchProtector(server.provider).requireOAuth('read', () => Response.json({ in: true }))
  const ask = (query: string, authorization?: string) =>
    guarded(new Request(`https://auth.example/things${query}`, authorization ? { headers: { authorization } } : {}))
  assert.equal((await ask(`?access_token=${access_token}`)).status, 401)
  assert.equal((await ask('?access_token=made-up', `Bearer ${access_token}`)).status, 200)
  assert.equal((await ask(`?access_token=${access_token}`, 'Bearer made-up')).status, 401)
})

test('OAuth 2.1 §2.3.1, A2-AS-21: a redirect URI is compared whole; of loopback addresses, all but the port', async () => {
  const redirect_uris = ['http://127.0.0.1/cb', 'http://[::1]:3000/cb']
  const server = await start({
    clients: [{ client_id: 'app', redirect_uris, application_type: 'native', grant_types }],
  })
  for (const [uri, isTaken] of [
    ['http://127.0.0.1:51004/cb', true],
    ['http://[::1]:51004/cb', true],
    ['http://127.0.0.1:51004/cb/', false],
    ['http://127.0.0.1:51004/cb?x', false],
    ['http://127.0.0.2/cb', false],
    ['http://localhost/cb', false],
  ] as const) {
    const answer = await server.agent().get(requestPath({ redirect_uri: uri }))
    assert.equal(answer.headers.has('location'), isTaken, uri)
  }
})

test('OAuth 2.1 §10, §10.1: implicit and password grants are off, whatever a client is registered for', async () => {
  const all = ['authorization_code', 'implicit', 'password']
  const server = await start({
    clients: [{ client_id: 'app', secret: 's', grant_types: all, response_types: ['code', 'token'] }],
  })
  const implicit = await server.agent().get(requestPath({ redirect_uri, response_type: 'token' }))
  assert.match(implicit.headers.get('location') ?? '', /error=unsupported_response_type/)
  const { username, password } = alice
  const form = { grant_type: 'password', username, password }
  assert.equal(await errorOf(await server.post('/token', form, { client: ['app', 's'] })), 'unsupported_grant_type')
})
