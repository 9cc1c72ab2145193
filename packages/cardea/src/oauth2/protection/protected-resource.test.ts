import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchHandler, fetchProtector } from '../../adapters/fetch.ts'
import { signJwt } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import { resourceProtector } from '../../resource-protector.ts'
import { startTestServer } from '../../testing/test-server.ts'
import { type ProtectedResourceOptions, protectedResource } from './protected-resource.ts'

const authorizationServers = ['https://auth.example']

for (const [resource, metadataUrl] of [
  ['https://api.example', 'https://api.example/.well-known/oauth-protected-resource'],
  ['https://api.example/', 'https://api.example/.well-known/oauth-protected-resource'],
  ['https://api.example/mcp', 'https://api.example/.well-known/oauth-protected-resource/mcp'],
  ['https://api.example/a/b/', 'https://api.example/.well-known/oauth-protected-resource/a/b/'],
  ['http://localhost:3000/mcp', 'http://localhost:3000/.well-known/oauth-protected-resource/mcp'],
] as const) {
  test(`RFC 9728 §3.1, §3.3: the metadata of ${resource} is where clients look for it, and names it as they do`, async () => {
    const described = protectedResource({ resource, authorizationServers })
    assert.equal(described.metadataUrl, metadataUrl)
    assert.equal(described.handles(new URL(metadataUrl).pathname), true)
    const answer = await fetchHandler(described)(new Request(metadataUrl))
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'application/json'])
    assert.deepEqual(await answer.json(), {
      resource,
      authorization_servers: authorizationServers,
      bearer_methods_supported: ['header'],
    })
  })
}

test('RFC 9728 §2: every member, as it is called on the wire', () => {
  const { metadata } = protectedResource({
    resource: 'https://api.example/v1',
    authorizationServers,
    scopes: ['read'],
    bearerMethods: ['header', 'body'],
    name: 'Things',
    documentation: 'https://api.example/docs',
    policy: 'https://api.example/policy',
    terms: 'https://api.example/terms',
    jwksUri: 'https://api.example/jwks',
    dpop: { algorithms: ['ES256'], required: true },
    certificateBoundTokens: true,
    authorizationDetailsTypes: ['payment'],
    more: { 'resource_name#de': 'Dinge', resource: 'https://forged.example' },
  })
  assert.deepEqual(metadata, {
    'resource_name#de': 'Dinge',
    resource: 'https://api.example/v1',
    authorization_servers: authorizationServers,
    scopes_supported: ['read'],
    bearer_methods_supported: ['header', 'body'],
    resource_name: 'Things',
    resource_documentation: 'https://api.example/docs',
    resource_policy_uri: 'https://api.example/policy',
    resource_tos_uri: 'https://api.example/terms',
    jwks_uri: 'https://api.example/jwks',
    dpop_signing_alg_values_supported: ['ES256'],
    dpop_bound_access_tokens_required: true,
    tls_client_certificate_bound_access_tokens: true,
    authorization_details_types_supported: ['payment'],
  })
})

test('RFC 9728 §2.2: the members can be signed by whoever stands for them, and come beside the signed ones', async () => {
  const key = await generateSigningKey('ES256')
  const described = protectedResource({
    resource: 'https://api.example',
    name: 'Things',
    sign: async (claims) => signJwt(key, { typ: 'JWT', claims: { ...claims, iss: 'https://trust.example' } }),
  })
  const told = await (await fetchHandler(described)(new Request(described.metadataUrl))).json()
  const [, payload = ''] = told.signed_metadata.split('.')
  const { iss, ...claims } = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const { signed_metadata: _, ...members } = told
  assert.deepEqual([iss, claims], ['https://trust.example', members])
  assert.equal('signed_metadata' in claims, false)
})

test('RFC 9728 §3.2: lists of nothing are left out, but for the ways in which Bearer tokens may come', () => {
  const lists = { authorizationServers: [], scopes: [], authorizationDetailsTypes: [], bearerMethods: [] }
  assert.deepEqual(protectedResource({ resource: 'https://api.example', ...lists }).metadata, {
    resource: 'https://api.example',
    bearer_methods_supported: [],
  })
})

test('RFC 9728 §3: scripts of any site may read it, others than GET are refused', async () => {
  const { handle, metadataUrl, ...described } = protectedResource({ resource: 'https://api.example' })
  const send = (method: string) => fetchHandler({ ...described, handle })(new Request(metadataUrl, { method }))
  const read = await send('GET')
  assert.equal(read.headers.get('access-control-allow-origin'), '*')
  assert.match(read.headers.get('cache-control') ?? '', /max-age=\d+/)
  const [preflight, posted] = [await send('OPTIONS'), await send('POST')]
  assert.deepEqual([preflight.status, preflight.headers.get('access-control-allow-origin')], [204, '*'])
  assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD'])
})

test('RFC 9728 §5.1: challenges say where the metadata is', async () => {
  const described = protectedResource({ resource: 'https://api.example/mcp', authorizationServers })
  const server = await startTestServer({ resourceMetadata: described.metadataUrl })
  const own = resourceProtector({ provider: server.provider, attributes: described.challenge })
  for (const source of [own, server.provider]) {
    const resource = fetchProtector(source).requireOAuth(undefined, () => new Response())
    for (const headers of [{}, { authorization: 'Bearer x' }]) {
      const said = (await resource(new Request('https://api.example/mcp', { headers }))).headers.get('www-authenticate')
      assert.match(
        said ?? '',
        / resource_metadata="https:\/\/api\.example\/\.well-known\/oauth-protected-resource\/mcp"/,
      )
    }
  }
})

const refused: readonly (readonly [options: object, message: RegExp])[] = [
  [{}, /resource must be/],
  [{ resource: 'api.example' }, /resource must be/],
  [{ resource: 'http://api.example' }, /resource must be/],
  [{ resource: 'https://a:b@api.example' }, /resource must be/],
  [{ resource: 'https://api.example/?a=b' }, /resource must have no query/],
  [{ resource: 'https://api.example/#a' }, /resource must have no query/],
  [{ resource: 'https://api.example', authorizationServers: ['auth'] }, /authorizationServers/],
  [{ resource: 'https://api.example', documentation: 'javascript:alert(1)' }, /resource_documentation/],
  [{ resource: 'https://api.example', dpop: { algorithms: ['HS256'] } }, /dpop\.algorithms/],
]
for (const [options, message] of refused) {
  test(`RFC 9728 §1.2: refuses at once ${JSON.stringify(options)}`, () => {
    assert.throws(() => protectedResource(options as ProtectedResourceOptions), { name: 'TypeError', message })
  })
}

test('RFC 9728 §5.1: the address of the metadata must be one', async () => {
  await assert.rejects(startTestServer({ resourceMetadata: 'x' }), /^TypeError: resourceMetadata: must be a URL/)
})
