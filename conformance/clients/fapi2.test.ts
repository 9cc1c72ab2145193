import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { fapi2 } from 'cardea'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { type AuthorizationServer, startAuthorizationServer } from '../servers/authorization-server.ts'
import { decideOn, john } from '../servers/resource-owner.ts'

const insecure = { [oauth.allowInsecureRequests]: true }
const redirectUri = 'https://client.example/cb'

interface Meeting {
  readonly server: AuthorizationServer
  readonly keys: CryptoKeyPair
  /** Of the client's metadata. */
  readonly about: { readonly authorization_signed_response_alg: string; readonly [oauth.clockSkew]: number }
}

async function meet(t: TestContext, messageSigning: boolean): Promise<Meeting> {
  const keys = await oauth.generateKeyPair('ES256', { extractable: true })
  const jwk = (await crypto.subtle.exportKey('jwk', keys.publicKey)) as { kty: string }
  const server = await startAuthorizationServer(t, {
    preset: fapi2({ messageSigning }),
    users: [john],
    clients: [
      {
        client_id: 'bank-app',
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [jwk] },
        request_object_signing_alg: 'ES256',
        authorization_signed_response_alg: 'ES256',
      },
    ],
  })
  const skew = server.clock.now() - Math.floor(Date.now() / 1000)
  return { server, keys, about: { authorization_signed_response_alg: 'ES256', [oauth.clockSkew]: skew } }
}

for (const messageSigning of [false, true]) {
  const name = messageSigning ? 'FAPI 2.0 Message Signing' : 'FAPI 2.0 Security Profile'

  test(`${name}: oauth4webapi pushes, proves its keys, and uses a token that is bound to one`, async (t) => {
    const { about, keys, server } = await meet(t, messageSigning)
    const issuer = new URL(server.issuer)
    const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
    const as = await oauth.processDiscoveryResponse(issuer, found)
    const app = { ...about, client_id: 'bank-app' }
    const auth = oauth.PrivateKeyJwt(keys.privateKey)
    const DPoP = oauth.DPoP(app, await oauth.generateKeyPair('ES256'))
    const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()]
    const params = new URLSearchParams({
      client_id: 'bank-app',
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'read',
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(messageSigning && { response_mode: 'jwt' }),
    })
    const sent = messageSigning
      ? new URLSearchParams({
          client_id: 'bank-app',
          request: await oauth.issueRequestObject(as, app, params, keys.privateKey),
        })
      : params
    const pushed = await oauth.pushedAuthorizationRequest(as, app, auth, sent, { DPoP, ...insecure })
    const { request_uri } = await oauth.processPushedAuthorizationResponse(as, app, pushed)
    const url = `${as.authorization_endpoint}?${new URLSearchParams({ client_id: 'bank-app', request_uri })}`
    const sentBack = await decideOn(server, url, 'allow')
    const callback = messageSigning
      ? await oauth.validateJwtAuthResponse(as, app, sentBack, state, insecure)
      : oauth.validateAuthResponse(as, app, sentBack, state)
    const more = { DPoP, ...insecure }
    const redeemed = await oauth.authorizationCodeGrantRequest(as, app, auth, callback, redirectUri, verifier, more)
    const tokens = await oauth.processAuthorizationCodeResponse(as, app, redeemed)
    assert.equal(tokens.token_type, 'dpop')
    const resource = new URL(server.resource)
    const { access_token } = tokens
    const used = await oauth.protectedResourceRequest(access_token, 'GET', resource, undefined, null, more)
    assert.equal(used.status, 200)
    const stolen = await fetch(resource, { headers: { authorization: `Bearer ${access_token}` } })
    assert.equal(stolen.status, 401)
  })

  test(`${name}: openid-client gets tokens, and refreshes them`, async (t) => {
    const { about, keys, server } = await meet(t, messageSigning)
    const auth = client.PrivateKeyJwt(keys.privateKey)
    const config = await client.discovery(new URL(server.issuer), 'bank-app', about, auth, {
      algorithm: 'oauth2',
      execute: [client.allowInsecureRequests, ...(messageSigning ? [client.useJwtResponseMode] : [])],
    })
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
    const [pkceCodeVerifier, expectedState] = [client.randomPKCECodeVerifier(), client.randomState()]
    const params = {
      redirect_uri: redirectUri,
      scope: 'read',
      state: expectedState,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    }
    const asked = messageSigning
      ? (await client.buildAuthorizationUrlWithJAR(config, params, keys.privateKey)).searchParams
      : params
    const url = await client.buildAuthorizationUrlWithPAR(config, asked, { DPoP })
    const sentBack = await decideOn(server, url.href, 'allow')
    const tokens = await client.authorizationCodeGrant(
      config,
      sentBack,
      { pkceCodeVerifier, expectedState },
      undefined,
      { DPoP },
    )
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', undefined, { DPoP })
    assert.equal(refreshed.token_type, 'dpop')
  })

  test(`${name}: requests that are not pushed, and assertions for the token endpoint, are refused`, async (t) => {
    const { about, keys, server } = await meet(t, messageSigning)
    const query = { client_id: 'bank-app', response_type: 'code', redirect_uri: redirectUri, state: 's' }
    const direct = await server.agent().get(`/authorize?${new URLSearchParams(query)}`)
    assert.notEqual(direct.status, 200)
    assert.doesNotMatch(direct.headers.get('location') ?? '', /^\/interaction/)
    const auth = oauth.PrivateKeyJwt(keys.privateKey, {
      [oauth.modifyAssertion]: (_header, claims) => {
        claims.aud = `${server.issuer}/token`
      },
    })
    const as = { issuer: server.issuer, token_endpoint: `${server.issuer}/token` }
    const app = { ...about, client_id: 'bank-app' }
    const answer = await oauth.clientCredentialsGrantRequest(as, app, auth, new URLSearchParams(), insecure)
    assert.equal(answer.status, 401)
    assert.equal((await answer.json()).error, 'invalid_client')
  })
}
