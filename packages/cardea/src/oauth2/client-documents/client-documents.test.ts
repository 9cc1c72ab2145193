import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Answers, type DocumentScene, documentOf, startScene } from '../../../test-support/client-documents.ts'
import { signJwt } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import { sqliteStore } from '../../stores/sqlite/index.ts'
import { alice, allow, requestPath, responseOf, visitConsent } from '../../testing/authorization-visit.ts'
import { codeFor, pkcePair } from '../../testing/code-flow.ts'

const redirect_uri = 'https://app.example/cb'

const tokensOf = async ({ server, clientId }: DocumentScene, query = {}): Promise<Record<string, string>> => {
  const code = await codeFor(server, alice, { client_id: clientId, redirect_uri, ...query })
  const form = { grant_type: 'authorization_code', client_id: clientId, redirect_uri, ...query, code }
  const answer = await server.post('/token', { ...form, code_verifier: pkcePair.verifier })
  assert.equal(answer.status, 200, await answer.clone().text())
  return answer.json()
}

const refresh = ({ server, clientId }: DocumentScene, refresh_token = '') =>
  server.post('/token', { grant_type: 'refresh_token', client_id: clientId, refresh_token })

const ask = ({ server, clientId }: DocumentScene, remoteAddress?: string, client_id = clientId) =>
  server.agent(remoteAddress).get(requestPath({ client_id, redirect_uri }))

const stores = {
  memory: () => undefined,
  sqlite: () => sqliteStore({ file: join(mkdtempSync(join(tmpdir(), 'documents-')), 'a.db') }),
}

for (const [name, storeOf] of Object.entries(stores)) {
  test(`T-CIM-1, CIMD §4: a client that nobody registered gets tokens by its document, and refreshes them (${name})`, async (t) => {
    const store = await storeOf()
    if (store !== undefined) t.after(() => store.close())
    const scene = await startScene(t, store === undefined ? {} : { store })
    const { refresh_token } = await tokensOf(scene)
    const again = await refresh(scene, refresh_token)
    assert.equal(again.status, 200)
    const { access_token } = await again.json()
    const kept = await scene.server.store.clients.find(scene.clientId)
    assert.equal(kept?.client_name, 'An app')
    assert.equal(kept?.first_party, undefined)
    assert.equal(kept?.unapproved, true)
    assert.deepEqual(scene.asked, ['/client.json'])
    const revoked = await scene.server.post('/revoke', { token: access_token, client_id: scene.clientId })
    assert.equal(revoked.status, 200)
  })
}

test('CIMD §4.1: a document may be of a more special type, as long as that is JSON', async (t) => {
  for (const [type, status] of [
    ['application/oauth-client+json; charset=utf-8', 303],
    ['application/vnd.example.v1+JSON', 303],
    ['application/json+html', 400],
    ['application/+json', 400],
    ['text/client+json', 400],
    ['application/a+json,text/html', 400],
  ] as const) {
    const scene = await startScene(t)
    const answer: Answers = (response) =>
      void response.setHeader('content-type', type).end(JSON.stringify(documentOf(scene.clientId)))
    scene.documents.set('/client.json', answer)
    assert.equal((await ask(scene)).status, status, type)
  }
})

test('CIMD §5: the metadata say that there are such clients, and only then', async (t) => {
  const { server } = await startScene(t)
  const path = '/.well-known/oauth-authorization-server'
  const said = await (await server.agent().get(path)).json()
  assert.equal(said.client_id_metadata_document_supported, true)
  const without = await startScene(t, { clientDocuments: false })
  const other = await (await without.server.agent().get(path)).json()
  assert.equal('client_id_metadata_document_supported' in other, false)
  assert.equal((await ask(without)).status, 400)
  assert.deepEqual(without.asked, [])
})

test('CIMD §6.2: a client with keys proves itself by them, and nobody gets its tokens without', async (t) => {
  const scene = await startScene(t)
  const { clientId, server } = scene
  const key = await generateSigningKey('ES256')
  scene.publish({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key.publicJwk] } })
  const code = await codeFor(server, alice, { client_id: clientId, redirect_uri })
  const form = { grant_type: 'authorization_code', redirect_uri, code, code_verifier: pkcePair.verifier }
  assert.equal((await server.post('/token', { ...form, client_id: clientId })).status, 401)
  const now = server.clock.now()
  const claims = { iss: clientId, sub: clientId, aud: server.provider.issuer, iat: now, exp: now + 60, jti: 'j' }
  const answer = await server.post('/token', {
    ...form,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: signJwt(key, { typ: 'client-authentication+jwt', claims }),
  })
  assert.equal(answer.status, 200, await answer.text())
})

test('T-AUZ-16: consent to such a client is never silent, and the page shows where people are sent', async (t) => {
  const scene = await startScene(t)
  const { clientId, server } = scene
  const at = await visitConsent(server, alice, { client_id: clientId, redirect_uri })
  assert.match(at.text, /<bdi>app\.example<\/bdi>/)
  await allow(at)
  const repeated = await at.browser.get(requestPath({ client_id: clientId, redirect_uri }))
  assert.match(repeated.headers.get('location') ?? '', /^\/interaction\//)
  const silent = await at.browser.get(requestPath({ client_id: clientId, redirect_uri, prompt: 'none' }))
  assert.equal(silent.status, 303)
  assert.equal(responseOf(silent).error, 'consent_required')
})

test('RFC 8252 §7.3, §8.6: a loopback redirect, localhost too, may have any port, and the page warns of it', async (t) => {
  const scene = await startScene(t)
  scene.publish({ redirect_uris: ['http://localhost/cb', 'http://127.0.0.1:3000/cb'] })
  for (const uri of ['http://localhost:49152/cb', 'http://127.0.0.1:8/cb']) {
    const at = await visitConsent(scene.server, alice, { client_id: scene.clientId, redirect_uri: uri })
    assert.match(at.text, /program on your own device/)
    assert.match(responseOf(await allow(at)).code ?? '', /./)
  }
  for (const uri of ['http://localhost:49152/other', 'http://localhost.evil.example:1/cb', 'https://localhost/cb']) {
    const refused = await scene.server.agent().get(requestPath({ client_id: scene.clientId, redirect_uri: uri }))
    assert.equal(refused.status, 400, uri)
  }
})

test('CIMD §4.4: the document is read again when it is no longer fresh, and what it says then counts', async (t) => {
  const scene = await startScene(t)
  const { asked, clientId, server } = scene
  await tokensOf(scene)
  scene.publish({ client_name: 'Another name', redirect_uris: ['https://other.example/cb'] })
  assert.equal((await ask(scene)).status, 303)
  assert.equal(asked.length, 1)
  server.clock.advance(601)
  assert.equal((await ask(scene)).status, 400)
  assert.equal(asked.length, 2)
  const kept = await server.store.clients.find(clientId)
  assert.deepEqual([kept?.client_name, kept?.redirect_uris], ['Another name', ['https://other.example/cb']])
  assert.equal(kept?.consents_since, server.clock.now())
})

test('CIMD §4.4: one fetch serves all that ask at the same time', async (t) => {
  const scene = await startScene(t)
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(scene)))
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]))
  assert.equal(scene.asked.length, 1)
})

test('CIMD §4.4: an error is not kept: the next request asks again', async (t) => {
  const scene = await startScene(t)
  scene.documents.delete('/client.json')
  assert.equal((await ask(scene)).status, 400)
  scene.publish()
  assert.equal((await ask(scene)).status, 303)
})

test('CIMD §4.4: a client outlives an outage of its host for a day, and not what its host says', async (t) => {
  const scene = await startScene(t, { lifetimes: { session: 864_000 } })
  const { documents, server } = scene
  const { refresh_token } = await tokensOf(scene)
  const down: Answers = (response) => void response.writeHead(503).end('{}')
  documents.set('/client.json', down)
  server.clock.advance(86_000)
  const during = await refresh(scene, refresh_token)
  assert.equal(during.status, 200)
  const { refresh_token: next } = await during.json()
  documents.delete('/client.json')
  assert.equal((await refresh(scene, next)).status, 400)
  documents.set('/client.json', down)
  server.clock.advance(401)
  assert.equal((await refresh(scene, next)).status, 400)
  scene.publish()
  const after = await refresh(scene, next)
  assert.equal(after.status, 200, await after.text())
})

test('T-SSRF-1: what somebody on one network has fetched is limited, for others nothing changes', async (t) => {
  const scene = await startScene(t, { limits: { clientDocumentFromNetwork: { attempts: 3, window: 600 } } })
  const at = (path: string, from: string) => ask(scene, from, `${scene.origin}${path}`)
  for (const path of ['/1', '/2', '/3']) assert.equal((await at(path, '198.51.100.1')).status, 400)
  assert.equal((await at('/4', '198.51.100.1')).status, 429)
  assert.equal((await ask(scene, '198.51.100.1')).status, 429)
  assert.deepEqual(scene.asked, ['/1', '/2', '/3'])
  assert.equal((await ask(scene, '198.51.100.2')).status, 303)
  assert.equal((await ask(scene, '198.51.100.1')).status, 303)
})

test('T-SSRF-1: clients that nobody has named before are limited altogether, known ones are not', async (t) => {
  const scene = await startScene(t, { limits: { clientDocument: { attempts: 1, window: 86_400 } } })
  assert.equal((await ask(scene)).status, 303)
  const other = `${scene.origin}/other`
  scene.documents.set('/other', documentOf(other))
  assert.equal((await ask(scene, undefined, other)).status, 429)
  scene.server.clock.advance(3600)
  assert.equal((await ask(scene)).status, 303)
  assert.equal(scene.asked.length, 2)
})

test('a client that the operator has disabled stays so, whatever its document says', async (t) => {
  const scene = await startScene(t)
  const { clientId, server } = scene
  await tokensOf(scene)
  const kept = await server.store.clients.find(clientId)
  assert.ok(kept)
  await server.store.clients.save({ ...kept, disabled: true })
  server.clock.advance(7200)
  assert.equal((await ask(scene)).status, 400)
  assert.equal(scene.asked.length, 1)
  const [listed] = await server.store.tokens.listAccess({ clientId }, { limit: 9 })
  assert.equal(listed?.revoked, true)
})

test('a client of the operator with such an id is what the operator made it, and nothing is fetched', async (t) => {
  const id = 'https://keys.example/mine'
  const scene = await startScene(t, { clients: [{ client_id: id, redirect_uris: [redirect_uri] }] })
  assert.equal((await ask(scene, undefined, id)).status, 303)
  assert.deepEqual(scene.asked, [])
})

test('what nobody uses goes: the client is forgotten when nothing is left', async (t) => {
  const scene = await startScene(t, { documents: { unusedFor: 3600 } })
  const { clientId, server } = scene
  await ask(scene)
  server.clock.advance(3500)
  await server.provider.sweep()
  assert.ok(await server.store.clients.find(clientId))
  server.clock.advance(101)
  await server.provider.sweep()
  assert.equal(await server.store.clients.find(clientId), undefined)
})

async function trusted(t: TestContext, documents: NonNullable<Parameters<typeof startScene>[1]>['documents'] = {}) {
  const scene = await startScene(t, { documents })
  return { scene, status: (await ask(scene)).status }
}

test('trust: hosts that are not named are not asked', async (t) => {
  const { scene, status } = await trusted(t, { hosts: ['app.example', '*.keys.example'] })
  assert.deepEqual([status, scene.asked], [400, []])
})

test('trust: the function of the host has the last word', async (t) => {
  assert.equal((await trusted(t, { approve: () => false })).status, 400)
  assert.equal((await trusted(t, { approve: async () => undefined as never })).status, 303)
  assert.equal((await trusted(t, { approve: () => 'yes' as never })).status, 400)
  const { scene } = await trusted(t, {
    approve: ({ client, document }) => ({ approved: client.client_id === document.client_id }),
  })
  assert.equal((await scene.server.store.clients.find(scene.clientId))?.unapproved, undefined)
})

test('the policy limits what such clients may have, and what is of no use here is left out', async (t) => {
  const { scene } = await trusted(t, { policy: { scope: 'read' } })
  const { documents, origin, server } = scene
  const id = `${origin}/2`
  const grant_types = ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code']
  documents.set('/2', documentOf(id, { scope: 'write read', grant_types, first_party: true }))
  assert.equal((await ask(scene, undefined, id)).status, 303)
  const kept = await server.store.clients.find(id)
  assert.equal(kept?.scope, 'read')
  assert.deepEqual(kept?.grant_types, ['authorization_code', 'refresh_token'])
  assert.equal(kept?.first_party, undefined)
})
