import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { mintInitialAccessToken, type ProviderOptions } from 'cardea'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { type AuthorizationServer, startAuthorizationServer } from '../servers/authorization-server.ts'
import { decideOn, john } from '../servers/resource-owner.ts'

const redirect_uris = ['https://client.example/cb']
const grant_types = ['authorization_code', 'refresh_token']
const insecure = { [oauth.allowInsecureRequests]: true }

type Registration = Extract<ProviderOptions['registration'], object>

const start = (t: TestContext, registration: Partial<Registration> = {}): Promise<AuthorizationServer> =>
  startAuthorizationServer(t, { users: [john], registration: { mode: 'open', ...registration } })

const execute = [client.allowInsecureRequests]

async function initialAccessToken({ server }: AuthorizationServer): Promise<string> {
  const { token, digest } = mintInitialAccessToken()
  const createdAt = server.clock.now()
  await server.store.initialAccessTokens.save({ digest, label: 'a partner', createdAt, usesLeft: 1 })
  return token
}

/** Authorization code flow and refresh, as the client that was registered. */
async function tokensFor(server: AuthorizationServer, config: client.Configuration) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirect_uris[0] ?? '',
    scope: 'read',
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const callback = await decideOn(server, url.href, 'allow')
  const tokens = await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier, expectedState })
  return client.refreshTokenGrant(config, tokens.refresh_token ?? '')
}

for (const method of ['none', 'client_secret_basic', 'client_secret_post'] as const) {
  test(`RFC 7591 §3: openid-client registers itself by ${method}, and gets and renews tokens`, async (t) => {
    const server = await start(t)
    const metadata = { redirect_uris, grant_types, token_endpoint_auth_method: method, client_name: 'A registered app' }
    const options = { algorithm: 'oauth2', execute } as const
    const found = await client.dynamicClientRegistration(new URL(server.issuer), metadata, undefined, options)
    const registered = found.clientMetadata()
    assert.equal(typeof registered.client_secret, method === 'none' ? 'undefined' : 'string')
    const { client_secret = '', client_id } = registered
    const auth = {
      none: () => client.None(),
      client_secret_basic: () => client.ClientSecretBasic(client_secret),
      client_secret_post: () => client.ClientSecretPost(client_secret),
    }[method]
    const config = new client.Configuration(found.serverMetadata(), client_id, registered, auth())
    client.allowInsecureRequests(config)
    const tokens = await tokensFor(server, config)
    const answer = await client.fetchProtectedResource(config, tokens.access_token, new URL(server.resource), 'GET')
    assert.equal(((await answer.json()) as { userId: string }).userId, john.id)
  })
}

test('RFC 7591 §3.1: openid-client registers itself with an initial access token, once', async (t) => {
  const server = await start(t, { mode: 'initial-access-token' })
  const options = { algorithm: 'oauth2', execute, initialAccessToken: await initialAccessToken(server) } as const
  const register = (more: object = options) =>
    client.dynamicClientRegistration(new URL(server.issuer), { redirect_uris }, undefined, more)
  await assert.rejects(
    register({ algorithm: 'oauth2', execute }),
    (error: client.WWWAuthenticateChallengeError) => error.status === 401 && error.cause[0]?.scheme === 'bearer',
  )
  assert.match((await register()).clientMetadata().client_id, /^\w{42}$/)
  await assert.rejects(register(), (error: client.WWWAuthenticateChallengeError) => {
    const { parameters } = error.cause[0] ?? {}
    return parameters?.error === 'invalid_token'
  })
})

test('RFC 7591 §3.2.2: oauth4webapi reads what is wrong with its metadata', async (t) => {
  const server = await start(t)
  const issuer = new URL(server.issuer)
  const discovered = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
  const as = await oauth.processDiscoveryResponse(issuer, discovered)
  const register = async (metadata: Record<string, unknown>) =>
    oauth.processDynamicClientRegistrationResponse(
      await oauth.dynamicClientRegistrationRequest(as, metadata as Partial<oauth.Client>, insecure),
    )
  for (const [error, metadata] of [
    ['invalid_redirect_uri', { redirect_uris: ['javascript:alert(1)'] }],
    ['invalid_client_metadata', { redirect_uris, logo_uri: 'data:image/png;base64,AAAA' }],
    ['invalid_software_statement', { redirect_uris, software_statement: 'eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.' }],
  ] as const) {
    await assert.rejects(register(metadata), (thrown: oauth.ResponseBodyError) => thrown.error === error, error)
  }
})

test('RFC 7592 §2: what oauth4webapi was answered with is enough to read, change and delete the client', async (t) => {
  const server = await start(t)
  const issuer = new URL(server.issuer)
  const discovered = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
  const as = await oauth.processDiscoveryResponse(issuer, discovered)
  const registered = await oauth.processDynamicClientRegistrationResponse(
    await oauth.dynamicClientRegistrationRequest(as, { redirect_uris }, insecure),
  )
  const { registration_client_uri: uri, registration_access_token: token } = registered
  const manage = (method: string, body?: object) =>
    fetch(String(uri), {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  assert.equal((await manage('GET')).status, 200)
  const { client_id } = registered
  const changed = await manage('PUT', { client_id, redirect_uris, client_name: 'Another name' })
  assert.equal(((await changed.json()) as { client_name: string }).client_name, 'Another name')
  assert.equal((await manage('DELETE')).status, 204)
  assert.equal((await manage('GET')).status, 401)
})
