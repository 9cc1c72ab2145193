import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeFor, pkcePair } from '../../../testing/code-flow.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../../testing/test-server.ts'

const user = { id: 'u1', username: 'ada', password: 'correct horse' }
const redirect_uri = 'https://client.example/cb'

const clients: TestServerOptions['clients'] = [
  { client_id: 'web', secret: 'web-secret' },
  { client_id: 'other', secret: 'other-secret' },
  { client_id: 'app' },
  { client_id: 'no-refresh', secret: 'nr-secret', grant_types: ['authorization_code'] },
  { client_id: 'machine', secret: 'm-secret', grant_types: ['client_credentials'], response_types: [] },
  { client_id: 'lax', secret: 'lax-secret', pkce: ['none', 'plain'] },
  { client_id: 'narrow', secret: 'narrow-secret', scope: 'read' },
  { client_id: 'two', secret: 'two-secret', redirect_uris: [redirect_uri, 'https://client.example/other'] },
]

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients, users: [user], ...options })

const web = ['web', 'web-secret'] as const
const verifier = { code_verifier: pkcePair.verifier }

const redeem = (server: TestServer, form: Record<string, string>, client?: readonly [string, string]) =>
  server.post('/token', { grant_type: 'authorization_code', ...form }, client === undefined ? {} : { client })

async function refusal(response: Response): Promise<[number, string]> {
  return [response.status, (await response.json()).error]
}

const introspect = async (server: TestServer, token: string) =>
  (await server.post('/introspect', { token }, { client: web })).json()

test('RFC 6749 §4.1.3: a code buys an access token and a refresh token, once', async () => {
  const server = await start()
  const code = await codeFor(server, user, { client_id: 'web' })
  const answer = await redeem(server, { code, ...verifier }, web)
  assert.equal(answer.status, 200)
  const body = await answer.json()
  assert.deepEqual(Object.keys(body), ['access_token', 'expires_in', 'token_type', 'scope', 'refresh_token'])
  assert.deepEqual([body.expires_in, body.token_type, body.scope], [3600, 'Bearer', 'read'])
  assert.equal((await introspect(server, body.access_token)).sub, 'u1')
})

test('RFC 6749 §4.1.3: a code is required', async () => {
  const server = await start()
  assert.deepEqual(await refusal(await redeem(server, verifier, web)), [400, 'invalid_request'])
})

test('RFC 6749 §5.2: a code that was never issued is an invalid grant', async () => {
  const server = await start()
  assert.deepEqual(await refusal(await redeem(server, { code: 'nope', ...verifier }, web)), [400, 'invalid_grant'])
})

test('RFC 6749 §4.1.3: rejects a code issued to another client, and does not destroy it', async () => {
  const server = await start()
  const code = await codeFor(server, user, { client_id: 'web' })
  const stolen = await redeem(server, { code, ...verifier }, ['other', 'other-secret'])
  assert.deepEqual(await refusal(stolen), [400, 'invalid_grant'])
  const byPublic = await redeem(server, { code, ...verifier, client_id: 'app' })
  assert.deepEqual(await refusal(byPublic), [400, 'invalid_grant'])
  assert.equal((await redeem(server, { code, ...verifier }, web)).status, 200)
})

test('RFC 6749 §4.1.2: a code is dead once its lifetime is over, to the second', async () => {
  const server = await start({ lifetimes: { authorizationCode: 60 } })
  const first = await codeFor(server, user, { client_id: 'web' })
  server.clock.advance(59)
  assert.equal((await redeem(server, { code: first, ...verifier }, web)).status, 200)
  const second = await codeFor(server, user, { client_id: 'web' })
  server.clock.advance(60)
  assert.deepEqual(await refusal(await redeem(server, { code: second, ...verifier }, web)), [400, 'invalid_grant'])
})

test('RFC 6749 §4.1.3: a redirect_uri that was sent must be repeated, identical', async () => {
  const server = await start()
  const code = await codeFor(server, user, { client_id: 'web', redirect_uri })
  for (const form of [{}, { redirect_uri: `${redirect_uri}/` }, { redirect_uri: `${redirect_uri}?a=1` }]) {
    assert.deepEqual(await refusal(await redeem(server, { code, ...verifier, ...form }, web)), [400, 'invalid_grant'])
  }
  assert.equal((await redeem(server, { code, ...verifier, redirect_uri }, web)).status, 200)
})

test('RFC 6749 §4.1.3: a redirect_uri that was not sent need not be, but must not differ', async () => {
  const server = await start()
  const code = await codeFor(server, user, { client_id: 'web' })
  const other = await redeem(server, { code, ...verifier, redirect_uri: 'https://client.example/other' }, web)
  assert.deepEqual(await refusal(other), [400, 'invalid_grant'])
  assert.equal((await redeem(server, { code, ...verifier, redirect_uri }, web)).status, 200)
})

test('RFC 6749 §4.1.3: another registered redirect_uri than the one of the request is refused', async () => {
  const server = await start()
  const code = await codeFor(server, user, { client_id: 'two', redirect_uri })
  const form = { code, ...verifier, redirect_uri: 'https://client.example/other' }
  assert.deepEqual(await refusal(await redeem(server, form, ['two', 'two-secret'])), [400, 'invalid_grant'])
})

test('OAuth 2.1 §4.1.3: with redirectUriOptionalAtToken a sent redirect_uri may be left out, not changed', async () => {
  const server = await start({ compatibility: { redirectUriOptionalAtToken: true } })
  const code = await codeFor(server, user, { client_id: 'web', redirect_uri })
  const changed = await redeem(server, { code, ...verifier, redirect_uri: 'https://evil.example/cb' }, web)
  assert.deepEqual(await refusal(changed), [400, 'invalid_grant'])
  assert.equal((await redeem(server, { code, ...verifier }, web)).status, 200)
})

test('RFC 7636 §4.6: a missing, malformed or wrong verifier is refused, and does not destroy the code', async () => {
  const server = await start()
  const code = await codeFor(server, user, { client_id: 'web' })
  const cases: [Record<string, string>, string][] = [
    [{}, 'invalid_request'],
    [{ code_verifier: '' }, 'invalid_request'],
    [{ code_verifier: 'short' }, 'invalid_request'],
    [{ code_verifier: 'v'.repeat(129) }, 'invalid_request'],
    [{ code_verifier: `${pkcePair.verifier}\n` }, 'invalid_request'],
    [{ code_verifier: `${pkcePair.verifier} ` }, 'invalid_request'],
    [{ code_verifier: pkcePair.challenge }, 'invalid_grant'],
    [{ code_verifier: pkcePair.verifier.toLowerCase() }, 'invalid_grant'],
  ]
  for (const [form, error] of cases) {
    assert.deepEqual(await refusal(await redeem(server, { code, ...form }, web)), [400, error], JSON.stringify(form))
  }
  assert.equal((await redeem(server, { code, ...verifier }, web)).status, 200)
})

test('RFC 7636 §4.6: a plain challenge is compared as it is', async () => {
  const server = await start()
  const plain = 'p'.repeat(43)
  const query = { client_id: 'lax', code_challenge: plain, code_challenge_method: 'plain' }
  const code = await codeFor(server, user, query)
  const lax = ['lax', 'lax-secret'] as const
  assert.deepEqual(await refusal(await redeem(server, { code, code_verifier: 'q'.repeat(43) }, lax)), [
    400,
    'invalid_grant',
  ])
  assert.equal((await redeem(server, { code, code_verifier: plain }, lax)).status, 200)
})

test('RFC 9700 §4.8.2: a verifier is refused where the code was requested without a challenge', async () => {
  const server = await start()
  const code = await codeFor(server, user, { client_id: 'lax', code_challenge: '', code_challenge_method: '' })
  const lax = ['lax', 'lax-secret'] as const
  assert.deepEqual(await refusal(await redeem(server, { code, ...verifier }, lax)), [400, 'invalid_request'])
  assert.equal((await redeem(server, { code }, lax)).status, 200)
})

test('RFC 6749 §5.2: a client that is not registered for the grant is unauthorized', async () => {
  const server = await start()
  const answer = await redeem(server, { code: 'x' }, ['machine', 'm-secret'])
  assert.deepEqual(await refusal(answer), [400, 'unauthorized_client'])
})

test('RFC 6749 §4.1.4: no refresh token for a client that may not use one', async () => {
  const server = await start()
  const code = await codeFor(server, user, { client_id: 'no-refresh' })
  const body = await (await redeem(server, { code, ...verifier }, ['no-refresh', 'nr-secret'])).json()
  assert.equal(body.refresh_token, undefined)
  assert.equal(typeof body.access_token, 'string')
})

test('RFC 6749 §4.1.2: a proven second redemption is refused and ends what the first bought', async () => {
  const server = await start()
  const code = await codeFor(server, user, { client_id: 'web' })
  const bought = await (await redeem(server, { code, ...verifier }, web)).json()
  assert.deepEqual(await refusal(await redeem(server, { code, ...verifier }, web)), [400, 'invalid_grant'])
  assert.deepEqual(await introspect(server, bought.access_token), { active: false })
  assert.deepEqual(await introspect(server, bought.refresh_token), { active: false })
  const ended = server.events.filter((event) => event.type === 'authorization_revoked')
  assert.deepEqual(
    ended.map(({ reason }) => reason),
    ['code_replayed'],
  )
})

test('RFC 6749 §10.5: a replay that proves nothing (wrong verifier, other client) ends nothing', async () => {
  const server = await start()
  const code = await codeFor(server, user, { client_id: 'web' })
  const bought = await (await redeem(server, { code, ...verifier }, web)).json()
  await redeem(server, { code, code_verifier: 'w'.repeat(43) }, web)
  await redeem(server, { code, ...verifier }, ['other', 'other-secret'])
  await redeem(server, { code, ...verifier }, ['web', 'wrong'])
  assert.equal((await introspect(server, bought.access_token)).active, true)
})

test('RFC 6749 §4.1.3: a public client redeems by naming itself', async () => {
  const server = await start()
  const code = await codeFor(server, user, { client_id: 'app' })
  assert.deepEqual(await refusal(await redeem(server, { code, ...verifier })), [401, 'invalid_client'])
  assert.equal((await redeem(server, { code, ...verifier, client_id: 'app' })).status, 200)
})

test('RFC 6749 §3.3: a token never covers more than its code, whatever the redemption asks', async () => {
  const server = await start()
  const code = await codeFor(server, user, { client_id: 'narrow', scope: 'read write' })
  const form = { code, ...verifier, scope: 'read write' }
  const body = await (await redeem(server, form, ['narrow', 'narrow-secret'])).json()
  assert.equal(body.scope, 'read')
})

test('RFC 6749 §4.1.2: what a code buys hangs on the user and on the session it was allowed in', async () => {
  const server = await start()
  const code = await codeFor(server, user, { client_id: 'web' })
  assert.equal((await redeem(server, { code, ...verifier }, web)).status, 200)
  const [bought] = await server.store.authorizations.list({}, { limit: 2 })
  assert.deepEqual([bought?.userId, bought?.clientId], ['u1', 'web'])
  const session = bought?.sessionId as Parameters<typeof server.store.sessions.find>[0]
  assert.equal((await server.store.sessions.find(session))?.userId, 'u1')
})

test('RFC 6749 §5.2: a user who is gone or disabled by then gets an invalid grant', async () => {
  const server = await start()
  const code = await codeFor(server, user, { client_id: 'web' })
  await server.store.users.delete('u1')
  assert.deepEqual(await refusal(await redeem(server, { code, ...verifier }, web)), [400, 'invalid_grant'])
})

test('RFC 6749 §5.2: a user of the host who is gone by then gets an invalid grant, and the code is not spent', async () => {
  const present = new Set(['u1'])
  const account = { id: 'u1', username: 'ada' }
  const server = await start({
    users: [],
    accounts: {
      inStore: false,
      find: async (id) => (present.has(id) ? account : undefined),
      authenticate: async () => account,
    },
  })
  const code = await codeFor(server, user, { client_id: 'web' })
  present.clear()
  assert.deepEqual(await refusal(await redeem(server, { code, ...verifier }, web)), [400, 'invalid_grant'])
  present.add('u1')
  assert.equal((await redeem(server, { code, ...verifier }, web)).status, 200)
})
