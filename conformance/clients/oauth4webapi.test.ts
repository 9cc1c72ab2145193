import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { clientProblem } from 'cardea'
import { clientFrom, type TestClient } from 'cardea/testing'
import * as oauth from 'oauth4webapi'
import { type AuthorizationServer, startAuthorizationServer } from '../servers/authorization-server.ts'
import { hostileCredentials } from '../servers/hostile-credentials.ts'
import { decideOn, john } from '../servers/resource-owner.ts'

const insecure = { [oauth.allowInsecureRequests]: true }
const redirectUri = 'https://client.example/cb'

const webApp: TestClient = { client_id: 'web-app', secret: 'a secret of the web app' }
const poster: TestClient = { client_id: 'poster', secret: 'posted', token_endpoint_auth_method: 'client_secret_post' }
const publicApp: TestClient = { client_id: 'public-app', grant_types: ['authorization_code', 'refresh_token'] }
const hostile: TestClient = { client_id: hostileCredentials.id, secret: hostileCredentials.secret }

interface Meeting {
  readonly server: AuthorizationServer
  readonly as: oauth.AuthorizationServer
}

async function meet(t: TestContext, issuerPath = ''): Promise<Meeting> {
  const server = await startAuthorizationServer(t, {
    clients: [webApp, poster, publicApp, hostile],
    users: [john],
    issuerPath,
  })
  const issuer = new URL(server.issuer)
  const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
  return { server, as: await oauth.processDiscoveryResponse(issuer, answer) }
}

/** The whole authorization code flow, as the library wants it done. */
async function codeFlow(
  { server, as }: Meeting,
  client: oauth.Client,
  auth: oauth.ClientAuth,
): Promise<oauth.TokenEndpointResponse> {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const url = new URL(as.authorization_endpoint ?? '')
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'read write',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString()
  const callback = await decideOn(server, url.href, 'allow')
  const params = oauth.validateAuthResponse(as, client, callback, state)
  const answer = await oauth.authorizationCodeGrantRequest(as, client, auth, params, redirectUri, verifier, insecure)
  return oauth.processAuthorizationCodeResponse(as, client, answer)
}

test('RFC 8414: oauth4webapi discovers the server, and all that it needs is there', async (t) => {
  const { server, as } = await meet(t)
  assert.equal(as.issuer, server.issuer)
  assert.equal(as.authorization_response_iss_parameter_supported, true)
  assert.deepEqual(as.code_challenge_methods_supported, ['S256'])
  for (const endpoint of ['authorization', 'token', 'revocation', 'introspection'] as const) {
    assert.ok(as[`${endpoint}_endpoint`]?.startsWith(`${server.issuer}/`))
  }
})

test('RFC 8414 §3.1: oauth4webapi discovers an issuer with a path, and its whole flow works', async (t) => {
  const meeting = await meet(t, '/tenant/one')
  assert.match(meeting.as.issuer, /\/tenant\/one$/)
  const tokens = await codeFlow(meeting, { client_id: 'public-app' }, oauth.None())
  assert.equal(tokens.scope, 'read write')
})

for (const [name, client, auth] of [
  ['a public client', { client_id: 'public-app' }, oauth.None()],
  ['client_secret_basic', { client_id: 'web-app' }, oauth.ClientSecretBasic('a secret of the web app')],
  ['client_secret_post', { client_id: 'poster' }, oauth.ClientSecretPost('posted')],
] as const) {
  test(`RFC 6749 §4.1, RFC 7636, RFC 9207: oauth4webapi gets, refreshes and revokes tokens as ${name}`, async (t) => {
    const meeting = await meet(t)
    const { as, server } = meeting
    const first = await codeFlow(meeting, client, auth)
    assert.equal(first.token_type, 'bearer') // the library lowers it
    assert.equal(first.expires_in, 3600)
    const refreshed = await oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, auth, first.refresh_token ?? '', insecure),
    )
    assert.notEqual(refreshed.access_token, first.access_token)
    assert.notEqual(refreshed.refresh_token, first.refresh_token)
    const url = new URL(server.resource)
    const resource = () => oauth.protectedResourceRequest(refreshed.access_token, 'GET', url, undefined, null, insecure)
    assert.equal(((await (await resource()).json()) as { userId: string }).userId, john.id)
    const revoked = await oauth.revocationRequest(as, client, auth, refreshed.refresh_token ?? '', insecure)
    assert.equal(await oauth.processRevocationResponse(revoked), undefined)
    await assert.rejects(resource, (error: oauth.WWWAuthenticateChallengeError) => {
      assert.equal(error.status, 401)
      assert.equal(error.cause[0]?.scheme, 'bearer')
      assert.equal(error.cause[0]?.parameters.error, 'invalid_token')
      return true
    })
  })
}

test('RFC 6749 §4.1.2.1, RFC 9207: oauth4webapi reads a denial', async (t) => {
  const { server, as } = await meet(t)
  const url = new URL(as.authorization_endpoint ?? '')
  const challenge = await oauth.calculatePKCECodeChallenge(oauth.generateRandomCodeVerifier())
  const params = { client_id: 'web-app', response_type: 'code', redirect_uri: redirectUri, state: 's' }
  url.search = new URLSearchParams({ ...params, code_challenge: challenge, code_challenge_method: 'S256' }).toString()
  const callback = await decideOn(server, url.href, 'deny')
  assert.throws(
    () => oauth.validateAuthResponse(as, { client_id: 'web-app' }, callback, 's'),
    (error: oauth.AuthorizationResponseError) =>
      error.error === 'access_denied' && error.error_description !== undefined,
  )
})

for (const [name, id, auth] of [
  ['Basic', 'web-app', oauth.ClientSecretBasic('a secret of the web app')],
  ['the body', 'poster', oauth.ClientSecretPost('posted')],
  ['Basic with every awkward character', hostileCredentials.id, oauth.ClientSecretBasic(hostileCredentials.secret)],
] as const) {
  test(`RFC 6749 §4.4, RFC 7662: oauth4webapi gets client credentials by ${name}, and introspects`, async (t) => {
    const { as } = await meet(t)
    const client = { client_id: id }
    const answer = await oauth.clientCredentialsGrantRequest(as, client, auth, { scope: 'read' }, insecure)
    const tokens = await oauth.processClientCredentialsResponse(as, client, answer)
    assert.equal(tokens.scope, 'read')
    assert.equal(tokens.refresh_token, undefined)
    const asked = await oauth.introspectionRequest(as, client, auth, tokens.access_token, insecure)
    const known = await oauth.processIntrospectionResponse(as, client, asked)
    assert.equal(known.active, true)
    assert.equal(known.client_id, id)
    assert.equal(known.sub, undefined)
    const unknown = await oauth.introspectionRequest(as, client, auth, 'no token of ours', insecure)
    assert.deepEqual(await oauth.processIntrospectionResponse(as, client, unknown), { active: false })
  })
}

test('RFC 6749 §2.3.1: the awkward credentials are ones that can be registered', async () => {
  assert.equal(clientProblem(await clientFrom(hostile)), undefined)
})

test('RFC 6749 §5.2: oauth4webapi reads the refusal of a wrong secret, and the challenge with it', async (t) => {
  const { as } = await meet(t)
  const client = { client_id: 'web-app' }
  const answer = await oauth.clientCredentialsGrantRequest(as, client, oauth.ClientSecretBasic('wrong'), {}, insecure)
  await assert.rejects(
    oauth.processClientCredentialsResponse(as, client, answer),
    (error: oauth.WWWAuthenticateChallengeError) => error.status === 401 && error.cause[0]?.scheme === 'basic',
  )
})

test('RFC 6749 §5.2: oauth4webapi reads the refusal of a refresh token that is none', async (t) => {
  const { as } = await meet(t)
  const client = { client_id: 'poster' }
  const auth = oauth.ClientSecretPost('posted')
  const answer = await oauth.refreshTokenGrantRequest(as, client, auth, 'no token of ours', insecure)
  await assert.rejects(
    oauth.processRefreshTokenResponse(as, client, answer),
    (error: oauth.ResponseBodyError) => error.error === 'invalid_grant' && error.status === 400,
  )
})

test('RFC 6750 §3.1: oauth4webapi reads that a token lacks the scope, and which one', async (t) => {
  const { server, as } = await meet(t)
  const client = { client_id: 'poster' }
  const auth = oauth.ClientSecretPost('posted')
  const answer = await oauth.clientCredentialsGrantRequest(as, client, auth, { scope: 'write' }, insecure)
  const { access_token } = await oauth.processClientCredentialsResponse(as, client, answer)
  const url = new URL(server.resource)
  await assert.rejects(
    oauth.protectedResourceRequest(access_token, 'GET', url, undefined, null, insecure),
    ({ status, cause }: oauth.WWWAuthenticateChallengeError) =>
      status === 403 && cause[0]?.parameters.error === 'insufficient_scope' && cause[0].parameters.scope === 'read',
  )
})
