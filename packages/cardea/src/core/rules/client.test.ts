import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Client } from '../model/client.ts'
import { clientProblem } from './client.ts'

const web: Client = {
  client_id: 'app',
  client_name: 'App',
  redirect_uris: ['https://client.example/cb'],
  application_type: 'web',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
  client_id_issued_at: 0,
}
const key = {
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  kty: 'EC',
  kid: 'one',
}
const weakKey = {
  ...generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' }),
  kty: 'RSA',
}
const secret: Partial<Client> = { token_endpoint_auth_method: 'client_secret_basic', client_secret_hash: 'sha256:x' }

const sound: Readonly<Record<string, Partial<Client>>> = {
  'a public web client': {},
  'a confidential one': secret,
  'a native app': { application_type: 'native', redirect_uris: ['http://127.0.0.1/cb', 'com.example.app:/cb'] },
  'a machine': { ...secret, grant_types: ['client_credentials'], response_types: [], redirect_uris: [] },
  'an implicit one': { grant_types: ['implicit'], response_types: ['token'] },
  'one that may go without PKCE': { ...secret, pkce: ['plain', 'none'] },
  'one with plain PKCE': { pkce: ['plain'] },
  'a restricted one': { scope: 'read write', response_modes: ['query', 'fragment', 'form_post'] },
  'one with addresses': { client_uri: 'https://client.example', policy_uri: 'http://client.example/p' },
  'one with keys': { jwks: { keys: [key] }, token_endpoint_auth_method: 'private_key_jwt' },
  'one that publishes its keys': {
    jwks_uri: 'https://client.example/keys',
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
  },
  'one with a certificate': {
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_san_dns: 'client.example',
  },
  'one with a key to encrypt for': {
    jwks: { keys: [{ ...key, use: 'enc', alg: 'ECDH-ES' }] },
    authorization_encrypted_response_alg: 'ECDH-ES',
    authorization_encrypted_response_enc: 'A256GCM',
  },
  'one with algorithms': {
    ...secret,
    token_endpoint_auth_method: 'client_secret_jwt',
    sealed_secret: 'sealed',
    token_endpoint_auth_signing_alg: 'HS256',
    request_object_signing_alg: 'ES256',
    authorization_signed_response_alg: 'PS256',
  },
  'one with a name in any script': { client_name: 'Ünï 名前 خدمة 👩\u200d💻' },
  'one with signed answers': { response_modes: ['query.jwt', 'form_post.jwt'] },
  'one with any printable id': { client_id: 'a b:c/"<>&\'%' },
}

test('RFC 7591 §2: sound registrations have no problem', () => {
  for (const [name, change] of Object.entries(sound))
    assert.equal(clientProblem({ ...web, ...change }), undefined, name)
})

const unsound: readonly (readonly [member: string, change: Partial<Client>])[] = [
  ['client_id', { client_id: '' }],
  ['client_id', { client_id: 'a\nb' }],
  ['client_id', { client_id: 'é' }],
  ['client_id', { client_id: 'x'.repeat(201) }],
  ['client_name', { client_name: '  ' }],
  ['client_name', { client_name: 'x'.repeat(201) }],
  ['redirect_uris', { redirect_uris: [] }],
  ['redirect_uris', { redirect_uris: ['https://client.example/cb', 'javascript:alert(1)'] }],
  ['redirect_uris', { redirect_uris: ['https://client.example/cb#'] }],
  ['redirect_uris', { redirect_uris: ['https://*.client.example/cb'] }],
  ['redirect_uris', { redirect_uris: ['http://127.0.0.1/cb'] }],
  ['redirect_uris', { redirect_uris: ['com.example.app:/cb'] }],
  ['redirect_uris', { ...secret, grant_types: ['client_credentials'], response_types: [], redirect_uris: ['x'] }],
  ['response_types', { response_types: [] }],
  ['response_types', { grant_types: ['refresh_token'] }],
  ['response_types', { response_types: ['code', 'token'] }],
  ['response_types', { grant_types: ['authorization_code', 'implicit'] }],
  ['token_endpoint_auth_method', { client_secret_hash: 'sha256:x' }],
  ['token_endpoint_auth_method', { token_endpoint_auth_method: 'client_secret_basic' }],
  ['token_endpoint_auth_method', { token_endpoint_auth_method: 'client_secret_post' }],
  ['grant_types', { grant_types: ['authorization_code', 'client_credentials'] }],
  ['pkce', { pkce: ['none'] }],
  ['pkce', { pkce: ['S512' as 'S256'] }],
  ['response_modes', { response_modes: ['own'] }],
  ['client_name', { client_name: 'Bank\u202e' }],
  ['client_name', { client_name: 'Bank\nof' }],
  ['client_name', { client_name: 'Bank\ud800' }],
  ['client_name', { client_name: 'Bank\u200b' }],
  ['client_name', { client_name: 'Bank\ufeff' }],
  ['client_name', { client_name: '\u3164' }],
  ['client_name', { client_name: '\u2800\u2800' }],
  ['client_name', { client_name: '\u200d' }],
  ['client_name', { client_name: '\u0301\u0302' }],
  ['client_name', { client_name: 'Bank\uf8ff' }],
  ['client_name', { client_name: 'Bank\u{e0041}' }],
  ['client_name', { client_name: `Ba${'\u0337'.repeat(9)}nk` }],
  ['jwks', { jwks: { keys: [key] }, jwks_uri: 'https://client.example/keys' }],
  ['jwks', { jwks: { keys: [] } }],
  ['jwks', { jwks: { keys: [key, key] } }],
  ['jwks', { jwks: { keys: [{ ...key, d: 'AAAA' }] } }],
  ['jwks', { jwks: { keys: [{ ...key, use: 'enc', d: 'AAAA' }] } }],
  ['jwks', { jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] } }],
  ['jwks', { jwks: { keys: [{ ...key, alg: 'none' }] } }],
  ['jwks', { jwks: { keys: [{ ...key, kid: 1 }] } }],
  ['jwks', { jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }] } }],
  ['jwks', { jwks: { keys: [weakKey] } }],
  ['jwks_uri', { jwks_uri: 'http://client.example/keys' }],
  ['jwks_uri', { jwks_uri: 'http://127.0.0.1.client.example/keys' }],
  ['jwks_uri', { jwks_uri: 'http://localhost@client.example/keys' }],
  ['jwks_uri', { jwks_uri: 'https://bank.example@client.example/keys' }],
  ['request_uris', { request_uris: ['http://client.example/request'] }],
  ['resources', { resources: ['not a uri'] }],
  ['token_endpoint_auth_method', { token_endpoint_auth_method: 'private_key_jwt' }],
  ['token_endpoint_auth_method', { token_endpoint_auth_method: 'self_signed_tls_client_auth' }],
  ['token_endpoint_auth_method', { token_endpoint_auth_method: 'tls_client_auth' }],
  [
    'token_endpoint_auth_method',
    { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'a', tls_client_auth_san_ip: '::1' },
  ],
  ['tls_client_auth_san_dns', { tls_client_auth_san_dns: 'client.example' }],
  ['token_endpoint_auth_signing_alg', { token_endpoint_auth_signing_alg: 'none' }],
  ['token_endpoint_auth_signing_alg', { token_endpoint_auth_signing_alg: 'ES256' }],
  ['request_object_signing_alg', { request_object_signing_alg: 'none' }],
  ['request_object_signing_alg', { request_object_signing_alg: 'HS256' }],
  ['authorization_signed_response_alg', { authorization_signed_response_alg: 'none' }],
  ['introspection_signed_response_alg', { introspection_signed_response_alg: 'toString' }],
  ['request_object_encryption_enc', { request_object_encryption_enc: 'A256GCM' }],
  ['authorization_encrypted_response_alg', { authorization_encrypted_response_alg: 'ECDH-ES' }],
  ['application_type', { application_type: 'desktop' as 'web' }],
  ['scope', { scope: 'read "write"' }],
  ['scope', { scope: 'read\nwrite' }],
  ['client_uri', { client_uri: 'javascript:alert(1)' }],
  ['logo_uri', { logo_uri: 'data:image/png;base64,x' }],
  ['policy_uri', { policy_uri: '/policy' }],
  ['tos_uri', { tos_uri: 'https://' }],
]

test('RFC 7591 §2.1, §5: a registration that contradicts itself or is unsafe is refused, naming the member', () => {
  for (const [member, change] of unsound) {
    const problem = clientProblem({ ...web, ...change })
    assert.ok(problem?.startsWith(`${member}: `), `${JSON.stringify(change)} gave ${problem}`)
  }
})

test('RFC 7591 §2: response modes of the host count where they are named', () => {
  const client: Client = { ...web, response_modes: ['own', 'query'] }
  assert.equal(clientProblem(client, { responseModes: ['own'] }), undefined)
  assert.match(clientProblem(client) ?? '', /^response_modes: /)
})

test('RFC 7591 §5: property: whatever the texts of a registration are, checking it never throws', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 })
  const texts = fc.array(text, { maxLength: 3 })
  const changes = fc.record(
    {
      client_id: text,
      client_name: text,
      redirect_uris: texts,
      grant_types: texts,
      response_types: texts,
      token_endpoint_auth_method: text,
      scope: text,
      client_uri: text,
      tos_uri: text,
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(changes, (change) => {
      const client: Client = { ...web, ...change }
      if (clientProblem(client) !== undefined) return
      assert.match(client.client_id, /^[ -~]+$/)
      assert.ok(client.redirect_uris.every((uri) => uri.startsWith('https://')))
    }),
    { numRuns: 500 },
  )
})
