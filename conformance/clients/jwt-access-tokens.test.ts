import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { TestClient } from 'cardea/testing'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { type AuthorizationServer, startAuthorizationServer } from '../servers/authorization-server.ts'
import { decideOn, john } from '../servers/resource-owner.ts'

const insecure = { [oauth.allowInsecureRequests]: true }
const api = 'https://api.example/v1'
const mail = 'https://mail.example'
const redirectUri = 'https://client.example/cb'
const webApp: TestClient = { client_id: 'web-app', secret: 'a secret of the web app' }
const auth = oauth.ClientSecretBasic('a secret of the web app')

const algorithms = ['ES256', 'EdDSA', 'RS256', 'PS256'] as const
type Algorithm = (typeof algorithms)[number]

interface Meeting {
  readonly server: AuthorizationServer
  readonly as: oauth.AuthorizationServer
  readonly app: oauth.Client
}

async function meet(t: TestContext, algorithm: Algorithm = 'ES256'): Promise<Meeting> {
  const server = await startAuthorizationServer(t, {
    clients: [{ ...webApp, introspection_signed_response_alg: algorithm }],
    users: [john],
    signingKeys: { algorithm },
    resources: [
      { identifier: api, name: 'The API', token_format: 'jwt' },
      { identifier: mail, name: 'The mail', scopes: ['read'] },
    ],
  })
  const issuer = new URL(server.issuer)
  const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
  const as = await oauth.processDiscoveryResponse(issuer, answer)
  const app = { client_id: 'web-app', introspection_signed_response_alg: algorithm, [oauth.clockSkew]: skewOf(server) }
  return { server, as, app }
}

/** Seconds by which the server's clock, which stands still, is ahead of ours. */
const skewOf = ({ clock }: AuthorizationServer): number => clock.now() - Math.floor(Date.now() / 1000)

async function machineToken({ as, app }: Meeting, resource: string): Promise<oauth.TokenEndpointResponse> {
  const answer = await oauth.clientCredentialsGrantRequest(as, app, auth, { scope: 'read', resource }, insecure)
  return oauth.processClientCredentialsResponse(as, app, answer)
}

const requestWith = (token: string): Request => new Request(api, { headers: { authorization: `Bearer ${token}` } })

for (const algorithm of algorithms) {
  test(`RFC 9068 §4: oauth4webapi validates access tokens signed with ${algorithm}`, async (t) => {
    const meeting = await meet(t, algorithm)
    const { server, as } = meeting
    const { access_token } = await machineToken(meeting, api)
    const claims = await oauth.validateJwtAccessToken(as, requestWith(access_token), api, {
      ...insecure,
      [oauth.clockSkew]: skewOf(server),
    })
    assert.deepEqual([claims.iss, claims.sub, claims.scope], [as.issuer, 'web-app', 'read'])
  })

  test(`RFC 9701 §5: oauth4webapi reads and verifies introspection signed with ${algorithm}`, async (t) => {
    const meeting = await meet(t, algorithm)
    const { as, app } = meeting
    const { access_token } = await machineToken(meeting, api)
    const answer = await oauth.introspectionRequest(as, app, auth, access_token, insecure)
    const introspected = await oauth.processIntrospectionResponse(as, app, answer)
    await oauth.validateApplicationLevelSignature(as, answer, insecure)
    assert.deepEqual([introspected.active, introspected.aud], [true, api])
  })
}

test('RFC 9068 §4: oauth4webapi refuses a token for another resource, and an opaque one', async (t) => {
  const meeting = await meet(t)
  const options = { ...insecure, [oauth.clockSkew]: skewOf(meeting.server) }
  const { access_token } = await machineToken(meeting, api)
  await assert.rejects(oauth.validateJwtAccessToken(meeting.as, requestWith(access_token), mail, options))
  const opaque = await machineToken(meeting, mail)
  await assert.rejects(oauth.validateJwtAccessToken(meeting.as, requestWith(opaque.access_token), mail, options))
})

const discovered = ({ issuer }: AuthorizationServer): Promise<client.Configuration> =>
  client.discovery(new URL(issuer), 'web-app', undefined, client.ClientSecretBasic('a secret of the web app'), {
    algorithm: 'oauth2',
    execute: [client.allowInsecureRequests],
  })

test('RFC 8707 §2: openid-client 6 asks for two resources, and gets a token for each', async (t) => {
  const { server } = await meet(t)
  const config = await discovered(server)
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const asked = new URLSearchParams([
    ['redirect_uri', redirectUri],
    ['scope', 'read write'],
    ['state', state],
    ['code_challenge', await client.calculatePKCECodeChallenge(verifier)],
    ['code_challenge_method', 'S256'],
    ['resource', api],
    ['resource', mail],
  ])
  const callback = await decideOn(server, client.buildAuthorizationUrl(config, asked).href, 'allow')
  const checks = { pkceCodeVerifier: verifier, expectedState: state }
  const first = await client.authorizationCodeGrant(config, callback, checks, { resource: api })
  assert.equal(first.access_token.split('.').length, 3)
  const second = await client.refreshTokenGrant(config, first.refresh_token ?? '', { resource: mail })
  assert.match(second.access_token, /^cat_/)
  assert.equal(second.scope, 'read')
  const about = async (token: string) => (await client.tokenIntrospection(config, token)).aud
  assert.deepEqual([await about(first.access_token), await about(second.access_token)], [api, mail])
})

test('RFC 8707 §2: openid-client 6 is told invalid_target for a resource there is not', async (t) => {
  const { server } = await meet(t)
  const config = await discovered(server)
  await assert.rejects(client.clientCredentialsGrant(config, { resource: 'https://other.example' }), {
    error: 'invalid_target',
  })
})
