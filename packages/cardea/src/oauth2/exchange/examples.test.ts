import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signJwt } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import { fakeClock } from '../../testing/fake-clock.ts'
import { startTestServer } from '../../testing/test-server.ts'
import { clientCredentials } from '../token/grants/client-credentials.ts'
import { actorFrom, chained, mayActAs } from './actors.ts'

test('RFC 8693 §4.1: the chain of the example is read, and the next actor stands in front of it', () => {
  const act = { sub: 'https://service16.example.com', act: { sub: 'https://service77.example.com' } }
  assert.deepEqual(actorFrom(act), act)
  assert.deepEqual(chained({ sub: 'https://service26.example.com' }, act, 3), {
    sub: 'https://service26.example.com',
    act,
  })
  assert.throws(() => chained({ sub: 'https://service26.example.com' }, act, 2))
})

test('RFC 8693 §4.4: the admin of the example may act for the user, and nobody like it', () => {
  const mayAct = { sub: 'admin@example.com' }
  const own = 'https://issuer.example.com'
  assert.equal(mayActAs(mayAct, { sub: 'admin@example.com' }, own), true)
  assert.equal(mayActAs(mayAct, { sub: 'admin@example.com', iss: 'https://other.example' }, own), false)
  assert.equal(mayActAs(mayAct, { sub: 'admin@example.net' }, own), false)
})

for (const claim of [null, 'a', 1, {}, { sub: '' }, { sub: 1 }, { sub: 'a', act: 'b' }, { sub: 'a', act: {} }]) {
  test(`RFC 8693 §4.1: ${JSON.stringify(claim)} names nobody`, () => assert.equal(actorFrom(claim), undefined))
}

test('RFC 8693 §2.3: the exchange of the example, by a resource server for its backend', async () => {
  const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
  const accessToken = 'urn:ietf:params:oauth:token-type:access_token'
  const backend = 'https://backend.example.com/api'
  const server = await startTestServer({
    tokenExchange: { policy: ({ client }) => client.client_id === 'rs08' },
    resources: [{ identifier: backend, name: 'Backend' }],
    grants: [clientCredentials()],
    clients: [
      { client_id: 'rs08', secret: 'long-secure-random-secret', grant_types: [grantType] },
      { client_id: 'app', secret: 's', grant_types: ['client_credentials'] },
    ],
  })
  const first = await server.post('/token', { grant_type: 'client_credentials' }, { client: ['app', 's'] })
  const { access_token: subject_token } = await first.json()
  const form = { grant_type: grantType, resource: backend, subject_token, subject_token_type: accessToken }
  const answer = await server.post('/token', form, { client: ['rs08', 'long-secure-random-secret'] })
  assert.deepEqual([answer.status, answer.headers.get('cache-control')], [200, 'no-store'])
  const { issued_token_type, token_type, expires_in } = await answer.json()
  assert.deepEqual([issued_token_type, token_type, expires_in], [accessToken, 'Bearer', 3600])
})

test('RFC 7523 §4: the assertion of the example, with its header and claims, buys a token', async () => {
  const { kid: _, ...pair } = await generateSigningKey('ES256')
  const key = { ...pair, kid: '16' }
  const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
  const clock = fakeClock(1300815780)
  const server = await startTestServer({
    clock,
    issuer: 'https://jwt-rp.example.net',
    jwtBearer: { requireId: false },
    trustedIssuers: [
      {
        issuer: 'https://jwt-idp.example.com',
        jwks: { keys: [{ ...key.publicJwk, kid: '16' }] },
        authenticateUser: () => 'mike',
      },
    ],
    users: [{ id: 'mike', username: 'mike', password: 'correct horse' }],
    clients: [{ client_id: 'rp', secret: 's', grant_types: [jwtBearer] }],
  })
  const claims = {
    iss: 'https://jwt-idp.example.com',
    sub: 'mailto:mike@example.com',
    aud: 'https://jwt-rp.example.net',
    nbf: 1300815780,
    exp: 1300819380,
    'http://claims.example.com/member': true,
  }
  const assertion = signJwt(key, { typ: 'JWT', claims })
  const ask = () => server.post('/token', { grant_type: jwtBearer, assertion }, { client: ['rp', 's'] })
  assert.equal((await ask()).status, 200)
  clock.advance(3660)
  assert.equal((await (await ask()).json()).error, 'invalid_grant')
})
