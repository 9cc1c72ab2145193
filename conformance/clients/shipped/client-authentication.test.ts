import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { testCertificate } from '../../../packages/cardea/test-support/test-certificate.ts'
import { authority, grants, startEverything } from '../../servers/shipped/everything.ts'
import { grantOf, keyPair, openidClient, toldOf, webClient } from '../../servers/shipped/libraries.ts'

const secret = 'a secret of more than thirty-two bytes'
const byValue = await keyPair('by value')
const byAddress = await keyPair('by address')
const stranger = await keyPair('stranger')
const issued = testCertificate({ subject: [{ O: 'Acme' }, { CN: 'shop' }], issuer: authority })
const misissued = testCertificate({ subject: [{ O: 'Acme' }, { CN: 'thief' }], issuer: authority })
const selfSigned = testCertificate({ subject: [{ CN: 'anything' }] })
const { d: _, kty = '', ...half } = selfSigned.privateKey.export({ format: 'jwk' })

const scene = await startEverything(({ documents }) => {
  const machine = { grant_types: [grants.machine] }
  const keyed = { ...machine, token_endpoint_auth_method: 'private_key_jwt' }
  return {
    clients: [
      { ...machine, client_id: 'shared', token_endpoint_auth_method: 'client_secret_jwt', client_secret: secret },
      { ...keyed, client_id: 'by-value', jwks: { keys: [byValue.jwk] } },
      { ...keyed, client_id: 'by-address', jwks_uri: documents.put('keys', { keys: [byAddress.jwk] }) },
      {
        ...machine,
        client_id: 'issued',
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: 'CN=shop,O=Acme',
      },
      {
        ...machine,
        client_id: 'self-signed',
        token_endpoint_auth_method: 'self_signed_tls_client_auth',
        jwks: { keys: [{ kty, ...half }] },
      },
    ],
  }
})

const key = (pair: typeof byValue, kid = pair.jwk.kid) => ({
  web: oauth.PrivateKeyJwt({ key: pair.privateKey, kid }),
  openid: client.PrivateKeyJwt({ key: pair.privateKey, kid }),
})
const tls = (shown: typeof issued) => ({ web: oauth.TlsClientAuth(), openid: client.TlsClientAuth(), shown })
const shared = (value: string) => ({ web: oauth.ClientSecretJwt(value), openid: client.ClientSecretJwt(value) })

for (const [id, spec, right, wrong] of [
  ['shared', 'RFC 7523 §2.2: client_secret_jwt', shared(secret), shared(`${secret}!`)],
  ['by-value', 'RFC 7523 §2.2: private_key_jwt, jwks', key(byValue), key(stranger, 'by value')],
  ['by-address', 'RFC 7523 §2.2: private_key_jwt, jwks_uri', key(byAddress), key(stranger, 'by address')],
  ['issued', 'RFC 8705 §2.1: tls_client_auth', tls(issued), tls(misissued)],
  ['self-signed', 'RFC 8705 §2.2: self_signed_tls_client_auth', tls(selfSigned), tls(issued)],
] as const) {
  test(`${spec}: oauth4webapi gets, introspects and revokes tokens of cardea serve; another key is refused`, async () => {
    const { web, shown } = { shown: undefined, ...right }
    const app = await webClient(scene, { client_id: id }, web, shown)
    const { access_token } = await grantOf(app, grants.machine, {})
    assert.equal((await toldOf(app, access_token)).client_id, id)
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(app.as, app.app, app.auth, access_token, app.options),
    )
    assert.deepEqual(await toldOf(app, access_token), { active: false })
    const thief = { shown: undefined, ...wrong }
    const other = await webClient(scene, { client_id: id }, thief.web, thief.shown)
    await assert.rejects(grantOf(other, grants.machine, {}), { status: 401 })
  })

  test(`${spec}: openid-client gets, introspects and revokes tokens of cardea serve; another key is refused`, async () => {
    const { openid, shown } = { shown: undefined, ...right }
    const config = await openidClient(scene, id, openid, {}, shown)
    const { access_token } = await client.clientCredentialsGrant(config)
    assert.equal((await client.tokenIntrospection(config, access_token)).client_id, id)
    await client.tokenRevocation(config, access_token)
    assert.deepEqual(await client.tokenIntrospection(config, access_token), { active: false })
    const thief = { shown: undefined, ...wrong }
    const other = await openidClient(scene, id, thief.openid, {}, thief.shown)
    await assert.rejects(client.clientCredentialsGrant(other), { status: 401 })
  })
}
