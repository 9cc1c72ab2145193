import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import { signJwt } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import { readJwt } from '../../core/crypto/jose/verify-jwt.ts'
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
  const theirs = { sub: 'admin@example.com', iss: 'https://other.example' }
  assert.equal(mayActAs(mayAct, theirs, own, 'https://other.example'), true)
  assert.equal(mayActAs({ ...mayAct, iss: own }, theirs, own, 'https://other.example'), false)
  assert.equal(mayActAs(mayAct, theirs, own, 'https://third.example'), false)
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

const cooperation = 'urn:example:cooperation-context'
const originalIssuer = 'https://original-issuer.example.net'
const typed = (name: string): string => `urn:ietf:params:oauth:token-type:${name}`

/** The server of Appendix A, where both tokens of the examples are good, and what it answers. */
async function exchanged(subject: JwtClaims, actor: JwtClaims | undefined, delegation: boolean) {
  const key = await generateSigningKey('ES256')
  const people = ['bdc@example.net', 'user@example.net', 'admin@example.net']
  const server = await startTestServer({
    clock: fakeClock(1441909950),
    issuer: 'https://as.example.com',
    tokenExchange: { policy: () => ({ delegation }) },
    trustedIssuers: [{ issuer: originalIssuer, jwks: { keys: [key.publicJwk] }, authenticateUser: ({ sub }) => sub }],
    resources: [{ identifier: cooperation, name: 'Cooperation', token_format: 'jwt' }],
    scopes: ['orders', 'profile', 'history', 'status', 'feed'].map((name) => ({
      name,
      description: name,
      is_default: false,
    })),
    users: people.map((id) => ({ id, username: id, password: 'correct horse' })),
    clients: [
      {
        client_id: 'rs08',
        secret: 'long-secure-random-secret',
        grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'],
      },
    ],
  })
  const signed = (claims: JwtClaims): string =>
    signJwt(key, { typ: 'JWT', claims: { aud: 'https://as.example.com', iss: originalIssuer, ...claims } })
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    audience: cooperation,
    subject_token: signed(subject),
    subject_token_type: typed('jwt'),
    ...(actor !== undefined && { actor_token: signed(actor), actor_token_type: typed('jwt') }),
  }
  const answer = await server.post('/token', form, { client: ['rs08', 'long-secure-random-secret'] })
  assert.deepEqual([answer.status, answer.headers.get('cache-control')], [200, 'no-store'])
  const { access_token, issued_token_type, token_type, scope } = await answer.json()
  const { aud, iss, sub, exp, act } = readJwt(access_token).claims
  return { claims: { aud, iss, sub, exp, ...(act !== undefined && { act }) }, issued_token_type, token_type, scope }
}

test('RFC 8693 Appendix A.1: the impersonation of the example, for the subject and no longer than its token', async () => {
  const subject = { exp: 1441910600, nbf: 1441909000, sub: 'bdc@example.net', scope: 'orders profile history' }
  assert.deepEqual(await exchanged(subject, undefined, false), {
    claims: { aud: cooperation, iss: 'https://as.example.com', sub: 'bdc@example.net', exp: 1441910600 },
    issued_token_type: typed('access_token'),
    token_type: 'Bearer',
    scope: 'orders profile history',
  })
})

test('RFC 8693 Appendix A.2: the delegation of the example, with the admin as actor for the user', async () => {
  const may_act = { sub: 'admin@example.net' }
  const subject = { exp: 1441910060, scope: 'status feed', sub: 'user@example.net', may_act }
  const { claims, scope } = await exchanged(subject, { exp: 1441910060, sub: 'admin@example.net' }, true)
  const { act, ...others } = claims as typeof claims & { readonly act?: { readonly sub?: string } }
  assert.deepEqual(others, {
    aud: cooperation,
    iss: 'https://as.example.com',
    sub: 'user@example.net',
    exp: 1441910060,
  })
  assert.deepEqual([act?.sub, scope], ['admin@example.net', 'status feed'])
})
