import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestPath } from '../testing/authorization-visit.ts'
import { startTestServer, type TestServerOptions } from '../testing/test-server.ts'
import { fapi2 } from './fapi2.ts'
import { mcp } from './mcp.ts'
import { oauth21 } from './oauth21.ts'
import type { Preset } from './preset.ts'

const metadata = async (options: TestServerOptions, path = '/.well-known/oauth-authorization-server') => {
  const server = await startTestServer(options)
  return (await server.agent().get(path)).json()
}

type Conflict = readonly [preset: Preset, options: TestServerOptions, message: RegExp]

const signing = fapi2({ messageSigning: true })
const conflicts: readonly Conflict[] = [
  [oauth21(), { responseTypes: ['code', 'token'] }, /^responseTypes: must be \["code"\] with the preset oauth21/],
  [oauth21(), { requireS256: false }, /^requireS256: must be true with the preset oauth21, got false/],
  [
    oauth21(),
    { compatibility: { bearerTokenInFormOrQuery: true } },
    /^compatibility\.bearerTokenInFormOrQuery: must be/,
  ],
  [oauth21(), { compatibility: { implicitForConfidential: true } }, /^compatibility\.implicitForConfidential/],
  [oauth21(), { profile: 'django-oauth2-server' }, /^profile: must be left out/],
  [fapi2(), { pushedRequests: false }, /^pushedRequests: must be on with the preset fapi2, got false; change it/],
  [fapi2(), { pushedRequests: { required: false } }, /^pushedRequests\.required: must be true/],
  [fapi2(), { dpop: { required: false } }, /^dpop\.required: must be true/],
  [fapi2(), { dpop: { algorithms: ['RS256'] } }, /^dpop\.algorithms: must be out of PS256, ES256, EdDSA/],
  [fapi2(), { clientAssertions: false }, /^clientAssertions: must be on/],
  [fapi2(), { clientAssertions: { algorithms: ['ES256', 'RS256'] } }, /^clientAssertions\.algorithms/],
  [fapi2(), { lifetimes: { authorizationCode: 61 } }, /^lifetimes\.authorizationCode: must be at most 60/],
  [fapi2(), { authMethods: ['client_secret_basic'] }, /^authMethods: must be/],
  [fapi2(), { signingKeys: { algorithm: 'RS256' } }, /^signingKeys\.algorithm: must be one of/],
  [fapi2(), { compatibility: { tokenEndpointAsAudience: true } }, /^compatibility\.tokenEndpointAsAudience/],
  [fapi2(), { oauth1: true }, /^oauth1: must be false/],
  [signing, { requestObjects: { byReference: true } }, /^requestObjects\.byReference: must be false/],
  [signing, { responseModes: ['query'] }, /^responseModes: must be out of jwt/],
  [signing, { signedResponses: false }, /^signedResponses: must be on/],
]

for (const [preset, options, message] of conflicts) {
  test(`T-FAPI-1: the preset ${preset.name} refuses ${JSON.stringify(options)}, and says what to change`, async () => {
    await assert.rejects(startTestServer({ preset, ...options }), { name: 'TypeError', message })
  })
}

test('T-FAPI-1: what the preset fapi2 says of itself: pushed, S256, keys or certificates, bound tokens, issuer', async () => {
  const said = await metadata({ preset: fapi2(), mutualTls: true })
  assert.equal(said.require_pushed_authorization_requests, true)
  assert.deepEqual(said.code_challenge_methods_supported, ['S256'])
  assert.deepEqual(said.token_endpoint_auth_methods_supported, ['private_key_jwt', 'self_signed_tls_client_auth'])
  assert.deepEqual(said.token_endpoint_auth_signing_alg_values_supported, ['PS256', 'ES256', 'EdDSA', 'Ed25519'])
  assert.deepEqual(said.dpop_signing_alg_values_supported, ['PS256', 'ES256', 'EdDSA', 'Ed25519'])
  assert.deepEqual(said.response_types_supported, ['code'])
  assert.equal(said.authorization_response_iss_parameter_supported, true)
})

test('T-FAPI-1: message signing besides: signed requests, and signed answers only', async () => {
  const said = await metadata({ preset: signing })
  assert.equal(said.require_signed_request_object, true)
  assert.equal(said.request_uri_parameter_supported, false)
  assert.deepEqual(said.response_modes_supported, ['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'])
})

test('T-FAPI-1: a client with a secret, and one that leaves PKCE out, get nowhere, whatever they are registered for', async () => {
  const client = { client_id: 'app', secret: 'a secret', pkce: ['none' as const, 'plain' as const] }
  const strict = await startTestServer({ preset: fapi2(), clients: [client] })
  const form = { grant_type: 'client_credentials' }
  const refused = await strict.post('/token', form, { client: ['app', 'a secret'] })
  assert.equal((await refused.json()).error, 'invalid_client')
  const direct = await strict.agent().get(requestPath({ redirect_uri: 'https://client.example/cb' }))
  assert.match(direct.headers.get('location') ?? '', /error=invalid_request/)
  const other = await startTestServer({ preset: oauth21(), clients: [client] })
  for (const query of [
    { code_challenge: undefined, code_challenge_method: undefined },
    { code_challenge_method: 'plain' },
  ]) {
    const answer = await other.agent().get(requestPath(query))
    assert.match(answer.headers.get('location') ?? '', /error=invalid_request/)
  }
})

const resource = 'https://auth.example/mcp'

test('MCP 2026-07-28: one line turns on documents of clients, iss, S256 and the metadata of the resource', async () => {
  const preset = mcp({ resources: [resource, 'https://api.example/mcp'] })
  const said = await metadata({ preset })
  assert.equal(said.client_id_metadata_document_supported, true)
  assert.equal(said.authorization_response_iss_parameter_supported, true)
  assert.deepEqual(said.code_challenge_methods_supported, ['S256'])
  assert.equal(said.registration_endpoint, undefined)
  const described = await metadata({ preset }, '/.well-known/oauth-protected-resource/mcp')
  assert.deepEqual(described, {
    resource,
    authorization_servers: ['https://auth.example'],
    scopes_supported: ['read', 'write'],
    bearer_methods_supported: ['header'],
    resource_name: 'auth.example/mcp',
  })
  const registering = await metadata({ preset: mcp({ resources: [resource], registration: true }) })
  assert.equal(registering.registration_endpoint, 'https://auth.example/register')
})

test('MCP 2026-07-28, A2-META-01: the server metadata are at every address that clients try, with and without a path', async () => {
  const preset = mcp({ resources: [resource] })
  for (const [issuer, paths] of [
    ['https://auth.example', ['', '']],
    ['https://auth.example/t', ['/t', '/t', '']],
  ] as const) {
    const server = await startTestServer({ issuer, preset })
    const first = await (await server.agent().get(`/.well-known/oauth-authorization-server${paths[0]}`)).json()
    assert.equal(first.issuer, issuer)
    const names = ['oauth-authorization-server', 'openid-configuration']
    for (const name of names)
      for (const at of [`/.well-known/${name}${paths[0]}`, `${paths[0]}/.well-known/${name}`, `/.well-known/${name}`]) {
        const answer = await server.agent().get(at)
        assert.equal(answer.status, 200, at)
        assert.deepEqual(await answer.json(), first, at)
      }
  }
  const without = await startTestServer()
  assert.equal((await without.agent().get('/.well-known/openid-configuration')).status, 404)
})

test('mcp: an address that is none is refused at once', () => {
  for (const resources of [[], ['not a URL'], ['http://api.example/mcp'], ['https://api.example/mcp#x']])
    assert.throws(() => mcp({ resources }), TypeError, resources[0])
})
