import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { TestClient } from 'cardea/testing'
import * as client from 'openid-client'
import { type AuthorizationServer, startAuthorizationServer } from '../servers/authorization-server.ts'
import { hostileCredentials } from '../servers/hostile-credentials.ts'
import { decideOn, john } from '../servers/resource-owner.ts'

const redirectUri = 'https://client.example/cb'

const webApp: TestClient = { client_id: 'web-app', secret: 'a secret of the web app' }
const poster: TestClient = { client_id: 'poster', secret: 'posted', token_endpoint_auth_method: 'client_secret_post' }
const publicApp: TestClient = { client_id: 'public-app', grant_types: ['authorization_code', 'refresh_token'] }
const hostile: TestClient = { client_id: hostileCredentials.id, secret: hostileCredentials.secret }

interface Meeting {
  readonly server: AuthorizationServer
  configured(id: string, auth: client.ClientAuth): Promise<client.Configuration>
}

async function meet(t: TestContext): Promise<Meeting> {
  const server = await startAuthorizationServer(t, { clients: [webApp, poster, publicApp, hostile], users: [john] })
  return {
    server,
    configured: (id, auth) =>
      client.discovery(new URL(server.issuer), id, undefined, auth, {
        algorithm: 'oauth2',
        execute: [client.allowInsecureRequests],
      }),
  }
}

async function authorizationFor(config: client.Configuration, params: Record<string, string> = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'read write',
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...params,
  })
  return { url: url.href, checks: { pkceCodeVerifier, expectedState } }
}

for (const [name, id, auth] of [
  ['a public client', 'public-app', client.None()],
  ['client_secret_basic', 'web-app', client.ClientSecretBasic('a secret of the web app')],
  ['client_secret_post', 'poster', client.ClientSecretPost('posted')],
  [
    'client_secret_basic with awkward characters',
    hostileCredentials.id,
    client.ClientSecretBasic(hostileCredentials.secret),
  ],
] as const) {
  test(`RFC 6749 §4.1, §6, RFC 7009: openid-client gets, uses, refreshes and revokes tokens as ${name}`, async (t) => {
    const { server, configured } = await meet(t)
    const config = await configured(id, auth)
    const { url, checks } = await authorizationFor(config)
    const callback = await decideOn(server, url, 'allow')
    const tokens = await client.authorizationCodeGrant(config, callback, checks)
    assert.equal(tokens.scope, 'read write')
    // What the answer says; `expiresIn()` counts down by the clock of the machine.
    assert.equal(tokens.expires_in, 3600)
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', { scope: 'read' })
    assert.equal(refreshed.scope, 'read')
    const resource = () =>
      client.fetchProtectedResource(config, refreshed.access_token, new URL(server.resource), 'GET')
    assert.deepEqual(((await (await resource()).json()) as { scope: string[] }).scope, ['read'])
    await client.tokenRevocation(config, refreshed.access_token, { token_type_hint: 'access_token' })
    await assert.rejects(resource, (error: client.WWWAuthenticateChallengeError) => error.status === 401)
  })
}

test('RFC 9207 §2.4: openid-client finds the issuer in the answer, and refuses the answer of another one', async (t) => {
  const { server, configured } = await meet(t)
  const config = await configured('web-app', client.ClientSecretBasic('a secret of the web app'))
  const { url, checks } = await authorizationFor(config)
  const callback = await decideOn(server, url, 'allow')
  assert.equal(callback.searchParams.get('iss'), server.issuer)
  callback.searchParams.set('iss', 'https://attacker.example')
  await assert.rejects(client.authorizationCodeGrant(config, callback, checks), { code: 'OAUTH_INVALID_RESPONSE' })
})

test('RFC 6749 §4.1.2.1: openid-client reads a denial', async (t) => {
  const { server, configured } = await meet(t)
  const config = await configured('web-app', client.ClientSecretBasic('a secret of the web app'))
  const { url, checks } = await authorizationFor(config)
  const callback = await decideOn(server, url, 'deny')
  await assert.rejects(
    client.authorizationCodeGrant(config, callback, checks),
    (error: client.AuthorizationResponseError) => error.error === 'access_denied',
  )
})

test('RFC 6749 §4.4, RFC 7662: openid-client gets client credentials and introspects them', async (t) => {
  const { server, configured } = await meet(t)
  const config = await configured(hostileCredentials.id, client.ClientSecretBasic(hostileCredentials.secret))
  const tokens = await client.clientCredentialsGrant(config, { scope: 'read' })
  const known = await client.tokenIntrospection(config, tokens.access_token)
  assert.equal(known.active, true)
  assert.equal(known.iss, server.issuer)
  assert.equal(known.client_id, hostileCredentials.id)
  server.clock.advance(3600)
  assert.deepEqual(await client.tokenIntrospection(config, tokens.access_token), { active: false })
})

test('RFC 7636 §4.6: openid-client gets invalid_grant for another verifier than that of the request', async (t) => {
  const { server, configured } = await meet(t)
  const config = await configured('public-app', client.None())
  const { url, checks } = await authorizationFor(config)
  const callback = await decideOn(server, url, 'allow')
  const stolen = { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() }
  await assert.rejects(
    client.authorizationCodeGrant(config, callback, stolen),
    (error: client.ResponseBodyError) => error.error === 'invalid_grant' && error.status === 400,
  )
  assert.equal((await client.authorizationCodeGrant(config, callback, checks)).scope, 'read write')
})

test('RFC 6749 §4.1.2: openid-client gets a code redeemed once, and its tokens ended by the second try', async (t) => {
  const { server, configured } = await meet(t)
  const config = await configured('public-app', client.None())
  const { url, checks } = await authorizationFor(config)
  const callback = await decideOn(server, url, 'allow')
  const tokens = await client.authorizationCodeGrant(config, callback, checks)
  await assert.rejects(
    client.authorizationCodeGrant(config, callback, checks),
    (error: client.ResponseBodyError) => error.error === 'invalid_grant',
  )
  await assert.rejects(
    client.refreshTokenGrant(config, tokens.refresh_token ?? ''),
    (error: client.ResponseBodyError) => error.error === 'invalid_grant',
  )
})
