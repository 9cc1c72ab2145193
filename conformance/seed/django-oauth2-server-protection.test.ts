import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashClientSecret, scryptHasher } from 'cardea'
import { clientFrom } from 'cardea/testing'
import { john } from '../servers/resource-owner.ts'
import { startSeedServer, testclient } from './seed-server.ts'

// `authentication_required` and the doctests of the credentials models.

const use = (resource: string, authorization?: string): Promise<Response> =>
  fetch(resource, { headers: authorization === undefined ? {} : { authorization } })

test('django-oauth2-server, authentication_required: an access token is required', async (t) => {
  const { resource } = await startSeedServer(t)
  const answer = await use(resource)
  assert.equal(answer.status, 401)
  assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer realm=/)
  assert.equal(
    ((await answer.json()) as { error_description: string }).error_description,
    'The access token is required',
  )
})

test('django-oauth2-server, authentication_required: an invalid access token', async (t) => {
  const { resource } = await startSeedServer(t)
  const answer = await use(resource, 'Bearer BOGUS_ACCESS_TOKEN')
  assert.equal(answer.status, 401)
  assert.match(answer.headers.get('www-authenticate') ?? '', /error="invalid_token"/)
})

test('django-oauth2-server, authentication_required: insufficient scope, of which a part of a name is none', async (t) => {
  for (const resourceScope of ['bogus_scope', 'fo', 'foo bogus_scope']) {
    const server = await startSeedServer(t, { resourceScope })
    const { access_token } = (await server.tokens({ grant_type: 'client_credentials' })).body
    const answer = await use(server.resource, `Bearer ${access_token}`)
    assert.equal(answer.status, 403)
    assert.match(answer.headers.get('www-authenticate') ?? '', /error="insufficient_scope"/)
  }
})

test('django-oauth2-server, authentication_required: success, whatever the order of the scope', async (t) => {
  for (const resourceScope of ['foo bar qux', 'qux foo']) {
    const server = await startSeedServer(t, { resourceScope })
    const { access_token } = (await server.tokens({ grant_type: 'client_credentials' })).body
    assert.equal((await use(server.resource, `Bearer ${access_token}`)).status, 200)
    assert.equal((await use(server.resource, `bearer ${access_token}`)).status, 200)
  }
})

test('django-oauth2-server, authentication_required: a header of one or three parts is refused, not failed on', async (t) => {
  const server = await startSeedServer(t)
  for (const authorization of ['Bearer', 'Bearer a b', 'Basic dGVzdA==', 'x']) {
    const { status } = await use(server.resource, authorization)
    assert.ok(status === 400 || status === 401, `${authorization}: ${status}`)
  }
})

const grant = { grant_type: 'client_credentials' }

test('django-oauth2-server, OAuthClient: the secret is stored hashed; the right one verifies, a wrong one does not', async (t) => {
  const server = await startSeedServer(t, { hasher: scryptHasher, clients: [] })
  const hash = await hashClientSecret(scryptHasher, 'testpassword')
  assert.ok(!hash.includes('testpassword'))
  const { secret: _, ...registration } = testclient
  await server.server.store.clients.save({
    ...(await clientFrom(registration)),
    token_endpoint_auth_method: 'client_secret_basic',
    client_secret_hash: hash,
  })
  assert.equal((await server.tokens(grant)).status, 200)
  assert.equal((await server.tokens(grant, 'testclient:bogus')).status, 401)
  assert.equal((await server.tokens(grant, `testclient:${hash}`)).status, 401)
})

test('django-oauth2-server, OAuthClient: saved again the secret is not hashed twice; a changed one takes its place', async (t) => {
  const server = await startSeedServer(t)
  const { clients } = server.server.store
  const client = await clients.find('testclient')
  assert.ok(client)
  await clients.save({ ...client, client_name: 'Renamed' })
  assert.equal((await server.tokens(grant)).status, 200)
  const { hasher } = server.server.provider.engine
  await clients.save({ ...client, client_secret_hash: await hashClientSecret(hasher, 'changed') })
  assert.equal((await server.tokens(grant)).status, 401)
  assert.equal((await server.tokens(grant, 'testclient:changed')).status, 200)
})

test('django-oauth2-server, OAuthUser: the password is stored hashed; saved again it stays, changed it is another', async (t) => {
  const server = await startSeedServer(t)
  const { users } = server.server.store
  const byPassword = (password: string) => server.tokens({ grant_type: 'password', username: john.username, password })
  const user = await users.find(john.id)
  assert.ok(user && !JSON.stringify(user).includes(john.password))
  await users.save({ ...user, name: 'John Doe' })
  assert.equal((await byPassword(john.password)).status, 200)
  assert.equal((await byPassword('bogus')).status, 400)
  await users.save({ ...user, password_hash: await server.server.provider.engine.hasher.hash('changed') })
  assert.equal((await byPassword(john.password)).status, 400)
  assert.equal((await byPassword('changed')).status, 200)
})

test('django-oauth2-server, OAuthUser: a name is taken once, whatever its case', async (t) => {
  const { users } = (await startSeedServer(t)).server.store
  const twin = { id: 'u-twin', username: 'JOHN@doe.com', password_hash: 'x', created_at: 0 }
  assert.equal(await users.save(twin), 'username_taken')
})
