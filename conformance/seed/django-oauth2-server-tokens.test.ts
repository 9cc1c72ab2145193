import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenReference } from 'cardea'
import { john } from '../servers/resource-owner.ts'
import { type Reply, type SeedServer, startSeedServer } from './seed-server.ts'

// The token tests of django-oauth2-server by what they are about. Where they fix a status or code that RFC 6749
// contradicts (201, `invalid_request` for an unknown token), the standard's stands here.

const bogus = 'bogus:bogus'
const byPassword = { grant_type: 'password', username: john.username, password: john.password }

function refused({ status, body }: Reply, expected: { status: number; error: string; description: string }): void {
  assert.equal(status, expected.status)
  assert.equal(body.error, expected.error)
  assert.equal(body.error_description, expected.description)
}

const noCredentials = {
  status: 401,
  error: 'invalid_client',
  description: 'Client credentials were not found in the headers or body',
}
const wrongCredentials = { status: 401, error: 'invalid_client', description: 'Invalid client credentials' }

/** The six members, and that the only tokens there are belong to them. Returns the token's user. */
async function granted(server: SeedServer, { status, body }: Reply, scope: string): Promise<string | undefined> {
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(body), ['id', 'access_token', 'expires_in', 'token_type', 'scope', 'refresh_token'])
  assert.equal(body.expires_in, 3600)
  assert.equal(body.token_type, 'Bearer')
  assert.equal(body.scope, scope)
  const { store } = server.server
  const all = { limit: 1000 }
  const [access] = await store.tokens.listAccess({}, all)
  const [refresh] = await store.tokens.listRefresh({}, all)
  assert.ok(access)
  assert.equal(body.id, tokenReference(access.token.digest))
  assert.equal(access.token.clientId, 'testclient')
  assert.equal(access.token.authorizationId, refresh?.token.authorizationId)
  return access.token.userId
}

test('django-oauth2-server, client credentials: a missing grant type', async (t) => {
  const server = await startSeedServer(t)
  const description = 'The grant type was not specified in the request'
  refused(await server.tokens({}), { status: 400, error: 'invalid_request', description })
  assert.deepEqual(await server.counts(), [0, 0])
})

test('django-oauth2-server, client credentials: an invalid grant type', async (t) => {
  const server = await startSeedServer(t)
  const description = 'Invalid grant type'
  refused(await server.tokens({ grant_type: 'bogus' }), { status: 400, error: 'unsupported_grant_type', description })
  assert.deepEqual(await server.counts(), [0, 0])
})

test('django-oauth2-server, client credentials: missing credentials', async (t) => {
  const server = await startSeedServer(t)
  refused(await server.tokens({ grant_type: 'client_credentials' }, undefined), noCredentials)
  assert.deepEqual(await server.counts(), [0, 0])
})

test('django-oauth2-server, client credentials: invalid credentials', async (t) => {
  const server = await startSeedServer(t)
  refused(await server.tokens({ grant_type: 'client_credentials' }, bogus), wrongCredentials)
  refused(await server.tokens({ grant_type: 'client_credentials' }, 'testclient:bogus'), wrongCredentials)
  assert.deepEqual(await server.counts(), [0, 0])
})

test('django-oauth2-server, client credentials: success by header, for no user', async (t) => {
  const server = await startSeedServer(t)
  const reply = await server.tokens({ grant_type: 'client_credentials' })
  assert.equal(await granted(server, reply, 'foo bar qux'), undefined)
  assert.deepEqual(await server.counts(), [1, 1])
})

test('django-oauth2-server, client credentials: success by body, with a part of the scope', async (t) => {
  const server = await startSeedServer(t)
  const credentials = { client_id: 'testclient', client_secret: 'testpassword' }
  const reply = await server.tokens({ grant_type: 'client_credentials', ...credentials, scope: 'foo qux' }, undefined)
  assert.equal(await granted(server, reply, 'foo qux'), undefined)
})

test('django-oauth2-server, scope: unknown names are dropped, and nothing known means the default', async (t) => {
  const server = await startSeedServer(t)
  const some = await server.tokens({ grant_type: 'client_credentials', scope: 'foo fo unknown' })
  assert.equal(some.body.scope, 'foo')
  const none = await server.tokens({ grant_type: 'client_credentials', scope: 'unknown' })
  assert.equal(none.body.scope, 'foo bar qux')
})

test('django-oauth2-server, IGNORE_CLIENT_REQUESTED_SCOPE: the default whatever is asked for', async (t) => {
  const server = await startSeedServer(t, { ignoreClientRequestedScope: true })
  assert.equal((await server.tokens({ grant_type: 'client_credentials', scope: 'foo' })).body.scope, 'foo bar qux')
  assert.equal((await server.tokens({ ...byPassword, scope: 'foo' })).body.scope, 'foo bar qux')
})

test('django-oauth2-server, refresh token: the token is missing', async (t) => {
  const server = await startSeedServer(t)
  const description = 'The refresh token parameter is required'
  refused(await server.tokens({ grant_type: 'refresh_token' }), { status: 400, error: 'invalid_request', description })
})

test('django-oauth2-server, refresh token: the token is not found', async (t) => {
  const server = await startSeedServer(t)
  const description = 'Refresh token not found'
  const reply = await server.tokens({ grant_type: 'refresh_token', refresh_token: 'bogus' })
  refused(reply, { status: 400, error: 'invalid_grant', description })
})

for (const [name, credentials, refusal] of [
  ['missing', undefined, noCredentials],
  ['invalid', bogus, wrongCredentials],
] as const) {
  test(`django-oauth2-server, refresh token: ${name} client credentials, and the token lives on`, async (t) => {
    const server = await startSeedServer(t)
    const { refresh_token } = (await server.tokens(byPassword)).body
    refused(await server.tokens({ grant_type: 'refresh_token', refresh_token }, credentials), refusal)
    assert.deepEqual(await server.counts(), [1, 1])
    assert.equal((await server.tokens({ grant_type: 'refresh_token', refresh_token })).status, 200)
  })
}

test('django-oauth2-server, refresh token: a new pair, and both old tokens are worth nothing', async (t) => {
  const server = await startSeedServer(t, { lifetimes: { refreshReuseWindow: 0 } })
  const before = (await server.tokens({ grant_type: 'client_credentials' })).body
  const after = await server.tokens({ grant_type: 'refresh_token', refresh_token: before.refresh_token })
  assert.equal(after.status, 200)
  assert.deepEqual(Object.keys(after.body), Object.keys(before))
  assert.equal(after.body.scope, 'foo bar qux')
  assert.notEqual(after.body.access_token, before.access_token)
  assert.notEqual(after.body.refresh_token, before.refresh_token)
  const use = (token: string) => fetch(server.resource, { headers: { authorization: `Bearer ${token}` } })
  assert.equal((await use(before.access_token)).status, 401)
  assert.equal((await use(after.body.access_token)).status, 200)
  const again = await server.tokens({ grant_type: 'refresh_token', refresh_token: before.refresh_token })
  assert.equal(again.body.error, 'invalid_grant')
})

test('django-oauth2-server, refresh token: a user’s token stays that user’s', async (t) => {
  const server = await startSeedServer(t)
  const before = (await server.tokens(byPassword)).body
  const after = (await server.tokens({ grant_type: 'refresh_token', refresh_token: before.refresh_token })).body
  assert.notEqual(after.access_token, before.access_token)
  const answer = await fetch(server.resource, { headers: { authorization: `Bearer ${after.access_token}` } })
  const token = (await answer.json()) as { clientId: string; userId: string }
  assert.equal(token.clientId, 'testclient')
  assert.equal(token.userId, john.id)
})

test('django-oauth2-server, REFRESH_TOKEN_LIFETIME: after 1209600 seconds the refresh token has expired', async (t) => {
  const server = await startSeedServer(t)
  const { refresh_token } = (await server.tokens(byPassword)).body
  server.clock.advance(1209600)
  const description = 'Refresh token has expired'
  const reply = await server.tokens({ grant_type: 'refresh_token', refresh_token })
  refused(reply, { status: 400, error: 'invalid_grant', description })
})

for (const [name, credentials, refusal] of [
  ['missing', undefined, noCredentials],
  ['invalid', bogus, wrongCredentials],
] as const) {
  test(`django-oauth2-server, user credentials: ${name} client credentials`, async (t) => {
    const server = await startSeedServer(t)
    refused(await server.tokens(byPassword, credentials), refusal)
    assert.deepEqual(await server.counts(), [0, 0])
  })
}

test('django-oauth2-server, user credentials: success, for that user, whatever the case of the name', async (t) => {
  const server = await startSeedServer(t)
  assert.equal(await granted(server, await server.tokens(byPassword), 'foo bar qux'), john.id)
  assert.deepEqual(await server.counts(), [1, 1])
  assert.equal((await server.tokens({ ...byPassword, username: 'John@Doe.com' })).status, 200)
})

test('django-oauth2-server, user credentials: a wrong password and an unknown user get the same answer', async (t) => {
  const server = await startSeedServer(t)
  const refusal = { status: 400, error: 'invalid_grant', description: 'Invalid user credentials' }
  refused(await server.tokens({ ...byPassword, password: 'bogus' }), refusal)
  refused(await server.tokens({ ...byPassword, username: 'bogus' }), refusal)
  assert.deepEqual(await server.counts(), [0, 0])
})
