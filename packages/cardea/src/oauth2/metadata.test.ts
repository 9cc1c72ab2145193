import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicKeyAlgorithms, secretKeyAlgorithms } from '../core/crypto/jose/algorithms.ts'
import { contentEncryptions, keyEncryptions } from '../core/crypto/jose/decrypt-jwe.ts'
import { startTestServer, type TestServerOptions } from '../testing/test-server.ts'
import { authorizationCode } from './token/grants/authorization-code.ts'
import { clientCredentials } from './token/grants/client-credentials.ts'
import { password } from './token/grants/password.ts'

const wellKnown = '/.well-known/oauth-authorization-server'

async function metadata(options: TestServerOptions = {}, path = wellKnown) {
  const server = await startTestServer(options)
  const answer = await server.send(new Request(new URL(path, server.origin), { headers: { host: 'evil.example' } }))
  assert.equal(answer.status, 200)
  return answer.json()
}

const jwtMethods = ['private_key_jwt', 'client_secret_jwt']
const assertionAlgorithms = [...publicKeyAlgorithms, ...secretKeyAlgorithms]

test('RFC 8414 §2: the metadata of a provider with nothing but defaults', async () => {
  assert.deepEqual(await metadata(), {
    issuer: 'https://auth.example',
    authorization_endpoint: 'https://auth.example/authorize',
    token_endpoint: 'https://auth.example/token',
    revocation_endpoint: 'https://auth.example/revoke',
    introspection_endpoint: 'https://auth.example/introspect',
    scopes_supported: ['read', 'write'],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none', ...jwtMethods],
    revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none', ...jwtMethods],
    introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', ...jwtMethods],
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    revocation_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    introspection_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    jwks_uri: 'https://auth.example/jwks',
    introspection_signing_alg_values_supported: ['ES256', 'EdDSA', 'RS256', 'PS256'],
    introspection_encryption_alg_values_supported: keyEncryptions,
    introspection_encryption_enc_values_supported: contentEncryptions,
  })
})

test('RFC 8414 §3.2: it is JSON, may be cached for a while, and any site may read it', async () => {
  const server = await startTestServer()
  const answer = await server.send(new Request(server.origin + wellKnown, { headers: { origin: 'https://a.example' } }))
  assert.equal(answer.headers.get('content-type'), 'application/json')
  assert.equal(answer.headers.get('cache-control'), 'public, max-age=300')
  assert.equal(answer.headers.has('pragma'), false)
  assert.equal(answer.headers.get('access-control-allow-origin'), '*')
  const cached = await server.send(new Request(server.origin + wellKnown))
  assert.deepEqual([cached.headers.get('access-control-allow-origin'), cached.headers.get('vary')], [null, 'Origin'])
})

test('RFC 8414 §3.1: for an issuer with a path the well-known part comes in front, the endpoints below', async () => {
  for (const issuer of ['https://auth.example/tenant/a', 'https://auth.example/tenant/a/']) {
    const told = await metadata({ issuer }, `${wellKnown}/tenant/a`)
    assert.equal(told.issuer, 'https://auth.example/tenant/a')
    assert.equal(told.token_endpoint, 'https://auth.example/tenant/a/token')
    const server = await startTestServer({ issuer })
    assert.equal((await server.send(new Request(server.origin + wellKnown))).status, 404)
    assert.equal((await server.post('/token', '')).status, 404)
    assert.equal((await server.post('/tenant/a/token', '')).status, 401)
  }
})

test('RFC 8414 §2: what is advertised is what the provider was put together from', async () => {
  const told = await metadata({
    grants: [authorizationCode(), clientCredentials(), password()],
    responseTypes: ['code', 'token'],
    responseModes: ['query', 'fragment'],
    scopes: [{ name: 'only', description: '', is_default: true }],
    paths: { token: ['/oauth/token', '/old/token'], authorize: '/oauth/authorize' },
  })
  assert.deepEqual(told.grant_types_supported, ['authorization_code', 'client_credentials', 'password', 'implicit'])
  assert.deepEqual(told.response_types_supported, ['code', 'token'])
  assert.deepEqual(told.response_modes_supported, ['query', 'fragment'])
  assert.deepEqual(told.scopes_supported, ['only'])
  assert.equal(told.token_endpoint, 'https://auth.example/oauth/token')
  assert.equal(told.authorization_endpoint, 'https://auth.example/oauth/authorize')
})

const signingOf = (told: Record<string, unknown>) =>
  ['token', 'revocation', 'introspection'].map((name) => told[`${name}_endpoint_auth_signing_alg_values_supported`])

test('RFC 8414 §2, A2-META-05: algorithms are those of the methods that are on, and without such a method there are none', async () => {
  for (const [authMethods, algorithms] of [
    [['private_key_jwt'], publicKeyAlgorithms],
    [['client_secret_jwt', 'none'], secretKeyAlgorithms],
    [['client_secret_basic'], undefined],
  ] as const) {
    assert.deepEqual(signingOf(await metadata({ authMethods })), [algorithms, algorithms, algorithms])
  }
})

test('RFC 8414 §2, A2-META-03: where no grant needs the authorization endpoint, it is not named, nor what it would take', async () => {
  const told = await metadata({ grants: [clientCredentials()] })
  const members = ['authorization_endpoint', 'response_modes_supported', 'code_challenge_methods_supported']
  for (const member of [...members, 'authorization_response_iss_parameter_supported', 'prompt_values_supported'])
    assert.equal(member in told, false, member)
  const implicit = await metadata({ grants: [clientCredentials()], responseTypes: ['token'] })
  assert.equal(implicit.authorization_endpoint, 'https://auth.example/authorize')
  assert.equal('code_challenge_methods_supported' in implicit, false)
})

test('RFC 8414 §3.2: lists of nothing are left out', async () => {
  const told = await metadata({ scopes: [], authMethods: ['none'], grants: [clientCredentials()] })
  assert.equal('scopes_supported' in told, false)
  assert.equal('introspection_endpoint_auth_methods_supported' in told, false)
  assert.deepEqual(told.response_types_supported, [], 'RFC 8414 §2 has it in any case')
})

test('RFC 7591 §2: a proof that is part of one grant is no method that clients are registered for', async () => {
  const told = await metadata({ jwtBearer: true, oauth1: true, registration: { mode: 'open' } })
  assert.deepEqual(told.token_endpoint_auth_methods_supported, told.revocation_endpoint_auth_methods_supported)
  const server = await startTestServer({ jwtBearer: true, oauth1: true, registration: { mode: 'open' } })
  for (const method of ['jwt_bearer_assertion', 'oauth1_signature']) {
    const body = JSON.stringify({ redirect_uris: ['https://app.example/cb'], token_endpoint_auth_method: method })
    const answer = await server.send(
      new Request(`${server.origin}/register`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      }),
    )
    assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_client_metadata'])
  }
})

test('RFC 8414 §2: every endpoint that is advertised exists', async () => {
  const server = await startTestServer()
  const told = await (await server.send(new Request(server.origin + wellKnown))).json()
  for (const name of ['authorization', 'token', 'revocation', 'introspection']) {
    const answer = await server.send(new Request(told[`${name}_endpoint`], { method: 'DELETE' }))
    assert.equal(answer.status, 405, name)
  }
})

test('RFC 8414 §3: HEAD is answered like GET without a body', async () => {
  const server = await startTestServer()
  const answer = await server.send(new Request(server.origin + wellKnown, { method: 'HEAD' }))
  assert.deepEqual([answer.status, await answer.text()], [200, ''])
})

test('RFC 9110 §15.5.6: HEAD stands among the allowed methods wherever GET answers it', async () => {
  const server = await startTestServer()
  const refused = async (path: string, method: string) => {
    const answer = await server.send(new Request(server.origin + path, { method }))
    return [answer.status, answer.headers.get('allow')]
  }
  assert.deepEqual(await refused(wellKnown, 'DELETE'), [405, 'GET, HEAD'])
  assert.deepEqual(await refused('/token', 'DELETE'), [405, 'POST'])
  // GET may issue a code here, so a HEAD is not answered.
  assert.deepEqual(await refused('/authorize', 'HEAD'), [405, 'GET, POST'])
})
