import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { grants, startEverything } from '../../servers/shipped/everything.ts'
import { grantOf, keyPair, openidClient, refused, toldOf, webClient } from '../../servers/shipped/libraries.ts'
import { ada } from '../../servers/shipped/person.ts'

const idp = 'https://idp.example'
const idpKey = await keyPair('idp')
const own = await keyPair('own')

const scene = await startEverything(({ documents }) => ({
  trustedIssuers: [
    { issuer: idp, jwksUri: documents.put('idp', { keys: [idpKey.jwk] }), usernameClaim: 'email', scope: ['read'] },
  ],
  clients: [
    {
      client_id: 'app',
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: [grants.bearer],
      jwks: { keys: [own.jwk] },
    },
  ],
}))

const assertionOf = (iss: string, { privateKey }: typeof own, claims: object): Promise<string> =>
  new SignJWT({ iss, aud: scene.issuer, jti: randomUUID(), ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
    .setExpirationTime('1m')
    .sign(privateKey)
const ofAda = () => assertionOf(idp, idpKey, { sub: '17', email: ada.username })
const ofItself = () => assertionOf('app', own, { sub: 'app' })

test('RFC 7523 §2.1: oauth4webapi buys tokens of cardea serve for a JWT of a trusted issuer, once, and for its own', async () => {
  const web = await webClient(scene, { client_id: 'app' }, oauth.PrivateKeyJwt(own.privateKey))
  const assertion = await ofAda()
  const { access_token } = await grantOf(web, grants.bearer, { assertion, scope: 'read write' })
  const told = await toldOf(web, access_token)
  assert.deepEqual([told.username, told.scope], [ada.username, 'read'])
  await refused(grantOf(web, grants.bearer, { assertion }), 'invalid_grant')
  assert.equal((await grantOf(web, grants.bearer, { assertion: await ofItself() })).token_type, 'bearer')
})

test('RFC 7523 §2.1: openid-client buys tokens of cardea serve for a JWT of a trusted issuer, and none for one of a stranger', async () => {
  const config = await openidClient(scene, 'app', client.PrivateKeyJwt(own.privateKey))
  const { access_token } = await client.genericGrantRequest(config, grants.bearer, { assertion: await ofAda() })
  assert.equal((await client.tokenIntrospection(config, access_token)).username, ada.username)
  const bought = await client.genericGrantRequest(config, grants.bearer, { assertion: await ofItself() })
  assert.equal(bought.token_type, 'bearer')
  const forged = await assertionOf(idp, own, { sub: '17', email: ada.username })
  await refused(client.genericGrantRequest(config, grants.bearer, { assertion: forged }), 'invalid_grant')
})
