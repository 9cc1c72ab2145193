import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dataOf, oauth1Host, signedRequest } from '../../testing/oauth1-host.ts'
import type { ClientModel, TokenModel } from './models.ts'

const asked = { oauth_callback: 'https://app.example/cb' }

/** The status and error of a first request of `client`, whom the host finds as this row. */
async function initiated(row: unknown) {
  const { server, clock } = oauth1Host({ clients: { find: () => row as ClientModel } })
  const signing = { timestamp: clock.now(), nonce: 'n', parameters: asked }
  const answer = await server.createTemporaryCredentialsResponse(signedRequest('/initiate', 'POST', signing)())
  return [answer.status, (await dataOf(answer)).error]
}

/** The status of a request that is signed with the token `t`, which the host finds as this row. */
async function used(row: unknown, need?: string) {
  const { protector, clock } = oauth1Host({ tokens: { save: () => {}, find: () => row as TokenModel } })
  const guard = protector.requireOAuth(need, (_request, { credential }) => Response.json(credential))
  const keys = { clientSecret: 'secret', tokenSecret: 'ts' }
  const answer = await guard(signedRequest('/', 'GET', { timestamp: clock.now(), nonce: 'n', token: 't', keys })())
  return answer.status
}

const client = { clientId: 'client', secret: 'secret', callbacks: ['https://app.example/cb'] }
const token = { clientId: 'client', userId: '1', secret: 'ts' }

test('RFC 5849 §3.2: columns of a client may be null, and lists text, as databases have them', async () => {
  const empty = { name: null, scope: null, signatureMethods: null, rsaPublicKey: null, applicationType: null }
  assert.deepEqual(await initiated({ ...client, ...empty, disabled: 0, defaultRedirectUri: null }), [200, undefined])
  const texts = {
    callbacks: 'https://other.example/ https://app.example/cb',
    signatureMethods: 'HMAC-SHA256 HMAC-SHA1',
  }
  assert.deepEqual(await initiated({ ...client, ...texts }), [200, undefined])
  assert.deepEqual(await initiated({ ...client, callbacks: '["https://app.example/cb"]' }), [200, undefined])
  assert.deepEqual(await initiated({ ...client, callbacks: 'https://app.example/cb2' }), [400, 'invalid_request'])
  assert.deepEqual(await initiated({ ...client, signatureMethods: 'X-HMAC-SHA1' }), [
    400,
    'unsupported_signature_method',
  ])
})

test('RFC 5849 §3.2: a client that is marked disabled, or found by another key, is unknown', async () => {
  for (const row of [{ ...client, disabled: 1 }, { ...client, clientId: 'CLIENT' }, {}, [], 5, 'client', true]) {
    assert.deepEqual(await initiated(row), [401, 'invalid_client'], JSON.stringify(row))
  }
})

test('RFC 5849 §3.4.2: a secret that is no text, or sealed by nobody, is no secret, and nothing fails', async () => {
  for (const secrets of [{ secret: 5 }, { secret: null }, { secret: '' }, { secret: 'x', sealedSecret: 'made up' }]) {
    assert.deepEqual(await initiated({ ...client, ...secrets }), [401, 'invalid_signature'], JSON.stringify(secrets))
  }
})

test('RFC 5849 §3.2: a token that a column marks as revoked is accepted nowhere, as 1 and as true', async () => {
  assert.equal(await used(token), 200)
  for (const revoked of [0, null, false]) assert.equal(await used({ ...token, revoked }), 200)
  for (const revoked of [1, true]) assert.equal(await used({ ...token, revoked }), 401)
})

test('RFC 5849 §3.2: the end of a token may be null or text; one that cannot be read has passed', async () => {
  const never = [null, undefined, 99_999_999_999, '99999999999']
  for (const expiresAt of never) assert.equal(await used({ ...token, expiresAt }), 200, String(expiresAt))
  const over = [1, '1', 0, '', 'soon', Number.NaN, new Date('2099-01-01'), {}, true]
  for (const expiresAt of over) assert.equal(await used({ ...token, expiresAt }), 401, String(expiresAt))
})

test('RFC 5849 §3.2: a token without a user is nobody’s, and works nowhere', async () => {
  for (const userId of [undefined, null, '']) assert.equal(await used({ ...token, userId }), 401)
  assert.equal(await used({ ...token, userId: 1 }), 200)
})

test('RFC 5849 §3.2: scope in a text column is compared by whole names', async () => {
  const row = { ...token, scope: 'photos:read admin-view' }
  assert.equal(await used(row, 'photos:read'), 200)
  assert.equal(await used(row, 'photos:read admin-view'), 200)
  for (const need of ['admin', 'photos', 'read']) assert.equal(await used(row, need), 403, need)
  assert.equal(await used({ ...token, scope: null }, 'read'), 403)
})
