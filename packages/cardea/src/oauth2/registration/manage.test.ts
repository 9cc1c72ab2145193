import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  initialAccessToken,
  manage,
  post,
  type Registered,
  refusal,
  registered,
  sendJson,
  startRegistering,
  updateOf,
  webMetadata,
} from '../../../test-support/registering.ts'
import { alice } from '../../testing/authorization-visit.ts'
import { codeFor, pkcePair } from '../../testing/code-flow.ts'
import type { TestServer } from '../../testing/test-server.ts'

const json = async (answer: Response) => (await answer.json()) as Registered

test('RFC 7592 §2.1, A2-DCM-01, A2-DCM-06: a client reads its registration, secret excepted', async () => {
  const server = await startRegistering()
  const client = await registered(server)
  const answer = await manage(server, 'GET', client)
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  const { client_secret: _secret, ...others } = client
  assert.deepEqual(await answer.json(), others)
})

test('RFC 7592 §2.2, A2-DCM-05: an update replaces all, and what is left out or null is cleared', async () => {
  const server = await startRegistering()
  const client = await registered(server, {
    ...webMetadata,
    contacts: ['a@app.example'],
    tos_uri: 'https://app.example/t',
  })
  const answer = await manage(server, 'PUT', client, {
    client_id: client.client_id,
    client_secret: client.client_secret,
    redirect_uris: ['https://app.example/other'],
    tos_uri: null,
    scope: 'read',
  })
  assert.equal(answer.status, 200)
  const after = await json(answer)
  assert.deepEqual(after.redirect_uris, ['https://app.example/other'])
  assert.equal(after.scope, 'read')
  for (const member of ['contacts', 'tos_uri', 'client_secret']) assert.equal(member in after, false, member)
  assert.equal(after.client_name, client.client_id)
  assert.equal(after.registration_access_token, client.registration_access_token)
  assert.equal(after.client_id_issued_at, client.client_id_issued_at)
  assert.ok(server.events.some(({ type }) => type === 'client_updated'))
})

test('RFC 7592 §2.2, A2-DCM-05: an update is held to the rules of a registration', async () => {
  const server = await startRegistering({ policies: { default: { scope: 'read' } } })
  const client = await registered(server)
  for (const [error, change] of [
    ['invalid_client_metadata', { scope: 'read write' }],
    ['invalid_client_metadata', { grant_types: ['authorization_code', 'client_credentials'] }],
    ['invalid_client_metadata', { logo_uri: 'javascript:alert(1)' }],
    ['invalid_redirect_uri', { redirect_uris: ['http://app.example/cb'] }],
    ['invalid_client_metadata', { redirect_uris: undefined, grant_types: [] }],
  ] as const) {
    const answer = await refusal(await manage(server, 'PUT', client, updateOf(client, change)))
    assert.deepEqual(answer.slice(0, 2), [400, error], JSON.stringify(change))
  }
  assert.equal((await server.store.clients.find(client.client_id))?.scope, 'read')
})

test('RFC 7592 §2.2, A2-DCM-04: an update names its client, and nothing that is the server’s to say', async () => {
  const server = await startRegistering()
  const client = await registered(server)
  const other = await registered(server)
  const { client_id: _id, ...withoutId } = updateOf(client)
  const wrong: readonly Readonly<Record<string, unknown>>[] = [
    withoutId,
    updateOf(client, { client_id: other.client_id }),
    updateOf(client, { client_id: [client.client_id] }),
    updateOf(client, { registration_access_token: client.registration_access_token }),
    updateOf(client, { registration_client_uri: client.registration_client_uri }),
    updateOf(client, { client_secret_expires_at: 0 }),
    updateOf(client, { client_id_issued_at: client.client_id_issued_at }),
    updateOf(client, { client_secret: other.client_secret }),
    updateOf(client, { client_secret: '' }),
    updateOf(client, { client_secret: 1 }),
  ]
  for (const body of wrong) {
    const answer = await refusal(await manage(server, 'PUT', client, body))
    assert.deepEqual(answer.slice(0, 2), [400, 'invalid_request'], JSON.stringify(body))
  }
  assert.equal((await manage(server, 'PUT', client, updateOf(client))).status, 200)
})

test('RFC 7592 §2.2: another method brings another credential, and ends the one before', async () => {
  const server = await startRegistering({ policies: { default: { grantTypes: ['client_credentials'] } } })
  const client = await registered(server, { grant_types: ['client_credentials'] })
  const form = { grant_type: 'client_credentials' }
  const jwks_uri = 'https://app.example/keys'
  const keyed = await json(
    await manage(server, 'PUT', client, updateOf(client, { token_endpoint_auth_method: 'private_key_jwt', jwks_uri })),
  )
  assert.equal('client_secret_expires_at' in keyed, false)
  const old = await server.post('/token', form, { client: [client.client_id, client.client_secret ?? ''] })
  assert.equal(old.status, 401)
  const change = { token_endpoint_auth_method: 'client_secret_basic', jwks_uri: null }
  const again = await json(await manage(server, 'PUT', keyed, updateOf(keyed, change)))
  assert.ok(again.client_secret && again.client_secret !== client.client_secret)
  assert.equal((await server.post('/token', form, { client: [client.client_id, again.client_secret] })).status, 200)
})

test('RFC 7592 §2.2: an update brings a new secret once the old one has ended, and not before', async () => {
  const server = await startRegistering({ policies: { default: { secretLifetime: 100 } } })
  const client = await registered(server)
  assert.equal('client_secret' in (await json(await manage(server, 'PUT', client, updateOf(client)))), false)
  server.clock.advance(100)
  const { client_secret: _old, ...withoutSecret } = updateOf(client)
  const after = await json(await manage(server, 'PUT', client, withoutSecret))
  assert.match(after.client_secret ?? '', /^csc_/)
  assert.equal(after.client_secret_expires_at, server.clock.now() + 100)
})

test('T-DCR-3, RFC 7592 §2.2: the registration access token changes with an update where the server says so', async () => {
  const server = await startRegistering({ rotateRegistrationToken: true })
  const client = await registered(server)
  const after = await json(await manage(server, 'PUT', client, updateOf(client)))
  assert.match(after.registration_access_token, /^crg_/)
  assert.notEqual(after.registration_access_token, client.registration_access_token)
  assert.equal((await manage(server, 'GET', client)).status, 401)
  assert.equal((await manage(server, 'GET', after)).status, 200)
})

async function tokensOf(server: TestServer, client: Registered) {
  const query = { client_id: client.client_id, redirect_uri: 'https://app.example/cb', scope: 'read' }
  const code = await codeFor(server, alice, query)
  const form = {
    grant_type: 'authorization_code',
    code,
    code_verifier: pkcePair.verifier,
    redirect_uri: query.redirect_uri,
  }
  const answer = await server.post('/token', form, { client: [client.client_id, client.client_secret ?? ''] })
  assert.equal(answer.status, 200)
  return (await answer.json()) as { access_token: string; refresh_token: string }
}

const withRefresh = { ...webMetadata, grant_types: ['authorization_code', 'refresh_token'] }

test('RFC 7592 §2.3, A2-DCM-07: with a deleted client go its tokens, grants and consents', async () => {
  const server = await startRegistering()
  const client = await registered(server, withRefresh)
  await tokensOf(server, client)
  const answer = await manage(server, 'DELETE', client)
  assert.equal(answer.status, 204)
  assert.equal(await answer.text(), '')
  assert.equal(await server.store.clients.find(client.client_id), undefined)
  assert.deepEqual(await server.store.authorizations.list({ clientId: client.client_id }, { limit: 9 }), [])
  assert.deepEqual(await server.store.tokens.listAccess({ clientId: client.client_id }, { limit: 9 }), [])
  assert.equal(await server.store.consents.find(alice.id, client.client_id), undefined)
  assert.ok(server.events.some((event) => event.type === 'client_deleted' && event.reason === 'request'))
})

test('RFC 7592 §2, A2-DCM-02: with a deleted client goes its token: every verb is a 401, and does nothing', async () => {
  const server = await startRegistering()
  const client = await registered(server)
  await server.store.clients.delete(client.client_id)
  for (const [method, body] of [['GET'], ['PUT', updateOf(client)], ['DELETE']] as const) {
    const answer = await manage(server, method, client, body)
    assert.deepEqual((await refusal(answer)).slice(0, 2), [401, 'invalid_token'], method)
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer /)
  }
  assert.equal(await server.store.clients.find(client.client_id), undefined)
})

test('T-DCR-3, RFC 7592 §3: a registration access token is good for its own client only, and nothing else is', async () => {
  const server = await startRegistering()
  const client = await registered(server, withRefresh)
  const other = await registered(server)
  const { access_token, refresh_token } = await tokensOf(server, client)
  const initial = await initialAccessToken(server)
  const { registration_access_token: own } = client
  const wrong = [
    other.registration_access_token,
    access_token,
    refresh_token,
    initial,
    client.client_secret,
    own.slice(0, -1),
    `${own}A`,
    own.toUpperCase(),
    'x',
  ]
  for (const token of wrong) {
    for (const method of ['GET', 'DELETE'] as const) {
      const answer = await manage(server, method, client, undefined, { token })
      assert.equal(answer.status, 401, `${method} ${token}`)
    }
  }
  const missing = await sendJson(server, 'GET', client.registration_client_uri, undefined)
  assert.equal(missing.status, 401)
  assert.equal(missing.headers.get('www-authenticate'), 'Bearer realm="https://auth.example"')
  const inQuery = await server.agent().get(`${client.registration_client_uri}?access_token=${own}`)
  assert.equal(inQuery.status, 401)
  assert.equal((await manage(server, 'GET', client)).status, 200)
})

test('T-DCR-3: a registration access token opens nothing besides', async () => {
  const server = await startRegistering({ mode: 'open' })
  const client = await registered(server)
  const { registration_access_token: token } = client
  assert.equal((await post(server, webMetadata, { token })).status, 401)
  const introspected = await server.post(
    '/introspect',
    { token },
    { client: [client.client_id, client.client_secret ?? ''] },
  )
  assert.deepEqual(await introspected.json(), { active: false })
  const form = { grant_type: 'refresh_token', refresh_token: token }
  const refreshed = await server.post('/token', form, { client: [client.client_id, client.client_secret ?? ''] })
  assert.equal(refreshed.status, 400)
})

test('RFC 7592 §3: clients that the operator made have no such address, whatever is sent', async () => {
  const server = await startRegistering({}, { clients: [{ client_id: 'shop', secret: 'a secret' }] })
  const client = await registered(server)
  for (const id of ['shop', '', '..', '%2e%2e', `${client.client_id}/`, `${client.client_id}/x`, 'a%00']) {
    const answer = await sendJson(server, 'DELETE', `/register/${id}`, undefined, {
      token: client.registration_access_token,
    })
    assert.ok([401, 404, 405].includes(answer.status), `${id} ${answer.status}`)
  }
  assert.ok(await server.store.clients.find('shop'))
  assert.ok(await server.store.clients.find(client.client_id))
})

test('RFC 7592 §2, A2-DCM-03: a disabled client manages nothing, and other verbs are a 405', async () => {
  const server = await startRegistering()
  const client = await registered(server)
  const stored = await server.store.clients.find(client.client_id)
  assert.ok(stored)
  await server.store.clients.save({ ...stored, disabled: true })
  for (const [method, body] of [['GET'], ['PUT', updateOf(client)], ['DELETE']] as const) {
    const answer = await manage(server, method, client, body)
    assert.deepEqual((await refusal(answer)).slice(0, 2), [403, 'unauthorized_client'], method)
  }
  for (const method of ['POST', 'PATCH'] as const) {
    const answer = await manage(server, method, client, '{}')
    assert.equal(answer.status, 405)
    assert.match(answer.headers.get('allow') ?? '', /PUT/)
  }
})

test('RFC 7592 §2.2: what the operator gave a client outlives its updates, as long as it is the same client', async () => {
  const server = await startRegistering()
  const client = await registered(server)
  const stored = await server.store.clients.find(client.client_id)
  assert.ok(stored)
  const { unapproved: _, ...approved } = stored
  await server.store.clients.save({ ...approved, introspect_any: true, first_party: true, pkce: ['plain'] })
  await manage(server, 'PUT', client, updateOf(client, { contacts: ['new@app.example'] }))
  const same = await server.store.clients.find(client.client_id)
  assert.deepEqual([same?.introspect_any, same?.first_party, same?.pkce], [true, true, ['plain']])
  assert.equal(same?.unapproved, undefined)
  const moved = updateOf(client, { redirect_uris: ['https://app.example/cb', 'https://evil.example/cb'] })
  await manage(server, 'PUT', client, moved)
  const another = await server.store.clients.find(client.client_id)
  assert.deepEqual([another?.first_party, another?.unapproved], [undefined, true])
  assert.equal(another?.consents_since, server.clock.now())
})
