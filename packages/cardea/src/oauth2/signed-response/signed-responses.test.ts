import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compactDecrypt, createLocalJWKSet, importJWK, type JSONWebKeySet, jwtVerify } from 'jose'
import { outgoingTo } from '../../../test-support/outgoing-answers.ts'
import { ada, asked, errorOf, push, redeem, shop } from '../../../test-support/pushing.ts'
import { generateEncryptionKeyPair } from '../../core/crypto/jose/encryption-key-pair.ts'
import { decline, visitConsent } from '../../testing/authorization-visit.ts'
import { authorize } from '../../testing/code-flow.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'
import { formsOf } from '../../testing/user-agent.ts'

const page = {
  client_id: 'page',
  grant_types: ['authorization_code', 'implicit'],
  response_types: ['code', 'token'],
}
const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({
    clients: [shop, page],
    users: [ada],
    responseTypes: ['code', 'token'],
    signedResponses: true,
    pushedRequests: true,
    ...options,
  })

async function verified(server: TestServer, response: string, audience = 'shop') {
  const keys = (await (await server.agent().get('/jwks')).json()) as JSONWebKeySet
  const { payload, protectedHeader } = await jwtVerify(response, createLocalJWKSet(keys), {
    issuer: 'https://auth.example',
    audience,
    currentDate: new Date(server.clock.now() * 1000),
  })
  return { ...payload, alg: protectedHeader.alg } as Record<string, unknown>
}

/** What stands in the answer besides the JWT. */
const onlyResponse = (params: URLSearchParams): string => {
  assert.deepEqual([...params.keys()], ['response'])
  return params.get('response') ?? ''
}

test('JARM §2.1, §2.3.1: a code travels in a signed answer for this client, with state, issuer and a near end', async () => {
  const server = await start()
  const sent = await authorize(server, ada, { ...asked, response_mode: 'query.jwt' })
  const { code, ...claims } = await verified(server, onlyResponse(sent.searchParams))
  assert.deepEqual(claims, {
    state: 'st-1',
    iss: 'https://auth.example',
    aud: 'shop',
    exp: server.clock.now() + 120,
    alg: 'RS256',
  })
  assert.equal((await redeem(server, String(code))).status, 200)
})

for (const algorithm of ['ES256', 'PS256', 'EdDSA', 'RS256'] as const) {
  test(`JARM §3: the answer is signed with ${algorithm} where the client is registered for it`, async () => {
    const server = await start({ clients: [{ ...shop, authorization_signed_response_alg: algorithm }] })
    const sent = await authorize(server, ada, { ...asked, response_mode: 'jwt' })
    assert.equal((await verified(server, onlyResponse(sent.searchParams))).alg, algorithm)
  })
}

test('JARM §2.3.4: jwt stands for query.jwt with a code and for fragment.jwt with a token', async () => {
  const server = await start()
  const code = await authorize(server, ada, { ...asked, response_mode: 'jwt' })
  assert.equal(code.hash, '')
  onlyResponse(code.searchParams)
  const query = { client_id: 'page', response_type: 'token', scope: 'read', state: 's', response_mode: 'jwt' }
  const token = await authorize(server, ada, query)
  assert.equal(token.search, '')
  const claims = await verified(server, onlyResponse(new URLSearchParams(token.hash.slice(1))), 'page')
  assert.match(String(claims.access_token), /^cat_/)
  assert.deepEqual([claims.token_type, claims.expires_in, claims.state], ['Bearer', '3600', 's'])
})

test('JARM §2.3.2, §2.3.3: fragment.jwt and form_post.jwt carry the answer as their names say', async () => {
  const server = await start()
  const inFragment = await authorize(server, ada, { ...asked, response_mode: 'fragment.jwt' })
  assert.ok((await verified(server, onlyResponse(new URLSearchParams(inFragment.hash.slice(1))))).code)
  const path = `/authorize?${new URLSearchParams({ ...asked, response_mode: 'form_post.jwt' })}`
  // What was allowed just now is answered at once.
  const posted = await (await server.signedIn(ada, path)).get(path)
  const [sent] = formsOf(await posted.text())
  assert.equal(sent?.action, 'https://client.example/cb')
  assert.deepEqual(
    sent?.fields.map(([name]) => name),
    ['response'],
  )
  assert.ok((await verified(server, sent?.fields[0]?.[1] ?? '')).code)
})

test('JARM §2.1: refusals and denials are signed as well', async () => {
  const server = await start()
  const path = `/authorize?${new URLSearchParams({ ...asked, scope: 'nonsense', response_mode: 'query.jwt' })}`
  const refused = new URL((await server.agent().get(path)).headers.get('location') ?? '')
  assert.equal(refused.hash, '#_')
  const claims = await verified(server, onlyResponse(refused.searchParams))
  assert.deepEqual([claims.error, claims.state, claims.aud], ['invalid_scope', 'st-1', 'shop'])
  const at = await visitConsent(server, ada, { ...asked, response_mode: 'jwt' })
  const denied = new URL((await decline(at)).headers.get('location') ?? '')
  assert.equal((await verified(server, onlyResponse(denied.searchParams))).error, 'access_denied')
})

test('JARM §2.3.1, RFC 9700 §4.3.2: no token travels in a query, signed or not', async () => {
  const server = await start()
  const query = { client_id: 'page', response_type: 'token', scope: 'read', response_mode: 'query.jwt' }
  const answer = await server.agent().get(`/authorize?${new URLSearchParams(query)}`)
  assert.match(answer.headers.get('location') ?? '', /#error=invalid_request/)
})

test('JARM §2.3: the modes are there only where they are on, and the metadata says which', async () => {
  const metadata = async (server: TestServer) =>
    (await (await server.agent().get('/.well-known/oauth-authorization-server')).json()) as Record<string, unknown>
  const on = await metadata(await start())
  assert.deepEqual(on.response_modes_supported, [
    'query',
    'fragment',
    'form_post',
    'query.jwt',
    'fragment.jwt',
    'form_post.jwt',
    'jwt',
  ])
  assert.deepEqual(on.authorization_signing_alg_values_supported, ['ES256', 'EdDSA', 'RS256', 'PS256'])
  const off = await start({ signedResponses: false })
  assert.equal((await metadata(off)).authorization_signing_alg_values_supported, undefined)
  for (const response_mode of ['jwt', 'query.jwt']) {
    const answer = await push(off, { ...asked, response_mode })
    assert.deepEqual(await errorOf(answer), [400, 'invalid_request'])
  }
})

test('JARM §2.3: a client can be limited to signed answers', async () => {
  const server = await start({ clients: [{ ...shop, response_modes: ['jwt'] }] })
  assert.deepEqual(await errorOf(await push(server)), [400, 'unauthorized_client'])
  assert.equal((await push(server, { ...asked, response_mode: 'jwt' })).status, 201)
})

for (const alg of ['RSA-OAEP-256', 'ECDH-ES'] as const) {
  test(`JARM §2.2: the answer is encrypted with ${alg} to the key of the client, after it was signed`, async () => {
    const pair = await generateEncryptionKeyPair(alg)
    const remote = outgoingTo()
    const jwks = { keys: [{ ...pair.publicJwk, use: 'sig' }, pair.publicJwk] }
    remote.answers.set('https://client.example/jwks', { type: 'application/json', body: JSON.stringify(jwks) })
    const wanted = { ...shop, authorization_encrypted_response_alg: alg }
    for (const keys of [{ jwks }, { jwks_uri: 'https://client.example/jwks' }]) {
      const server = await start({ clients: [{ ...wanted, ...keys }], outgoing: remote.options })
      const sent = await authorize(server, ada, { ...asked, response_mode: 'jwt' })
      const key = await importJWK(pair.privateKey.export({ format: 'jwk' }), alg)
      const { plaintext, protectedHeader } = await compactDecrypt(onlyResponse(sent.searchParams), key)
      assert.deepEqual([protectedHeader.enc, protectedHeader.cty], ['A128CBC-HS256', 'JWT'])
      assert.ok((await verified(server, new TextDecoder().decode(plaintext))).code)
    }
  })
}

const encrypting = { ...shop, authorization_encrypted_response_alg: 'RSA-OAEP-256' }
const { publicJwk: curve } = await generateEncryptionKeyPair('ECDH-ES')

for (const [what, status, client] of [
  ['without keys', 400, encrypting],
  ['without a fitting key', 400, { ...encrypting, jwks: { keys: [curve] } }],
  ['with keys that cannot be had', 503, { ...encrypting, jwks_uri: 'https://client.example/none' }],
  ['with an unknown encryption', 400, { ...encrypting, authorization_encrypted_response_alg: 'RSA1_5' }],
] as const) {
  test(`JARM §2.2: what a client ${what} cannot be answered with is never sent in clear`, async () => {
    const server = await start({ clients: [client], outgoing: outgoingTo().options })
    const at = await visitConsent(server, ada, { ...asked, response_mode: 'jwt' })
    const answer = await decline(at)
    assert.deepEqual([answer.status, answer.headers.has('location')], [status, false])
  })
}

test('JARM §2.2: a client that is registered for an unknown signature is told at once, and never in clear', async () => {
  const server = await start({ clients: [{ ...shop, authorization_signed_response_alg: 'HS256' }] })
  const answer = await server.agent().get(`/authorize?${new URLSearchParams({ ...asked, response_mode: 'jwt' })}`)
  assert.deepEqual([answer.status, answer.headers.has('location')], [400, false])
})

for (const [signedResponses, message] of [
  [{ lifetime: 601 }, /^signedResponses\.lifetime: must be whole seconds from 1 to 600, got 601/],
  [{ lifetime: 0.5 }, /^signedResponses\.lifetime/],
] as const) {
  test(`JARM §2.1: signedResponses ${JSON.stringify(signedResponses)} is no option`, async () => {
    await assert.rejects(start({ signedResponses }), ({ message: said }: Error) => message.test(said))
  })
}
