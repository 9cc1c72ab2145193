import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { authorizationCode, clientCredentials, password, refreshToken } from 'cardea'
import type { TestClient } from 'cardea/testing'
import { AuthorizationCode, ClientCredentials, type ModuleOptions, ResourceOwnerPassword } from 'simple-oauth2'
import { type AuthorizationServer, startAuthorizationServer } from '../servers/authorization-server.ts'
import { hostileCredentials } from '../servers/hostile-credentials.ts'
import { decideOn, john } from '../servers/resource-owner.ts'

const redirectUri = 'https://client.example/cb'
const secret = 'a secret of the web app'

// The library has no PKCE of its own, so these clients are allowed to go without.
const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials', 'password']
const webApp: TestClient = { client_id: 'web-app', secret, grant_types: grantTypes, pkce: ['none'] }
const poster: TestClient = { ...webApp, client_id: 'poster', token_endpoint_auth_method: 'client_secret_post' }
const hostile: TestClient = { ...webApp, client_id: hostileCredentials.id, secret: hostileCredentials.asciiSecret }

const start = (t: TestContext): Promise<AuthorizationServer> =>
  startAuthorizationServer(t, {
    clients: [webApp, poster, hostile],
    users: [john],
    grants: [authorizationCode(), refreshToken(), clientCredentials(), password()],
  })

const optionsFor = ({ issuer }: AuthorizationServer, id = 'web-app', its = secret): ModuleOptions => ({
  client: { id, secret: its },
  auth: { tokenHost: issuer, tokenPath: '/token', revokePath: '/revoke' },
})

function withAuthorizePath(options: ModuleOptions): ModuleOptions {
  return { ...options, auth: { ...options.auth, authorizePath: '/authorize' } }
}

const status = (server: AuthorizationServer, token: unknown): Promise<number> =>
  fetch(server.resource, { headers: { authorization: `Bearer ${token}` } }).then((answer) => answer.status)

/** What the library throws for an answer that is an error. */
const refusedWith = (code: string, httpStatus: number) => (error: unknown) => {
  const { output, data } = error as {
    output: { statusCode: number }
    data: { payload: { error: string } }
  }
  assert.equal(data.payload.error, code)
  assert.equal(output.statusCode, httpStatus)
  return true
}

for (const [name, id, its, authorizationMethod] of [
  ['Basic', 'web-app', secret, 'header'],
  ['the body', 'poster', secret, 'body'],
  ['Basic with awkward characters', hostileCredentials.id, hostileCredentials.asciiSecret, 'header'],
] as const) {
  test(`RFC 6749 §4.1, §6, RFC 7009: simple-oauth2 gets, refreshes and revokes tokens by ${name}`, async (t) => {
    const server = await start(t)
    const client = new AuthorizationCode({
      ...withAuthorizePath(optionsFor(server, id, its)),
      options: { authorizationMethod },
    })
    const url = client.authorizeURL({ redirect_uri: redirectUri, scope: ['read', 'write'], state: 'some state' })
    const callback = await decideOn(server, url, 'allow')
    assert.equal(callback.searchParams.get('state'), 'some state')
    const code = callback.searchParams.get('code') ?? ''
    const first = await client.getToken({ code, redirect_uri: redirectUri })
    assert.equal(first.token.scope, 'read write')
    assert.equal(first.token.token_type, 'Bearer')
    const second = await first.refresh()
    assert.notEqual(second.token.access_token, first.token.access_token)
    assert.equal(await status(server, second.token.access_token), 200)
    await second.revokeAll()
    assert.equal(await status(server, second.token.access_token), 401)
    await assert.rejects(second.refresh(), refusedWith('invalid_grant', 400))
  })
}

test('RFC 6749 §4.3: simple-oauth2 gets a token for a user’s password, and invalid_grant for a wrong one', async (t) => {
  const server = await start(t)
  const client = new ResourceOwnerPassword(optionsFor(server))
  const { token } = await client.getToken({ username: john.username, password: john.password, scope: 'read' })
  assert.equal(await status(server, token.access_token), 200)
  await assert.rejects(
    client.getToken({ username: john.username, password: 'wrong', scope: 'read' }),
    refusedWith('invalid_grant', 400),
  )
})

test('RFC 6749 §4.4: simple-oauth2 gets client credentials with a list of scopes', async (t) => {
  const server = await start(t)
  const client = new ClientCredentials(optionsFor(server))
  const accessToken = await client.getToken({ scope: ['read', 'write'] })
  assert.equal(accessToken.token.scope, 'read write')
  assert.equal(accessToken.token.refresh_token, undefined)
  assert.equal(accessToken.expired(), false)
  await accessToken.revoke('access_token')
  assert.equal(await status(server, accessToken.token.access_token), 401)
})

test('RFC 6749 §5.2: simple-oauth2 reads that the client’s secret is wrong', async (t) => {
  const client = new ClientCredentials(optionsFor(await start(t), 'web-app', 'wrong'))
  await assert.rejects(client.getToken({}), refusedWith('invalid_client', 401))
})

test('RFC 6749 §2.3.1: simple-oauth2 in its loose mode, which skips the form encoding, works with what needs none', async (t) => {
  const server = await startAuthorizationServer(t, {
    clients: [{ client_id: 'loose', secret: 'cheese:bread 100% =&' }],
  })
  const client = new ClientCredentials({
    ...optionsFor(server, 'loose', 'cheese:bread 100% =&'),
    options: { credentialsEncodingMode: 'loose' },
  })
  assert.equal((await client.getToken({})).token.scope, 'read')
})
