import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compactDecrypt, createRemoteJWKSet, customFetch, importJWK, type JWTVerifyOptions, jwtVerify } from 'jose'
import { outgoingTo } from '../../test-support/outgoing-answers.ts'
import { generateEncryptionKeyPair } from '../core/crypto/jose/encryption-key-pair.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../testing/test-server.ts'

const client = ['job', 'a secret'] as const
const job = { client_id: 'job', secret: 'a secret' }
const mediaType = 'application/token-introspection+jwt'
const curve = await generateEncryptionKeyPair('ECDH-ES')

const start = (options: TestServerOptions = {}): Promise<TestServer> => startTestServer({ clients: [job], ...options })

async function tokenOf(server: TestServer): Promise<string> {
  const answer = await server.post('/token', { grant_type: 'client_credentials' }, { client })
  return ((await answer.json()) as { access_token: string }).access_token
}

const ask = (server: TestServer, token: string, accept = mediaType): Promise<Response> =>
  server.post('/introspect', { token }, { client, headers: { accept } })

async function verified(server: TestServer, answer: Response, options: JWTVerifyOptions = {}) {
  const keys = createRemoteJWKSet(new URL('https://auth.example/jwks'), {
    [customFetch]: (url, init) => server.send(new Request(url, init as RequestInit)),
  })
  return jwtVerify(await answer.text(), keys, {
    typ: 'token-introspection+jwt',
    issuer: 'https://auth.example',
    audience: 'job',
    currentDate: new Date(server.clock.now() * 1000),
    ...options,
  })
}

test('RFC 9701 §5, A2-INTR-05: who asks for it gets the answer signed, for them alone', async () => {
  const server = await start()
  const token = await tokenOf(server)
  const answer = await ask(server, token)
  assert.equal(answer.headers.get('content-type'), mediaType)
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  const { payload, protectedHeader } = await verified(server, answer)
  assert.equal(protectedHeader.alg, 'RS256')
  const { token_introspection, ...claims } = payload
  assert.deepEqual(claims, { iss: 'https://auth.example', aud: 'job', iat: server.clock.now() })
  assert.deepEqual(token_introspection, await (await ask(server, token, 'application/json')).json())
})

test('RFC 9701 §5: of a token that is not active nothing else is said', async () => {
  const server = await start()
  const { payload } = await verified(server, await ask(server, 'cat_unknown'))
  assert.deepEqual(payload.token_introspection, { active: false })
})

for (const algorithm of ['ES256', 'EdDSA', 'PS256'] as const) {
  test(`RFC 9701 §6: a client that registered ${algorithm} gets it`, async () => {
    const server = await start({ clients: [{ ...job, introspection_signed_response_alg: algorithm }] })
    const { protectedHeader } = await verified(server, await ask(server, await tokenOf(server)))
    assert.equal(protectedHeader.alg, algorithm)
  })
}

for (const registered of [
  { introspection_signed_response_alg: 'none' },
  { introspection_signed_response_alg: 'HS256' },
  // What somebody wants encrypted must not travel in clear.
  { introspection_encrypted_response_alg: 'RSA-OAEP-256' },
  { introspection_encrypted_response_alg: 'RSA-OAEP-256', jwks: { keys: [curve.publicJwk] } },
  { introspection_encrypted_response_alg: 'RSA1_5', jwks: { keys: [curve.publicJwk] } },
  {
    introspection_encrypted_response_alg: 'ECDH-ES',
    introspection_encrypted_response_enc: 'A128',
    jwks: { keys: [curve.publicJwk] },
  },
]) {
  test(`RFC 9701 §6: what cannot be done as registered is refused: ${JSON.stringify(registered)}`, async () => {
    const server = await start({ clients: [{ ...job, ...registered }] })
    const answer = await ask(server, await tokenOf(server))
    const body = await answer.text()
    assert.deepEqual([answer.status, JSON.parse(body).error], [400, 'invalid_request'])
    assert.ok(!body.includes('active'))
  })
}

for (const [accept, isSigned] of [
  ['*/*', false],
  ['application/json', false],
  ['application/jwt', false],
  [`${mediaType};q=0`, false],
  [`${mediaType};q=0.0, */*`, false],
  [`${mediaType}x`, false],
  [`application/json;q=0.5, ${mediaType}`, true],
  [`${mediaType.toUpperCase()}; q=0.9`, true],
] as const) {
  test(`RFC 9701 §4: Accept ${accept} asks for ${isSigned ? 'a JWT' : 'JSON'}`, async () => {
    const server = await start()
    const answer = await ask(server, await tokenOf(server), accept)
    assert.equal(answer.headers.get('content-type'), isSigned ? mediaType : 'application/json')
  })
}

for (const alg of ['RSA-OAEP-256', 'ECDH-ES'] as const) {
  test(`RFC 9701 §6: the answer is encrypted with ${alg} to the key of the caller, after it was signed`, async () => {
    const pair = await generateEncryptionKeyPair(alg)
    const remote = outgoingTo()
    const jwks = { keys: [{ ...pair.publicJwk, use: 'sig' }, pair.publicJwk] }
    remote.answers.set('https://job.example/jwks', { type: 'application/json', body: JSON.stringify(jwks) })
    const wanted = { ...job, introspection_encrypted_response_alg: alg }
    for (const [keys, enc] of [
      [{ jwks }, 'A128CBC-HS256'],
      [{ jwks_uri: 'https://job.example/jwks', introspection_encrypted_response_enc: 'A256GCM' }, 'A256GCM'],
    ] as const) {
      const server = await start({ clients: [{ ...wanted, ...keys }], outgoing: remote.options })
      const answer = await ask(server, await tokenOf(server))
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, mediaType])
      const key = await importJWK(pair.privateKey.export({ format: 'jwk' }), alg)
      const { plaintext, protectedHeader } = await compactDecrypt(await answer.text(), key)
      assert.deepEqual([protectedHeader.alg, protectedHeader.enc, protectedHeader.cty], [alg, enc, 'JWT'])
      const { payload } = await verified(server, new Response(new TextDecoder().decode(plaintext)))
      assert.equal((payload.token_introspection as { active: boolean }).active, true)
    }
  })
}

test('RFC 9701 §6: where the keys of the caller cannot be had, the answer is 503 and nothing in clear', async () => {
  const keys = { introspection_encrypted_response_alg: 'ECDH-ES', jwks_uri: 'https://job.example/none' }
  const server = await start({ clients: [{ ...job, ...keys }], outgoing: outgoingTo().options })
  const answer = await ask(server, await tokenOf(server))
  assert.deepEqual([answer.status, (await answer.text()).includes('active')], [503, false])
  assert.equal((await ask(server, await tokenOf(server), 'application/json')).status, 200)
})

test('RFC 9701 §5: what hooks add is signed too', async () => {
  const server = await start({ hooks: { afterEndpointResponse: () => ({ members: { tenant: 't1' } }) } })
  const token = await tokenOf(server)
  const { payload } = await verified(server, await ask(server, token))
  assert.equal((payload.token_introspection as { tenant?: string }).tenant, 't1')
})

test('RFC 9701 §4: a caller that does not authenticate gets an error as JSON, and no signature', async () => {
  const server = await start()
  const answer = await server.post(
    '/introspect',
    { token: 'x' },
    { client: ['job', 'wrong'], headers: { accept: mediaType } },
  )
  assert.equal(answer.status, 401)
  assert.equal(answer.headers.get('content-type'), 'application/json')
})

test('RFC 9701 §5: a 400 for who wants a JWT and does not say who they are, a 401 for who wants JSON', async () => {
  const server = await start()
  for (const [accept, status] of [
    [mediaType, 400],
    ['application/json', 401],
  ] as const) {
    const answer = await server.post('/introspect', { token: 'x' }, { headers: { accept } })
    assert.deepEqual([answer.status, (await answer.json()).error], [status, 'invalid_client'])
  }
})

test('RFC 9701 §8.1, T-JWT-8: a signed answer is no access token', async () => {
  const server = await start()
  const jwt = await (await ask(server, await tokenOf(server))).text()
  const { payload } = await verified(server, await ask(server, jwt))
  assert.deepEqual(payload.token_introspection, { active: false })
})
