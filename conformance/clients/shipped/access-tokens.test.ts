import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { grants, startEverything } from '../../servers/shipped/everything.ts'
import { grantOf, keyPair, openedBy, openidClient, toldOf, webClient } from '../../servers/shipped/libraries.ts'

const key = await keyPair('signs')
const encryption = await keyPair('opens', 'RSA-OAEP-256', 'enc')
const clients = [
  {
    client_id: 'signed',
    introspection_signed_response_alg: 'ES256',
    jwks: { keys: [key.jwk] },
  },
  {
    client_id: 'encrypted',
    introspection_signed_response_alg: 'ES256',
    introspection_encrypted_response_alg: 'RSA-OAEP-256',
    introspection_encrypted_response_enc: 'A256GCM',
    jwks: { keys: [key.jwk, encryption.jwk] },
  },
].map((one) => ({ ...one, token_endpoint_auth_method: 'private_key_jwt', grant_types: [grants.machine] }))

const scene = await startEverything(() => ({ clients }))
const { api } = scene
const auth = () => oauth.PrivateKeyJwt({ key: key.privateKey, kid: 'signs' })
const asked = (token: string) => new Request(api.reports, { headers: { authorization: `Bearer ${token}` } })

test('RFC 9068 §4, RFC 7009: oauth4webapi validates JWTs of cardea serve, an API takes them, and they can be revoked', async () => {
  const web = await webClient(scene, { client_id: 'signed' }, auth())
  const { access_token } = await grantOf(web, grants.machine, { resource: api.reports })
  const claims = await oauth.validateJwtAccessToken(web.as, asked(access_token), api.reports, web.options)
  assert.deepEqual([claims.iss, claims.client_id, claims.scope], [scene.issuer, 'signed', 'read'])
  await assert.rejects(oauth.validateJwtAccessToken(web.as, asked(access_token), api.notes, web.options))
  const at = (place: string) =>
    oauth.protectedResourceRequest(access_token, 'GET', new URL(place), undefined, null, web.options)
  assert.equal((await at(api.reports)).status, 200)
  await assert.rejects(at(api.notes), { status: 401 })
  assert.equal((await toldOf(web, access_token)).active, true)
  await oauth.revocationRequest(web.as, web.app, web.auth, access_token, web.options)
  assert.deepEqual(await toldOf(web, access_token), { active: false })
})

test('RFC 9068, RFC 7662, RFC 7009: openid-client calls APIs of cardea serve with a JWT and an opaque token, and ends both', async () => {
  const config = await openidClient(scene, 'signed', client.PrivateKeyJwt(key.privateKey))
  for (const [place, looks] of [
    [api.reports, /^eyJ/],
    [api.notes, /^cat_/],
  ] as const) {
    const { access_token } = await client.clientCredentialsGrant(config, { resource: place })
    assert.match(access_token, looks)
    const get = () => client.fetchProtectedResource(config, access_token, new URL(place), 'GET')
    assert.equal(((await (await get()).json()) as { clientId: string }).clientId, 'signed')
    await client.tokenRevocation(config, access_token)
    assert.deepEqual(await client.tokenIntrospection(config, access_token), { active: false })
    if (place === api.notes) await assert.rejects(get(), { status: 401 })
  }
})

for (const id of ['signed', 'encrypted']) {
  test(`RFC 9701 §5: oauth4webapi reads and verifies ${id} introspection of cardea serve`, async () => {
    const web = await webClient(scene, { client_id: id, introspection_signed_response_alg: 'ES256' }, auth())
    const { access_token } = await grantOf(web, grants.machine, { resource: api.reports })
    const answer = await oauth.introspectionRequest(web.as, web.app, web.auth, access_token, web.options)
    assert.equal(answer.headers.get('content-type'), 'application/token-introspection+jwt')
    const told = await oauth.processIntrospectionResponse(web.as, web.app, answer, openedBy(encryption.privateKey))
    await oauth.validateApplicationLevelSignature(web.as, answer, web.options)
    assert.deepEqual([told.active, told.aud], [true, api.reports])
  })

  test(`RFC 9701 §5: openid-client reads and verifies ${id} introspection of cardea serve`, async () => {
    const about = { introspection_signed_response_alg: 'ES256' }
    const config = await openidClient(scene, id, client.PrivateKeyJwt(key.privateKey), about)
    client.enableNonRepudiationChecks(config)
    const { access_token } = await client.clientCredentialsGrant(config)
    const asked = client.tokenIntrospection(config, access_token)
    if (id === 'signed') return assert.equal((await asked).active, true)
    await assert.rejects(asked)
    const opening = { key: encryption.privateKey, alg: 'RSA-OAEP-256', kid: 'opens' }
    client.enableDecryptingResponses(config, ['A256GCM'], opening)
    assert.equal((await client.tokenIntrospection(config, access_token)).active, true)
  })
}

test('RFC 9701 §5: signed introspection of cardea serve is for who asks: another client of oauth4webapi refuses it', async () => {
  const app = { client_id: 'signed', introspection_signed_response_alg: 'ES256' }
  const web = await webClient(scene, app, auth())
  const { access_token } = await grantOf(web, grants.machine, {})
  const answer = await oauth.introspectionRequest(web.as, web.app, web.auth, access_token, web.options)
  await assert.rejects(oauth.processIntrospectionResponse(web.as, { ...app, client_id: 'another' }, answer), {
    code: oauth.JWT_CLAIM_COMPARISON,
  })
})
