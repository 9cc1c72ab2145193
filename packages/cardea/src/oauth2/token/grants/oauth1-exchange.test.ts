import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../../core/ports/store.ts'
import type { OAuth1FeatureOptions } from '../../../oauth1-feature.ts'
import { memoryStore } from '../../../stores/memory/index.ts'
import { sqliteStore } from '../../../stores/sqlite/index.ts'
import {
  type Credentials,
  type OAuth1Request,
  oauth1Client,
  outcomeOf,
  resource,
  sendSigned,
  startOAuth1Server,
  tokenFor,
} from '../../../testing/oauth1-flow.ts'
import type { TestServer } from '../../../testing/test-server.ts'

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const tokenType = 'urn:cardea:params:oauth:token-type:oauth1'
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

const mover = { consumerKey: 'mover', keys: { clientSecret: 'mover-secret' } }

const start = (oauth1: OAuth1FeatureOptions | true = true, store?: Store) =>
  startOAuth1Server({
    oauth1,
    ...(store !== undefined && { store }),
    clients: [
      oauth1Client('mover', { secret: 'mover-secret' }, { grant_types: [grantType, 'refresh_token'] }),
      { client_id: 'api', secret: 'api-secret', introspect_any: true },
      { client_id: 'web', secret: 'web-secret', grant_types: [grantType, 'client_credentials'] },
    ],
  })

interface Exchange extends OAuth1Request {
  readonly form?: Record<string, string>
}

function exchangeOf(server: TestServer, credentials: Credentials, { form, ...request }: Exchange = {}) {
  const body = new URLSearchParams({
    grant_type: grantType,
    subject_token: credentials.token,
    subject_token_type: tokenType,
    ...form,
  }).toString()
  return sendSigned(server, '/token', { ...mover, credentials, body, ...request })
}

const introspect = async (server: TestServer, token: string) =>
  (await server.post('/introspect', { token }, { client: ['api', 'api-secret'] })).json()

test('RFC 8693 §2.2.1: a signed exchange gives OAuth 2 tokens for the same user, client and scope', async () => {
  const server = await start()
  const credentials = await tokenFor(server, mover)
  const answer = await exchangeOf(server, credentials)
  assert.equal(answer.status, 200)
  const { access_token, refresh_token, ...rest } = await answer.json()
  assert.deepEqual(rest, { expires_in: 3600, token_type: 'Bearer', scope: 'read', issued_token_type: accessTokenType })
  const { active, client_id, sub, scope } = await introspect(server, access_token)
  assert.deepEqual(
    { active, client_id, sub, scope },
    { active: true, client_id: 'mover', sub: 'u-alice', scope: 'read' },
  )
  assert.equal(typeof refresh_token, 'string')
})

test('RFC 8693 §2.1: by default it can be done repeatedly, and the old credential goes on working', async () => {
  const server = await start()
  const credentials = await tokenFor(server, mover)
  for (let n = 0; n < 3; n += 1) assert.equal((await exchangeOf(server, credentials)).status, 200)
  assert.equal(await outcomeOf(await resource(server, { ...mover, credentials })), '200')
})

for (const [name, open] of [
  ['memory', () => memoryStore()],
  ['sqlite', () => sqliteStore({ file: ':memory:' })],
] as const) {
  for (const exchange of [{ repeatedly: false }, { revokes: true }]) {
    const how = exchange.revokes ? 'and it ends with it' : 'and it signs on'
    test(`RFC 8693 §2.1: ${name}: a credential is exchanged once, ${how}: of 100 in parallel, one buys tokens`, async () => {
      const store = await open()
      const server = await start({ exchange }, store)
      const credentials = await tokenFor(server, mover)
      const before = (await store.authorizations.list({}, { limit: 500 })).length
      const answers = await Promise.all(Array.from({ length: 100 }, () => exchangeOf(server, credentials)))
      const outcomes = await Promise.all(answers.map(outcomeOf))
      assert.equal(outcomes.filter((outcome) => outcome === '200').length, 1)
      // Those that come when it has ended are not signed by anything any more.
      const lost = exchange.revokes ? /^(?:200|400 invalid_grant|401 invalid_client)$/ : /^(?:200|400 invalid_grant)$/
      for (const outcome of outcomes) assert.match(outcome, lost)
      assert.equal((await store.tokens.listAccess({ clientId: 'mover' }, { limit: 200 })).length, 1)
      assert.equal((await store.authorizations.list({}, { limit: 500 })).length, before + 1)
      const later = await resource(server, { ...mover, credentials })
      assert.equal(await outcomeOf(later), exchange.revokes ? '401 invalid_token' : '200')
      await store.close()
    })
  }
}

test('RFC 8693 §2.1: with the old credential revoked, where the operator wants it', async () => {
  const server = await start({ exchange: { revokes: true } })
  const credentials = await tokenFor(server, mover)
  const answer = await exchangeOf(server, credentials)
  assert.equal(answer.status, 200)
  assert.equal(await outcomeOf(await resource(server, { ...mover, credentials })), '401 invalid_token')
  assert.equal((await exchangeOf(server, credentials)).status, 401)
  assert.equal((await introspect(server, (await answer.json()).access_token)).active, true)
})

test('RFC 8693 §2.1: the end of the old credential is an event, once, and only where it ends', async () => {
  for (const [exchange, expected] of [
    [{ revokes: true }, ['oauth1 mover']],
    [{ repeatedly: false }, []],
    [{}, []],
  ] as const) {
    const server = await start({ exchange })
    const credentials = await tokenFor(server, mover)
    await Promise.all(Array.from({ length: 20 }, () => exchangeOf(server, credentials)))
    const revoked = server.events.flatMap((event) =>
      event.type === 'token_revoked' ? [`${event.kind} ${event.clientId}`] : [],
    )
    assert.deepEqual(revoked, expected)
  }
})

test('RFC 8693 §2.1: a request that is not signed by the very credential is refused', async () => {
  const server = await start()
  const credentials = await tokenFor(server, mover)
  const other = await tokenFor(server, mover)
  const form = { grant_type: grantType, subject_token: credentials.token, subject_token_type: tokenType }
  const cases: [Response, string][] = [
    [await server.post('/token', form), '401 invalid_client'],
    [await server.post('/token', { ...form, client_id: 'mover' }), '400 unauthorized_client'],
    [await server.post('/token', form, { client: ['web', 'web-secret'] }), '400 unauthorized_client'],
    [await exchangeOf(server, { ...credentials, secret: 'guess' }), '401 invalid_client'],
    [await exchangeOf(server, other, { form: { subject_token: credentials.token } }), '400 invalid_request'],
    [
      await exchangeOf(server, credentials, { tamper: ({ body = '' }) => ({ body: `${body}&scope=read` }) }),
      '401 invalid_client',
    ],
  ]
  for (const [answer, outcome] of cases) assert.equal(await outcomeOf(answer), outcome)
})

test('RFC 8693 §2.1: the nonce of an exchange is used up like any other', async () => {
  const server = await start()
  const credentials = await tokenFor(server, mover)
  const same = { timestamp: server.clock.now(), nonce: 'n' }
  assert.equal((await exchangeOf(server, credentials, same)).status, 200)
  assert.equal((await exchangeOf(server, credentials, same)).status, 401)
})

test('RFC 8693 §2.1: parameters are needed and have one value each that is understood', async () => {
  const server = await start()
  const credentials = await tokenFor(server, mover)
  const cases: [Record<string, string>, string][] = [
    [{ subject_token_type: accessTokenType }, '400 invalid_request'],
    [{ actor_token: 'x', actor_token_type: accessTokenType }, '400 invalid_request'],
    [{ actor_token_type: accessTokenType }, '400 invalid_request'],
    [{ subject_token_type: '' }, '400 invalid_request'],
    [{ subject_token: '' }, '400 invalid_request'],
    [{ requested_token_type: 'urn:ietf:params:oauth:token-type:id_token' }, '400 invalid_request'],
    [{ requested_token_type: accessTokenType }, '200'],
    [{ scope: 'read write' }, '400 invalid_scope'],
    [{ scope: 'read' }, '200'],
  ]
  for (const [form, outcome] of cases) {
    assert.equal(await outcomeOf(await exchangeOf(server, credentials, { form })), outcome, JSON.stringify(form))
  }
})

test('RFC 6749 §5.2: a client that is not registered for the exchange cannot make one', async () => {
  const server = await start()
  const credentials = await tokenFor(server)
  const printer = { consumerKey: 'printer', keys: { clientSecret: 'kd94hf93k423kf44' } }
  assert.equal((await exchangeOf(server, credentials, printer)).status, 401)
})

test('RFC 6749 §2.3: the signature is client authentication for the exchange only, and at the token endpoint only', async () => {
  const server = await start()
  const credentials = await tokenFor(server, mover)
  const { refresh_token } = await (await exchangeOf(server, credentials)).json()
  const refresh = new URLSearchParams({ grant_type: 'refresh_token', refresh_token }).toString()
  assert.equal((await sendSigned(server, '/token', { ...mover, credentials, body: refresh })).status, 400)
  for (const path of ['/introspect', '/revoke', '/oauth1/verify']) {
    assert.equal((await sendSigned(server, path, { ...mover, credentials, body: 'token=x' })).status, 401, path)
  }
  const renewed = await server.post('/token', { grant_type: 'refresh_token', refresh_token, client_id: 'mover' })
  assert.equal(renewed.status, 200)
})

test('RFC 8693 §2.1: where the exchange is off, nothing answers it', async () => {
  const server = await start({ exchange: false })
  const credentials = await tokenFor(server, mover)
  assert.equal((await exchangeOf(server, credentials)).status, 401)
})

test('RFC 8414 §2: metadata names the exchange and its client authentication where they are', async () => {
  const metadata = async (server: TestServer) =>
    (await server.send(new Request(`${server.origin}/.well-known/oauth-authorization-server`))).json()
  const on = await metadata(await start())
  assert.ok(on.grant_types_supported.includes(grantType))
  const off = await metadata(await start({ exchange: false }))
  assert.ok(!off.grant_types_supported.includes(grantType))
})

test('RFC 8693 §2.1: a header with control characters, repeats or too much in it is refused before anything is looked up', async () => {
  const server = await start()
  const credentials = await tokenFor(server, mover)
  const find = server.store.clients.find
  const looked: string[] = []
  const watched: typeof find = (id) => {
    looked.push(id)
    return find(id)
  }
  Object.assign(server.store.clients, { find: watched })
  const long = 'x'.repeat(5000)
  const headers = ['%00', '%0a', '%7f', '%c2%85', 'mover%00'].map((key) => `oauth_consumer_key="${key}"`)
  headers.push(`oauth_consumer_key="${long}"`, 'oauth_consumer_key="mover",oauth_consumer_key="other"')
  headers.push('oauth_consumer_key="mover",oauth_token="a%00"', 'oauth_consumer_key="%ff"', 'oauth_consumer_key')
  for (const shown of headers) {
    const authorization = `OAuth ${shown}`
    const answer = await server.post('/token', { grant_type: grantType }, { headers: { authorization } })
    assert.equal(await outcomeOf(answer), '400 invalid_request', shown)
  }
  assert.deepEqual(looked, [])
  assert.equal((await exchangeOf(server, credentials)).status, 200)
})
