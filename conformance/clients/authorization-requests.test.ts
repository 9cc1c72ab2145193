import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { AuthorizationDetailType } from 'cardea'
import type { TestClient } from 'cardea/testing'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { type AuthorizationServer, startAuthorizationServer } from '../servers/authorization-server.ts'
import { decideOn, john } from '../servers/resource-owner.ts'

const insecure = { [oauth.allowInsecureRequests]: true }
const redirectUri = 'https://client.example/cb'
const secret = 'a secret of the web app'

const payment: AuthorizationDetailType = {
  validate: (detail) => (typeof detail.amount === 'string' ? detail : undefined),
  describe: ({ amount }) => ({ title: `Pay ${amount}` }),
}
const details = [{ type: 'payment', amount: '12.50 EUR' }]

interface Meeting {
  readonly server: AuthorizationServer
  readonly key: CryptoKey
  /** What the server's clock is ahead of the machine's. */
  readonly skew: number
}

async function meet(t: TestContext, more: Partial<TestClient> = {}): Promise<Meeting> {
  const { privateKey, publicKey } = await oauth.generateKeyPair('ES256', { extractable: true })
  const jwks = { keys: [(await crypto.subtle.exportKey('jwk', publicKey)) as { kty: string }] }
  const webApp: TestClient = {
    client_id: 'web-app',
    secret,
    jwks,
    request_object_signing_alg: 'ES256',
    authorization_signed_response_alg: 'ES256',
    ...more,
  }
  const server = await startAuthorizationServer(t, {
    clients: [webApp],
    users: [john],
    pushedRequests: true,
    requestObjects: { strict: true },
    signedResponses: true,
    authorizationDetails: { payment },
  })
  return { server, key: privateKey, skew: server.clock.now() - Math.floor(Date.now() / 1000) }
}

async function found({ server, skew }: Meeting): Promise<{ as: oauth.AuthorizationServer; app: oauth.Client }> {
  const issuer = new URL(server.issuer)
  const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
  const as = await oauth.processDiscoveryResponse(issuer, answer)
  const app = {
    client_id: 'web-app',
    [oauth.clockSkew]: skew,
    authorization_signed_response_alg: 'ES256',
  }
  return { as, app }
}

async function paramsFor(verifier: string, state: string, more: Record<string, string> = {}) {
  return new URLSearchParams({
    client_id: 'web-app',
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'read write',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  })
}

test('RFC 9126 §2, RFC 9396 §7: oauth4webapi pushes a request with details, and gets tokens for them', async (t) => {
  const meeting = await meet(t, { require_pushed_authorization_requests: true })
  const { as, app } = await found(meeting)
  const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()]
  const auth = oauth.ClientSecretBasic(secret)
  const params = await paramsFor(verifier, state, { authorization_details: JSON.stringify(details) })
  const answer = await oauth.pushedAuthorizationRequest(as, app, auth, params, insecure)
  const { request_uri, expires_in } = await oauth.processPushedAuthorizationResponse(as, app, answer)
  assert.equal(expires_in, 300)
  const url = `${as.authorization_endpoint}?${new URLSearchParams({ client_id: 'web-app', request_uri })}`
  const callback = oauth.validateAuthResponse(as, app, await decideOn(meeting.server, url, 'allow'), state)
  const redeemed = await oauth.authorizationCodeGrantRequest(as, app, auth, callback, redirectUri, verifier, insecure)
  const tokens = await oauth.processAuthorizationCodeResponse(as, app, redeemed)
  assert.deepEqual([tokens.scope, tokens.authorization_details], ['read write', details])
})

test('RFC 9126 §2.3: oauth4webapi reads why a push is refused', async (t) => {
  const { as, app } = await found(await meet(t))
  const params = await paramsFor('v'.repeat(43), 's', { authorization_details: '[{"type":"loan"}]' })
  const answer = await oauth.pushedAuthorizationRequest(as, app, oauth.ClientSecretBasic(secret), params, insecure)
  await assert.rejects(
    oauth.processPushedAuthorizationResponse(as, app, answer),
    (error: oauth.ResponseBodyError) => error.error === 'invalid_authorization_details',
  )
})

for (const isPushed of [false, true]) {
  test(`RFC 9101 §5, JARM §2: oauth4webapi signs its request${isPushed ? ', pushes it' : ''} and verifies the signed answer`, async (t) => {
    const meeting = await meet(t, { require_signed_request_object: true, response_modes: ['jwt'] })
    const { as, app } = await found(meeting)
    const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()]
    const auth = oauth.ClientSecretBasic(secret)
    const params = await paramsFor(verifier, state, { response_mode: 'jwt' })
    const request = await oauth.issueRequestObject(as, app, params, meeting.key)
    const sent = new URLSearchParams({ client_id: 'web-app', request })
    if (isPushed) {
      const answer = await oauth.pushedAuthorizationRequest(as, app, auth, sent, insecure)
      sent.set('request_uri', (await oauth.processPushedAuthorizationResponse(as, app, answer)).request_uri)
      sent.delete('request')
    }
    const sentBack = await decideOn(meeting.server, `${as.authorization_endpoint}?${sent}`, 'allow')
    const callback = await oauth.validateJwtAuthResponse(as, app, sentBack, state, insecure)
    const redeemed = await oauth.authorizationCodeGrantRequest(as, app, auth, callback, redirectUri, verifier, insecure)
    assert.equal((await oauth.processAuthorizationCodeResponse(as, app, redeemed)).scope, 'read write')
  })
}

test('JARM §2.4: oauth4webapi reads a signed denial, and refuses a signed answer for another client', async (t) => {
  const meeting = await meet(t)
  const { as, app } = await found(meeting)
  const params = await paramsFor('v'.repeat(43), 'some state', { response_mode: 'query.jwt' })
  const sentBack = await decideOn(meeting.server, `${as.authorization_endpoint}?${params}`, 'deny')
  await assert.rejects(
    oauth.validateJwtAuthResponse(as, app, sentBack, 'some state', insecure),
    (error: oauth.AuthorizationResponseError) => error.error === 'access_denied',
  )
  await assert.rejects(
    oauth.validateJwtAuthResponse(as, { ...app, client_id: 'another' }, sentBack, 'some state', insecure),
    (error: Error & { code?: string }) => error.code === oauth.JWT_CLAIM_COMPARISON,
  )
})

async function configured({ server, skew }: Meeting): Promise<client.Configuration> {
  const metadata = { authorization_signed_response_alg: 'ES256', [client.clockSkew]: skew }
  return client.discovery(new URL(server.issuer), 'web-app', metadata, client.ClientSecretBasic(secret), {
    algorithm: 'oauth2',
    execute: [client.allowInsecureRequests],
  })
}

test('RFC 9126, RFC 9396: openid-client pushes its request', async (t) => {
  const meeting = await meet(t, { require_pushed_authorization_requests: true })
  const config = await configured(meeting)
  const [pkceCodeVerifier, expectedState] = [client.randomPKCECodeVerifier(), client.randomState()]
  const params = await paramsFor(pkceCodeVerifier, expectedState, { authorization_details: JSON.stringify(details) })
  const url = await client.buildAuthorizationUrlWithPAR(config, params)
  const callback = await decideOn(meeting.server, url.href, 'allow')
  const tokens = await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier, expectedState })
  assert.deepEqual(tokens.authorization_details, details)
})

test('RFC 9101, JARM: openid-client signs its request and wants a signed answer', async (t) => {
  const meeting = await meet(t, { require_signed_request_object: true, response_modes: ['jwt'] })
  const config = await configured(meeting)
  client.useJwtResponseMode(config)
  const [pkceCodeVerifier, expectedState] = [client.randomPKCECodeVerifier(), client.randomState()]
  const params = await paramsFor(pkceCodeVerifier, expectedState)
  const url = await client.buildAuthorizationUrlWithJAR(config, params, meeting.key)
  const callback = await decideOn(meeting.server, url.href, 'allow')
  assert.deepEqual([...callback.searchParams.keys()], ['response'])
  const tokens = await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier, expectedState })
  assert.equal(tokens.scope, 'read write')
})
