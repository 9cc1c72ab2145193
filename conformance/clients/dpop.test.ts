import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { ProviderOptions } from 'cardea'
import type { TestClient } from 'cardea/testing'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { type AuthorizationServer, startAuthorizationServer } from '../servers/authorization-server.ts'
import { decideOn, john } from '../servers/resource-owner.ts'

const insecure = { [oauth.allowInsecureRequests]: true }
const redirectUri = 'https://client.example/cb'

const webApp: TestClient = { client_id: 'web-app', secret: 'a secret of the web app' }
const publicApp: TestClient = {
  client_id: 'public-app',
  grant_types: ['authorization_code', 'refresh_token'],
  dpop_bound_access_tokens: true,
}

interface Meeting {
  readonly server: AuthorizationServer
  /** What the server's clock is ahead of the machine's. */
  readonly skew: number
}

async function meet(t: TestContext, dpop: NonNullable<ProviderOptions['dpop']>): Promise<Meeting> {
  const clients = [webApp, publicApp]
  const server = await startAuthorizationServer(t, { clients, users: [john], dpop, pushedRequests: true })
  return { server, skew: server.clock.now() - Math.floor(Date.now() / 1000) }
}

/** As the library wants it done: the first refusal brings a nonce, and the request is made again. */
async function withNonce<T>(attempt: () => Promise<T>): Promise<{ readonly value: T; readonly tries: number }> {
  try {
    return { value: await attempt(), tries: 1 }
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error
    return { value: await attempt(), tries: 2 }
  }
}

for (const [name, dpop, tries] of [
  ['without nonces', true, 1],
  ['with nonces', { nonce: 'required' }, 2],
] as const) {
  test(`ASK-03, RFC 9449: oauth4webapi: a public client binds code, tokens and refresh token, ${name}`, async (t) => {
    const { server, skew } = await meet(t, dpop)
    const issuer = new URL(server.issuer)
    const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
    const as = await oauth.processDiscoveryResponse(issuer, found)
    assert.ok(as.dpop_signing_alg_values_supported?.includes('ES256'))
    const app = { client_id: 'public-app', [oauth.clockSkew]: skew }
    const DPoP = oauth.DPoP(app, await oauth.generateKeyPair('ES256'))
    const verifier = oauth.generateRandomCodeVerifier()
    const url = new URL(as.authorization_endpoint ?? '')
    url.search = new URLSearchParams({
      client_id: 'public-app',
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'read',
      dpop_jkt: await DPoP.calculateThumbprint(),
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString()
    const callback = await decideOn(server, url.href, 'allow')
    const params = oauth.validateAuthResponse(as, app, callback, oauth.expectNoState)
    const auth = oauth.None()
    const first = await withNonce(async () => {
      const options = { DPoP, ...insecure }
      const answer = await oauth.authorizationCodeGrantRequest(as, app, auth, params, redirectUri, verifier, options)
      return oauth.processAuthorizationCodeResponse(as, app, answer)
    })
    assert.deepEqual([first.value.token_type, first.tries], ['dpop', tries])
    const renewed = await withNonce(async () => {
      const options = { DPoP, ...insecure }
      const answer = await oauth.refreshTokenGrantRequest(as, app, auth, first.value.refresh_token ?? '', options)
      return oauth.processRefreshTokenResponse(as, app, answer)
    })
    assert.deepEqual([renewed.value.token_type, renewed.tries], ['dpop', 1])
    const token = renewed.value.access_token
    const resource = new URL(server.resource)
    const ask = (options: oauth.ProtectedResourceRequestOptions) =>
      oauth.protectedResourceRequest(token, 'GET', resource, undefined, null, { ...options, ...insecure })
    const answer = await withNonce(() => ask({ DPoP }))
    assert.equal(((await answer.value.json()) as { scheme: string }).scheme, 'DPoP')
    const other = oauth.DPoP(app, await oauth.generateKeyPair('ES256'))
    for (const options of [{}, { DPoP: other }]) {
      await assert.rejects(
        withNonce(() => ask(options)),
        (error: oauth.WWWAuthenticateChallengeError) => {
          assert.equal(error.status, 401)
          assert.equal(error.cause[0]?.parameters.error, 'invalid_token')
          assert.ok(error.cause.some(({ scheme, parameters }) => scheme === 'dpop' && parameters.algs !== undefined))
          return true
        },
      )
    }
  })

  test(`ASK-03, RFC 9449 §10.1: openid-client 6: a confidential client pushes its request and binds all, ${name}`, async (t) => {
    const { server, skew } = await meet(t, dpop)
    const secret = webApp.secret ?? ''
    const config = await client.discovery(
      new URL(server.issuer),
      'web-app',
      { [client.clockSkew]: skew },
      client.ClientSecretBasic(secret),
      { algorithm: 'oauth2', execute: [client.allowInsecureRequests] },
    )
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
    const verifier = client.randomPKCECodeVerifier()
    const asked = {
      redirect_uri: redirectUri,
      scope: 'read',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }
    const url = await client.buildAuthorizationUrlWithPAR(config, asked, { DPoP })
    const callback = await decideOn(server, url.href, 'allow')
    const checks = { pkceCodeVerifier: verifier }
    const tokens = await client.authorizationCodeGrant(config, callback, checks, undefined, { DPoP })
    assert.equal(tokens.token_type, 'dpop')
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', undefined, { DPoP })
    const resource = new URL(server.resource)
    const answer = await client.fetchProtectedResource(config, renewed.access_token, resource, 'GET', null, undefined, {
      DPoP,
    })
    assert.equal(((await answer.json()) as { scheme: string }).scheme, 'DPoP')
    const known = await client.tokenIntrospection(config, renewed.access_token)
    assert.deepEqual(
      [known.active, known.token_type, known.cnf],
      [true, 'DPoP', { jkt: await DPoP.calculateThumbprint() }],
    )
    await client.tokenRevocation(config, renewed.access_token)
    assert.equal((await client.tokenIntrospection(config, renewed.access_token)).active, false)
  })

  test(`ASK-03, RFC 9449 §10.1: openid-client 6: another key cannot redeem what was pushed, ${name}`, async (t) => {
    const { server, skew } = await meet(t, dpop)
    const config = await client.discovery(
      new URL(server.issuer),
      'web-app',
      { [client.clockSkew]: skew },
      client.ClientSecretBasic(webApp.secret ?? ''),
      { algorithm: 'oauth2', execute: [client.allowInsecureRequests] },
    )
    const handle = async () => client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
    const verifier = client.randomPKCECodeVerifier()
    const challenge = await client.calculatePKCECodeChallenge(verifier)
    const asked = { redirect_uri: redirectUri, code_challenge: challenge, code_challenge_method: 'S256' }
    const url = await client.buildAuthorizationUrlWithPAR(config, asked, { DPoP: await handle() })
    const callback = await decideOn(server, url.href, 'allow')
    const other = { DPoP: await handle() }
    await assert.rejects(
      client.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier }, undefined, other),
      (error: client.ResponseBodyError) => error.error === 'invalid_grant',
    )
  })
}
