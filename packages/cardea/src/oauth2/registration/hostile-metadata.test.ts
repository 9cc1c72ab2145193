import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { post, refusal, registered, startRegistering, webMetadata } from '../../../test-support/registering.ts'

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicJwk = publicKey.export({ format: 'jwk' })
const privateJwk = privateKey.export({ format: 'jwk' })
const weakJwk = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })

const native = { application_type: 'native', token_endpoint_auth_method: 'none' }
const keyed = { token_endpoint_auth_method: 'private_key_jwt' }
const rtl = String.fromCharCode(0x202e)
const loneSurrogate = String.fromCharCode(0xd800)

/** Redirect URIs that could be used against whoever follows them, or against us (RFC 7591 §5, CVE-2026-22752). */
const redirectUris: readonly unknown[] = [
  'javascript:alert(1)',
  'javascript://app.example/%0aalert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'blob:https://app.example/1',
  'file:///etc/passwd',
  'ftp://app.example/cb',
  'http://app.example/cb',
  'https://user@app.example/cb',
  'https://app.example/cb#fragment',
  'https://app.example\\@evil.example/cb',
  'https://app.example/\ncb',
  'https://аpp.example/cb',
  '//app.example/cb',
  '/cb',
  '',
  'https://',
  'https://*.app.example/cb',
  'https://app.example/cb?code=1',
  `https://app.example/${'a'.repeat(3000)}`,
  'myapp:/cb',
  `https://app.example/${rtl}`,
  1,
  null,
  {},
  ['https://app.example/cb'],
]

test('A2-DCR-07, T-DCR-2: a redirect URI that nobody may be sent to is invalid_redirect_uri, for each type of client', async () => {
  const server = await startRegistering()
  for (const type of ['web', 'native']) {
    for (const uri of redirectUris) {
      const answer = await post(server, { application_type: type, redirect_uris: ['https://app.example/cb', uri] })
      const [status, error, description] = await refusal(answer)
      assert.deepEqual([status, error], [400, 'invalid_redirect_uri'], `${type} ${JSON.stringify(uri)}`)
      assert.ok(description.startsWith('redirect_uris: '))
    }
  }
  for (const uris of ['https://app.example/cb', {}, 1, true, [], Array(51).fill('https://app.example/cb')]) {
    assert.equal((await refusal(await post(server, { redirect_uris: uris })))[1], 'invalid_redirect_uri')
  }
  assert.deepEqual(await server.store.clients.list({ limit: 9 }), [])
})

const unsafeUrls: readonly unknown[] = [
  'javascript:alert(1)',
  'data:image/svg+xml,<svg onload=alert(1)>',
  'http://app.example/',
  'ftp://app.example/',
  'https://user:secret@app.example/',
  'https://app.example/ x',
  'https://app.example/"onload="',
  'https://app.example/<script>',
  'app.example',
  '',
  1,
  [],
  {},
]

test('A2-DCR-08, T-DCR-2: addresses that are shown, or asked by the server, are https URLs', async () => {
  const server = await startRegistering()
  for (const member of ['client_uri', 'logo_uri', 'tos_uri', 'policy_uri', 'jwks_uri']) {
    for (const url of unsafeUrls) {
      const [status, error, description] = await refusal(await post(server, { ...webMetadata, [member]: url }))
      assert.deepEqual([status, error], [400, 'invalid_client_metadata'], `${member} ${JSON.stringify(url)}`)
      assert.ok(description.startsWith(`${member}: `), description)
    }
  }
})

/** Each refused, with the member that is to blame. */
const refused: readonly (readonly [member: string, change: Readonly<Record<string, unknown>>])[] = [
  ['jwks', { jwks: { keys: [publicJwk] }, jwks_uri: 'https://app.example/keys' }],
  ['jwks', { jwks: { keys: [] } }],
  ['jwks', { jwks: { keys: {} } }],
  ['jwks', { jwks: [] }],
  ['jwks', { jwks: 'keys' }],
  ['jwks', { jwks: { keys: [null] } }],
  ['jwks', { ...keyed, jwks: { keys: [privateJwk] } }],
  ['jwks', { ...keyed, jwks: { keys: [{ ...publicJwk, use: 'enc', d: privateJwk.d }] } }],
  ['jwks', { ...keyed, jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }],
  ['jwks', { ...keyed, jwks: { keys: [weakJwk] } }],
  ['jwks', { ...keyed, jwks: { keys: Array(21).fill(publicJwk) } }],
  ['jwks', { ...keyed, jwks: { keys: [{ ...publicJwk, alg: 'none' }] } }],
  ['token_endpoint_auth_method', keyed],
  ['token_endpoint_auth_method', { token_endpoint_auth_method: 'toString' }],
  ['token_endpoint_auth_method', { token_endpoint_auth_method: '' }],
  ['token_endpoint_auth_method', { token_endpoint_auth_method: ['none'] }],
  [
    'token_endpoint_auth_signing_alg',
    { ...keyed, jwks: { keys: [publicJwk] }, token_endpoint_auth_signing_alg: 'none' },
  ],
  [
    'token_endpoint_auth_signing_alg',
    { ...keyed, jwks: { keys: [publicJwk] }, token_endpoint_auth_signing_alg: 'HS256' },
  ],
  ['token_endpoint_auth_signing_alg', { token_endpoint_auth_signing_alg: 'ES256' }],
  ['request_object_signing_alg', { request_object_signing_alg: 'none' }],
  ['authorization_signed_response_alg', { authorization_signed_response_alg: 'none' }],
  ['introspection_signed_response_alg', { introspection_signed_response_alg: 'none' }],
  ['authorization_encrypted_response_alg', { authorization_encrypted_response_alg: 'none' }],
  ['grant_types', { grant_types: ['authorization_code', 'urn:unknown'] }],
  ['grant_types', { grant_types: ['authorization_code', 'client_credentials'] }],
  ['grant_types', { grant_types: 'authorization_code' }],
  ['response_types', { grant_types: ['refresh_token'], response_types: ['code'] }],
  ['response_types', { grant_types: ['authorization_code'], response_types: [] }],
  ['response_types', { grant_types: ['authorization_code'], response_types: ['token'] }],
  ['response_types', { response_types: ['code', 'id_token'] }],
  ['response_modes', { response_modes: ['carrier pigeon'] }],
  ['scope', { scope: 'read unknown' }],
  ['scope', { scope: 'read\nwrite' }],
  ['scope', { scope: ['read'] }],
  ['application_type', { application_type: 'desktop' }],
  ['client_name', { client_name: '' }],
  ['client_name', { client_name: `Bank${rtl}gnp` }],
  ['client_name', { client_name: 'Bank\u0000' }],
  ['client_name', { client_name: `Bank${loneSurrogate}` }],
  ['client_name', { client_name: 'x'.repeat(201) }],
  ['client_name', { client_name: { toString: 'x' } }],
  ['client_name', { client_name: '\u3164' }],
  ['contacts', { contacts: ['ops@app.example\u001b[2J'] }],
  ['contacts', { contacts: ['ops@app.example\u009b2J'] }],
  ['software_id', { software_id: `app${rtl}` }],
  ['software_version', { software_version: '1\n{"type":"client_deleted"}' }],
  ['contacts', { contacts: 'ops@app.example' }],
  ['contacts', { contacts: [['ops@app.example']] }],
  ['resources', { resources: ['https://unknown.example'] }],
  ['authorization_details_types', { authorization_details_types: ['payment'] }],
  ['request_uris', { request_uris: ['https://app.example/request'] }],
  ['require_pushed_authorization_requests', { require_pushed_authorization_requests: true }],
  ['require_pushed_authorization_requests', { require_pushed_authorization_requests: 'true' }],
  ['tls_client_auth_san_dns', { tls_client_auth_san_dns: 'app.example' }],
  ['software_id', { software_id: 'x'.repeat(3000) }],
]

test('T-DCR-2, A2-DCR-08, A2-DCR-09, A2-DCR-10, A2-DCR-13: what contradicts itself or the server is refused by the name of the member', async () => {
  const server = await startRegistering()
  for (const [member, change] of refused) {
    const [status, error, description] = await refusal(await post(server, { ...webMetadata, ...change }))
    assert.deepEqual(
      [status, error],
      [400, 'invalid_client_metadata'],
      `${JSON.stringify(change).slice(0, 200)} ${description}`,
    )
    assert.ok(description.startsWith(`${member}: `), `${JSON.stringify(change).slice(0, 200)} gave ${description}`)
  }
  assert.deepEqual(await server.store.clients.list({ limit: 9 }), [])
})

test('RFC 7591 §2: an order of response type values, and a repeat of anything, changes nothing', async () => {
  const server = await startRegistering()
  const uri = 'https://app.example/cb'
  const client = await registered(server, { redirect_uris: [uri, uri], response_types: ['code', 'code'] })
  assert.deepEqual([client.redirect_uris, client.response_types], [[uri], ['code']])
})

test('A2-DCR-06, T-DCR-2: of a key set only its keys are kept, and of a scope each name once', async () => {
  const server = await startRegistering()
  const client = await registered(server, {
    ...webMetadata,
    jwks: { keys: [publicJwk], more: 'x' },
    scope: ' read  read ',
  })
  assert.deepEqual([client.jwks, client.scope], [{ keys: [publicJwk] }, 'read'])
  const stored = await server.store.clients.find(client.client_id)
  assert.deepEqual([stored?.jwks, stored?.scope], [{ keys: [publicJwk] }, 'read'])
})

test('T-DCR-2: members named like those of every object are nobody’s metadata', async () => {
  const server = await startRegistering()
  const body = `{"redirect_uris":["https://app.example/cb"],"constructor":{"prototype":{"disabled":true}},"hasOwnProperty":1,"toString":2}`
  const client = await registered(server, JSON.parse(body))
  assert.equal('constructor' in { ...client } && Object.hasOwn(client, 'constructor'), false)
  assert.equal(({} as { disabled?: boolean }).disabled, undefined)
})

test('RFC 8252 §7: apps register loopback and private-use redirect URIs', async () => {
  const server = await startRegistering()
  const redirect_uris = [
    'http://127.0.0.1/cb',
    'http://[::1]:8080/cb',
    'http://localhost:3000/cb',
    'com.example.app:/cb',
  ]
  const client = await registered(server, { ...native, redirect_uris })
  assert.deepEqual(client.redirect_uris, redirect_uris)
})
