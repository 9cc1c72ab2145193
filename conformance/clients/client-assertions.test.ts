import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientSecrets } from 'cardea'
import { exportJWK } from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { type AuthorizationServer, startAuthorizationServer } from '../servers/authorization-server.ts'
import { decideOn, john } from '../servers/resource-owner.ts'

const redirectUri = 'https://client.example/cb'
const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
const grants = ['authorization_code', 'refresh_token', 'client_credentials', exchangeGrant]
const serverSecret = 'p'.repeat(40)
const secret = 's'.repeat(43)

const pair = await oauth.generateKeyPair('ES256', { extractable: true })
const clients = [
  {
    client_id: 'keyed',
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: { keys: [{ ...((await exportJWK(pair.publicKey)) as { kty: string }), kid: 'one' }] },
    grant_types: grants,
  },
  {
    client_id: 'shared',
    token_endpoint_auth_method: 'client_secret_jwt',
    sealed_secret: clientSecrets([serverSecret]).seal('shared', secret),
    grant_types: grants,
  },
]

const skewOf = ({ clock }: AuthorizationServer): number => clock.now() - Math.floor(Date.now() / 1000)

const methods = [
  ['private_key_jwt', 'keyed', () => oauth.PrivateKeyJwt({ key: pair.privateKey, kid: 'one' })],
  ['client_secret_jwt', 'shared', () => oauth.ClientSecretJwt(secret)],
] as const

for (const [name, id, authentication] of methods) {
  test(`RFC 7523 §2.2, A2-CAUTH-11: oauth4webapi: ${name} at the token, introspection, revocation and PAR endpoints`, async (t) => {
    const server = await startAuthorizationServer(t, {
      clients,
      users: [john],
      secrets: [serverSecret],
      pushedRequests: true,
    })
    const insecure = { [oauth.allowInsecureRequests]: true }
    const issuer = new URL(server.issuer)
    const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
    const as = await oauth.processDiscoveryResponse(issuer, found)
    assert.ok(as.token_endpoint_auth_methods_supported?.includes(name))
    const app = { client_id: id, [oauth.clockSkew]: skewOf(server) }
    const auth = authentication()
    const asked = await oauth.clientCredentialsGrantRequest(as, app, auth, { scope: 'read' }, insecure)
    const { access_token } = await oauth.processClientCredentialsResponse(as, app, asked)
    const introspect = async () => {
      const answer = await oauth.introspectionRequest(as, app, auth, access_token, insecure)
      return (await oauth.processIntrospectionResponse(as, app, answer)).active
    }
    assert.equal(await introspect(), true)
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, app, auth, access_token, insecure))
    assert.equal(await introspect(), false)
    const verifier = oauth.generateRandomCodeVerifier()
    const parameters = {
      redirect_uri: redirectUri,
      response_type: 'code',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }
    const pushed = await oauth.pushedAuthorizationRequest(as, app, auth, parameters, insecure)
    const { request_uri } = await oauth.processPushedAuthorizationResponse(as, app, pushed)
    const url = new URL(as.authorization_endpoint ?? '')
    url.search = new URLSearchParams({ client_id: id, request_uri }).toString()
    const callback = await decideOn(server, url.href, 'allow')
    const params = oauth.validateAuthResponse(as, app, callback, oauth.expectNoState)
    const coded = await oauth.authorizationCodeGrantRequest(as, app, auth, params, redirectUri, verifier, insecure)
    assert.equal((await oauth.processAuthorizationCodeResponse(as, app, coded)).token_type, 'bearer')
  })

  test(`RFC 7523 §2.2, RFC 8693 §2.1, ASK-05: openid-client: ${name}, and an exchange of what it bought`, async (t) => {
    const server = await startAuthorizationServer(t, { clients, secrets: [serverSecret], tokenExchange: true })
    const auth = name === 'private_key_jwt' ? client.PrivateKeyJwt(pair.privateKey) : client.ClientSecretJwt(secret)
    const metadata = { [client.clockSkew]: skewOf(server) }
    const config = await client.discovery(new URL(server.issuer), id, metadata, auth, {
      algorithm: 'oauth2',
      execute: [client.allowInsecureRequests],
    })
    const { access_token } = await client.clientCredentialsGrant(config, { scope: 'read write' })
    const exchanged = await client.genericGrantRequest(config, exchangeGrant, {
      subject_token: access_token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      scope: 'read',
    })
    assert.equal(exchanged.scope, 'read')
    assert.equal(exchanged.issued_token_type, 'urn:ietf:params:oauth:token-type:access_token')
  })
}

test('RFC 7523 §3: what oauth4webapi signs for another server is refused', async (t) => {
  const server = await startAuthorizationServer(t, { clients, secrets: [serverSecret] })
  const as = { issuer: 'https://other.example', token_endpoint: `${server.issuer}/token` }
  const app = { client_id: 'keyed', [oauth.clockSkew]: skewOf(server) }
  const auth = oauth.PrivateKeyJwt(pair.privateKey)
  const options = { [oauth.allowInsecureRequests]: true }
  const answer = await oauth.clientCredentialsGrantRequest(as, app, auth, {}, options)
  assert.equal(answer.status, 401)
})
