import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ask } from '../../../test-support/remote-issuer.ts'
import { nodeHandler } from '../../adapters/node.ts'
import { outgoing } from '../../http/outgoing/outgoing.ts'
import { resourceProtector } from '../../resource-protector.ts'
import { fakeClock } from '../../testing/fake-clock.ts'
import { listenOnLoopback } from '../../testing/loopback.ts'
import { startTestServer } from '../../testing/test-server.ts'
import { type IntrospectionOptions, introspectionValidator } from './introspected-token.ts'

const door = outgoing({ allowHosts: ['127.0.0.1'] })
const credentials = { clientId: 'api', clientSecret: 'api-secret' }

/** A server whose answers a test writes. */
async function start(t: TestContext, more: Partial<IntrospectionOptions> = {}) {
  const clock = fakeClock()
  const state = {
    asked: [] as { authorization: string | undefined; form: Record<string, string> }[],
    answer: { active: true, client_id: 'app', scope: 'read', sub: 'u1', token_type: 'Bearer' } as unknown,
    status: 200,
    hold: undefined as Promise<void> | undefined,
  }
  const { origin, close } = await listenOnLoopback(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    state.asked.push({
      authorization: request.headers.authorization,
      form: Object.fromEntries(new URLSearchParams(body)),
    })
    await state.hold
    response.writeHead(state.status, { 'content-type': 'application/json' })
    response.end(typeof state.answer === 'string' ? state.answer : JSON.stringify(state.answer))
  })
  t.after(close)
  const source = resourceProtector({
    introspection: { endpoint: `${origin}/introspect`, ...credentials, outgoing: door, clock, ...more },
  })
  return { clock, state, origin, source, bring: (token: string) => ask(source, `Bearer ${token}`) }
}

for (const accessTokenFormat of ['opaque', 'jwt'] as const) {
  test(`A2-RP-10, RFC 7662 §2.1: our own server is asked about a token (${accessTokenFormat}), and tells when it is revoked`, async (t) => {
    const server = await startTestServer({
      accessTokenFormat,
      clients: [
        { client_id: 'api', secret: 'api-secret', introspect_any: true },
        { client_id: 'job', secret: 's' },
      ],
    })
    const { origin, close } = await listenOnLoopback(nodeHandler(server.provider))
    t.after(close)
    const source = resourceProtector({
      introspection: { endpoint: `${origin}/introspect`, ...credentials, outgoing: door, clock: server.clock },
    })
    const issued = await server.post('/token', { grant_type: 'client_credentials' }, { client: ['job', 's'] })
    const { access_token } = (await issued.json()) as { access_token: string }
    const bring = (need?: string) => ask(source, `Bearer ${access_token}`, need)
    const info = await (await bring()).json()
    assert.deepEqual([info.clientId, info.scope, info.expiresAt], ['job', ['read'], server.clock.now() + 3600])
    assert.equal((await bring('write')).status, 403)
    await server.post('/revoke', { token: access_token }, { client: ['job', 's'] })
    assert.equal((await bring()).status, 200, 'believed for ten seconds')
    server.clock.advance(10)
    assert.equal((await bring()).status, 401)
  })
}

test('RFC 7662 §2.1, RFC 6749 §2.3.1: the question carries the token and the form-encoded credentials of this API', async (t) => {
  const { bring, state } = await start(t, { clientId: 'a b', clientSecret: 'x:y%+é' })
  assert.equal((await bring('abc')).status, 200)
  const authorization = `Basic ${Buffer.from('a+b:x%3Ay%25%2B%C3%A9').toString('base64')}`
  assert.deepEqual(state.asked, [{ authorization, form: { token: 'abc', token_type_hint: 'access_token' } }])
})

test('RFC 6749 §2.3.1: other ways to authenticate are by form, or of the host’s own', async (t) => {
  const post = await start(t, { clientAuthMethod: 'client_secret_post' })
  await post.bring('abc')
  assert.deepEqual(post.state.asked[0], {
    authorization: undefined,
    form: { token: 'abc', token_type_hint: 'access_token', client_id: 'api', client_secret: 'api-secret' },
  })
  let count = 0
  const own = await start(t, {
    authenticate: async () => ({ headers: { authorization: `Bearer ${++count}` }, params: { client_assertion: 'x' } }),
  })
  await own.bring('a')
  await own.bring('b')
  assert.deepEqual(
    own.state.asked.map(({ authorization, form }) => [authorization, form.client_assertion]),
    [
      ['Bearer 1', 'x'],
      ['Bearer 2', 'x'],
    ],
  )
})

test('A2-RP-10: an answer is believed for ten seconds and asked for once, whoever waits for it', async (t) => {
  const { bring, state, clock } = await start(t)
  const answers = await Promise.all([bring('abc'), bring('abc'), bring('abc')])
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200],
  )
  clock.advance(9)
  await bring('abc')
  assert.equal(state.asked.length, 1)
  await bring('other')
  assert.equal(state.asked.length, 2)
  clock.advance(1)
  state.answer = { active: false }
  assert.equal((await bring('abc')).status, 401)
  assert.equal(state.asked.length, 3)
})

test('A2-RP-10: an answer is never believed past the expiry of the token', async (t) => {
  const { bring, state, clock } = await start(t, { cacheSeconds: 1000 })
  state.answer = { active: true, client_id: 'app', token_type: 'Bearer', exp: clock.now() + 20 }
  assert.equal((await bring('abc')).status, 200)
  clock.advance(19)
  assert.equal((await bring('abc')).status, 200)
  assert.equal(state.asked.length, 1)
  clock.advance(1)
  assert.equal((await bring('abc')).status, 401)
  assert.equal(state.asked.length, 2)
})

test('A2-RP-10: an inactive token is asked about again after five seconds', async (t) => {
  const { bring, state, clock } = await start(t)
  state.answer = { active: false }
  for (let n = 0; n < 5; n++) assert.equal((await bring('abc')).status, 401)
  assert.equal(state.asked.length, 1)
  clock.advance(5)
  state.answer = { active: true, client_id: 'app', token_type: 'bearer' }
  assert.equal((await bring('abc')).status, 200)
})

test('A2-RP-10: with 0 seconds every request asks', async (t) => {
  const { bring, state } = await start(t, { cacheSeconds: 0, negativeCacheSeconds: 0 })
  await bring('abc')
  await bring('abc')
  state.answer = { active: false }
  await bring('abc')
  await bring('abc')
  assert.equal(state.asked.length, 4)
})

test('A2-RP-10: with 0 seconds no request relies on a question that was asked before it', async (t) => {
  const { bring, state } = await start(t, { cacheSeconds: 0 })
  await Promise.all([bring('abc'), bring('abc')])
  assert.equal(state.asked.length, 2)
})

test('A2-RP-10: an answer is believed from when it was asked for, however late it comes', async (t) => {
  const { bring, state, clock } = await start(t)
  let answer = (): void => {}
  state.hold = new Promise((resolve) => {
    answer = resolve
  })
  const first = bring('abc')
  while (state.asked.length === 0) await new Promise(setImmediate)
  clock.advance(4)
  answer()
  assert.equal((await first).status, 200)
  clock.advance(6)
  state.answer = { active: false }
  assert.equal((await bring('abc')).status, 401)
})

test('T-WEB-3: a flood of made-up tokens pushes no real one out of what is kept', async (t) => {
  const { bring, state } = await start(t, { maxCached: 3 })
  await bring('real')
  const real = state.answer
  state.answer = { active: false }
  for (let n = 0; n < 10; n++) await bring(`made-up-${n}`)
  const before = state.asked.length
  assert.equal((await bring('real')).status, 200)
  assert.equal((await bring('made-up-9')).status, 401)
  assert.equal(state.asked.length, before)
  await bring('made-up-0')
  assert.equal(state.asked.length, before + 1)
  state.answer = real
  for (let n = 0; n < 3; n++) await bring(`also-real-${n}`)
  const later = state.asked.length
  await bring('real')
  assert.equal(state.asked.length, later + 1)
})

test('A2-RP-10: what is no answer lets nobody in, is no judgement of the token and is not kept', async (t) => {
  const { bring, state } = await start(t)
  for (const answer of [
    '',
    'true',
    '[]',
    'null',
    '{}',
    '{"active":"true"}',
    '{"active":1}',
    '{"active":false,"active":true}',
    '<html>',
  ]) {
    state.answer = answer
    const given = await bring('abc')
    assert.equal(given.status, 503, answer)
    assert.equal(given.headers.get('retry-after'), '5')
    assert.equal(given.headers.get('www-authenticate'), null)
  }
  state.answer = { active: true, client_id: 'app', token_type: 'Bearer' }
  for (state.status of [400, 401, 403, 404, 302, 500, 503]) assert.equal((await bring('abc')).status, 503)
  state.status = 200
  assert.equal((await bring('abc')).status, 200)
})

test('A2-RP-10: a server that cannot be reached lets nobody in: 503', async () => {
  const source = resourceProtector({
    introspection: { endpoint: 'http://127.0.0.1:1/', ...credentials, outgoing: door },
  })
  assert.equal((await ask(source, 'Bearer abc')).status, 503)
  const unguarded = resourceProtector({ introspection: { endpoint: 'https://127.0.0.1:1/', ...credentials } })
  assert.equal((await ask(unguarded, 'Bearer abc')).status, 503)
})

test('RFC 7662 §2.2: refresh tokens, tokens of another time, audience or issuer, and bound ones are refused', async (t) => {
  const { bring, state, clock } = await start(t, {
    cacheSeconds: 0,
    negativeCacheSeconds: 0,
    audience: 'https://api.example',
    issuer: 'https://issuer.example',
  })
  const good = {
    active: true,
    client_id: 'app',
    token_type: 'Bearer',
    aud: 'https://api.example',
    iss: 'https://issuer.example',
  }
  const status = async (change: object): Promise<number> => {
    state.answer = { ...good, ...change }
    return (await bring('abc')).status
  }
  assert.equal(await status({}), 200)
  assert.equal(await status({ aud: ['https://other.example', 'https://api.example'], iss: undefined }), 200)
  const now = clock.now()
  const bad = [
    { token_type: undefined },
    { token_type: 'DPoP' },
    { token_type: 1 },
    { token_use: 'refresh_token' },
    { aud: undefined },
    { aud: 'https://api.example/' },
    { iss: 'https://other.example' },
    { exp: now },
    { exp: 'never' },
    { nbf: now + 1 },
    { cnf: { jkt: 'x' } },
    { client_id: undefined },
  ]
  for (const change of bad) assert.equal(await status(change), 401, JSON.stringify(change))
})

test('RFC 7662 §2.2: answers without a token_type are taken where that was chosen', async (t) => {
  const { bring, state } = await start(t, { withoutTokenType: true })
  state.answer = { active: true, client_id: 'app', username: 'ada', scope: 'read' }
  const info = await (await bring('abc')).json()
  assert.deepEqual(info.claims, state.answer)
})

test('RFC 8414 §2: where to ask is found by the metadata of the issuer', async (t) => {
  const { origin, close } = await listenOnLoopback((request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.url === '/.well-known/oauth-authorization-server') {
      response.end(JSON.stringify({ issuer: origin, introspection_endpoint: `${origin}/ask` }))
    } else response.end('{"active":true,"client_id":"app","token_type":"Bearer"}')
  })
  t.after(close)
  const source = resourceProtector({ introspection: { issuer: origin, ...credentials, outgoing: door } })
  assert.equal((await ask(source, 'Bearer abc')).status, 200)
})

test('A2-RP-10: without an address to ask or credentials to ask with, the program is told at once', () => {
  assert.throws(() => introspectionValidator({ ...credentials }), TypeError)
  assert.throws(() => introspectionValidator({ endpoint: 'https://issuer.example/introspect' }), TypeError)
  assert.throws(
    () => introspectionValidator({ endpoint: 'https://issuer.example/introspect', clientId: 'api' }),
    TypeError,
  )
})
