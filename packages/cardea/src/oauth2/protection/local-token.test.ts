import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchProtector } from '../../adapters/fetch.ts'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'
import type { ScopeNeed } from './token-need.ts'

const job = ['job', 'job-secret'] as const
const scopes = ['foo', 'bar', 'qux'].map((name) => ({ name, description: name, is_default: false }))

const start = (): Promise<TestServer> =>
  startTestServer({ clients: [{ client_id: 'job', secret: 'job-secret' }], scopes })

async function tokenFor(server: TestServer, scope: string): Promise<string> {
  const form = { grant_type: 'client_credentials', scope }
  return (await (await server.post('/token', form, { client: job })).json()).access_token
}

/** A resource that needs that scope, asked with that Authorization header. */
async function ask(server: TestServer, need: ScopeNeed, authorization?: string, url = 'https://api.example/things') {
  const guarded = fetchProtector(server.provider).requireOAuth(need, (_request, token) => Response.json(token))
  return guarded(new Request(url, authorization === undefined ? {} : { headers: { authorization } }))
}

test('RFC 6750 §2.1: a valid token lets the handler run, and tells it about the token', async () => {
  const server = await start()
  const answer = await ask(server, 'foo', `Bearer ${await tokenFor(server, 'foo bar')}`)
  assert.equal(answer.status, 200)
  assert.deepEqual(await answer.json(), {
    scheme: 'Bearer',
    clientId: 'job',
    scope: ['foo', 'bar'],
    expiresAt: server.clock.now() + 3600,
  })
})

test('RFC 6750 §2.1: the scheme is read in any case', async () => {
  const server = await start()
  const token = await tokenFor(server, 'foo')
  for (const scheme of ['Bearer', 'bearer', 'BEARER', 'BeArEr']) {
    assert.equal((await ask(server, 'foo', `${scheme} ${token}`)).status, 200, scheme)
  }
})

test('RFC 6750 §3.1: without credentials the challenge names the realm and no error', async () => {
  const server = await start()
  for (const header of [undefined, '', 'Basic am9iOmpvYi1zZWNyZXQ=', 'Token abc', 'Bearerabc']) {
    const answer = await ask(server, 'foo', header)
    assert.equal(answer.status, 401)
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="https://auth.example"')
  }
})

test('RFC 6750 §3.1: unknown, expired and revoked tokens are an invalid token', async () => {
  const server = await start()
  const revoked = await tokenFor(server, 'foo')
  await server.post('/revoke', { token: revoked }, { client: job })
  const expired = await tokenFor(server, 'foo')
  server.clock.advance(3600)
  for (const token of [revoked, expired, 'nope', 'cat_x']) {
    const answer = await ask(server, 'foo', `Bearer ${token}`)
    assert.equal(answer.status, 401)
    assert.equal((await answer.json()).error, 'invalid_token')
    assert.equal(
      answer.headers.get('www-authenticate'),
      'Bearer realm="https://auth.example", error="invalid_token", error_description="The access token provided is invalid or has expired"',
    )
  }
})

test('RFC 6750 §3.1: too little scope is a 403 that names the scope that is needed', async () => {
  const server = await start()
  const answer = await ask(server, 'foo bar', `Bearer ${await tokenFor(server, 'foo')}`)
  assert.equal(answer.status, 403)
  assert.equal((await answer.json()).error, 'insufficient_scope')
  assert.match(answer.headers.get('www-authenticate') ?? '', /error="insufficient_scope".*, scope="foo bar"$/)
})

test('RFC 6750 §3.1: credentials that cannot be read are an invalid request', async () => {
  const server = await start()
  const token = await tokenFor(server, 'foo')
  for (const header of ['Bearer', `Bearer ${token} ${token}`, `Bearer ${token}, Bearer ${token}`, 'Bearer "x"']) {
    const answer = await ask(server, 'foo', header)
    assert.equal(answer.status, 400, header)
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer realm="[^"]+", error="invalid_request"/)
  }
})

test('RFC 6750 §2.3: a token in the URL is not looked at', async () => {
  const server = await start()
  const token = await tokenFor(server, 'foo')
  const answer = await ask(server, 'foo', undefined, `https://api.example/things?access_token=${token}`)
  assert.equal(answer.status, 401)
})

const needs: readonly (readonly [need: ScopeNeed, has: string, passes: boolean])[] = [
  ['foo', 'foo bar qux', true],
  ['fo', 'foo bar qux', false],
  ['oo b', 'foo bar qux', false],
  ['foo qux', 'foo bar qux', true],
  ['qux foo', 'foo bar qux', true],
  ['foo bar', 'foo', false],
  ['FOO', 'foo', false],
  [['foo', 'bar'], 'bar', true],
  [['foo bar', 'qux'], 'foo', false],
  [['foo bar', 'qux'], 'qux', true],
  [['foo bar', 'qux'], 'bar foo', true],
  [undefined, 'foo', true],
]
for (const [need, has, passes] of needs) {
  test(`RFC 6749 §3.3: a token with ${has} ${passes ? 'meets' : 'does not meet'} ${JSON.stringify(need)}`, async () => {
    const server = await start()
    const answer = await ask(server, need, `Bearer ${await tokenFor(server, has)}`)
    assert.equal(answer.status, passes ? 200 : 403)
  })
}

for (const need of [[], '', [''], ' ', ['foo', ''], 'a"b']) {
  test(`RFC 6749 §3.3: to need ${JSON.stringify(need)} is a mistake that is told at once`, async () => {
    const server = await start()
    assert.throws(() => fetchProtector(server.provider).requireOAuth(need, () => new Response()), {
      name: 'TypeError',
      message: /^requireOAuth: /,
    })
  })
}

test('RFC 6750 §5.2: a refresh token, an authorization code and a client secret are no access tokens', async () => {
  const server = await startTestServer({
    clients: [{ client_id: 'job', secret: 'job-secret' }],
    scopes,
    compatibility: { refreshTokenForEveryGrant: true },
  })
  const form = { grant_type: 'client_credentials', scope: 'foo' }
  const { refresh_token } = await (await server.post('/token', form, { client: job })).json()
  for (const token of [refresh_token, refresh_token.replace('crt_', 'cat_'), 'job-secret']) {
    assert.equal((await ask(server, 'foo', `Bearer ${token}`)).status, 401)
  }
})

test('RFC 6750 §3.1: a token of a client that was disabled is dead at once', async () => {
  const server = await start()
  const token = await tokenFor(server, 'foo')
  const client = await server.store.clients.find('job')
  assert.ok(client)
  await server.store.clients.save({ ...client, disabled: true })
  assert.equal((await ask(server, 'foo', `Bearer ${token}`)).status, 401)
})
