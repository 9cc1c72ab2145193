import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRemoteJWKSet, customFetch, type JWTVerifyOptions, jwtVerify } from 'jose'
import { startTestServer, type TestServer, type TestServerOptions } from '../testing/test-server.ts'

const client = ['job', 'a secret'] as const
const job = { client_id: 'job', secret: 'a secret' }
const mediaType = 'application/token-introspection+jwt'

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
  { introspection_signed_response_alg: 'ES256', introspection_encrypted_response_alg: 'RSA-OAEP-256' },
] as const) {
  test(`RFC 9701 §6: what cannot be done as registered is refused: ${JSON.stringify(registered)}`, async () => {
    const server = await start({ clients: [{ ...job, ...registered }] })
    const answer = await ask(server, await tokenOf(server))
    assert.equal(answer.status, 400)
    assert.equal(((await answer.json()) as { error: string }).error, 'invalid_request')
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

test('RFC 9701 §8.1, T-JWT-8: a signed answer is no access token', async () => {
  const server = await start()
  const jwt = await (await ask(server, await tokenOf(server))).text()
  const { payload } = await verified(server, await ask(server, jwt))
  assert.deepEqual(payload.token_introspection, { active: false })
})
