import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dpopClient } from '../test-support/dpop-client.ts'
import { fetchProtector } from './adapters/fetch.ts'
import { describedDetailType } from './oauth2/rich-authorization/described-detail-type.ts'
import type { ScopeNeed } from './resource-guard.ts'
import { startTestServer, type TestServer, type TestServerOptions } from './testing/test-server.ts'

const [notes, photos, elsewhere] = [
  'https://auth.example/notes',
  'https://auth.example/api/photos/',
  'https://api.example/x',
]
const wellKnown = 'https://auth.example/.well-known/oauth-protected-resource'

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({
    describedResources: [notes, photos, elsewhere],
    resources: [
      { identifier: notes, name: 'Notes', scopes: ['read'] },
      { identifier: photos, name: 'Photos', scopes: [] },
    ],
    ...options,
  })

const documentAt = async (server: TestServer, url: string) => (await server.send(new Request(url))).json()

test('RFC 9728 §3.1, §3.3: several resources of one host have a document each, which names them as clients do', async () => {
  const server = await start()
  assert.deepEqual(await documentAt(server, `${wellKnown}/notes`), {
    resource: notes,
    authorization_servers: ['https://auth.example'],
    scopes_supported: ['read'],
    bearer_methods_supported: ['header'],
    resource_name: 'Notes',
  })
  const { resource, scopes_supported } = await documentAt(server, `${wellKnown}/api/photos/`)
  assert.deepEqual([resource, scopes_supported], [photos, undefined], 'RFC 9728 §3.2: no empty lists')
  for (const path of ['', '/', '/x', '/photos', '/api/photos', '/NOTES', '/notes/..'])
    assert.equal((await server.send(new Request(wellKnown + path))).status, 404, path)
})

test('RFC 9728 §3.1: behind a prefix of the issuer, the address still begins at the root of the host', async () => {
  const server = await start({
    issuer: 'https://auth.example/tenant',
    describedResources: ['https://auth.example/tenant/mcp'],
  })
  const { authorization_servers } = await documentAt(server, `${wellKnown}/tenant/mcp`)
  assert.deepEqual(authorization_servers, ['https://auth.example/tenant'])
})

const challenged = async (server: TestServer, need: ScopeNeed, headers = {}): Promise<string> => {
  const handler = fetchProtector(server.provider).requireOAuth(need, () => new Response())
  const answer = await handler(new Request('https://auth.example/notes', { headers }))
  return answer.headers.get('www-authenticate') ?? ''
}

test('RFC 9728 §5.1: the challenge of a route names the document of the resource that the route says it is', async () => {
  const server = await start({ resourceMetadata: `${wellKnown}/notes` })
  for (const [need, url] of [
    [{ resource: photos }, `${wellKnown}/api/photos/`],
    [{ resource: ['https://other.example', notes], scope: 'read' }, `${wellKnown}/notes`],
    [{ resource: elsewhere }, 'https://api.example/.well-known/oauth-protected-resource/x'],
    [undefined, `${wellKnown}/notes`],
    [{ resource: 'https://other.example' }, `${wellKnown}/notes`],
  ] as const) {
    for (const headers of [{}, { authorization: 'Bearer none' }])
      assert.equal((await challenged(server, need, headers)).includes(`resource_metadata="${url}"`), true, url)
  }
  assert.equal((await challenged(await start(), undefined)).includes('resource_metadata'), false)
})

test('RFC 9728 §2: the document says how tokens may come, and to what they may be bound', async () => {
  const payment = describedDetailType('payment', { title: 'Payment', fields: {} })
  const server = await start({
    dpop: { required: true, algorithms: ['ES256'] },
    authorizationDetails: { payment },
    compatibility: { bearerTokenInFormOrQuery: true },
  })
  const said = await documentAt(server, `${wellKnown}/notes`)
  assert.deepEqual(said.dpop_signing_alg_values_supported, ['ES256'])
  assert.equal(said.dpop_bound_access_tokens_required, true)
  assert.deepEqual(said.bearer_methods_supported, ['header', 'body', 'query'])
  assert.deepEqual(said.authorization_details_types_supported, ['payment'])
  const mutual = await documentAt(await start({ dpop: { required: true }, mutualTls: true }), `${wellKnown}/notes`)
  assert.equal(mutual.tls_client_certificate_bound_access_tokens, true)
  assert.equal('dpop_bound_access_tokens_required' in mutual, false, 'a certificate does as well')
})

test('RFC 9728 §2, RFC 9449 §7.1: the algorithms of the document are those that the resource takes', async () => {
  const server = await start({ dpop: { algorithms: ['ES256'] }, clients: [{ client_id: 'app', secret: 's' }] })
  const { dpop_signing_alg_values_supported: algorithms } = await documentAt(server, `${wellKnown}/notes`)
  assert.deepEqual(algorithms, ['ES256'])
  const client = await dpopClient(server.clock, 'ES256')
  const issued = await client.post(server, { grant_type: 'client_credentials' }, { client: ['app', 's'] })
  const { access_token: accessToken } = (await issued.json()) as { access_token: string }
  const handler = fetchProtector(server.provider).requireOAuth(undefined, () => new Response())
  const url = 'https://auth.example/notes'
  const dpop = client.proof({ htm: 'GET', htu: url, accessToken })
  const headers = { authorization: `DPoP ${accessToken}`, dpop }
  assert.equal((await handler(new Request(url, { headers }))).status, 200)
})

for (const [given, message] of [
  ['auth.example', /^describedResources\[0\]: .*resource must be an https URL, got "auth.example"/],
  ['http://auth.example/x', /^describedResources\[0\]/],
  ['https://auth.example/x?a=b', /^describedResources\[0\]: .*must have no query/],
  ['urn:example:notes', /^describedResources\[0\]/],
] as const) {
  test(`RFC 9728 §1.2: refuses at once to describe ${given}`, async () => {
    await assert.rejects(start({ describedResources: [given] }), { name: 'TypeError', message })
  })
}
