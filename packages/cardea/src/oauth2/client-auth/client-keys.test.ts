import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { signJwt } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey, type SigningKey } from '../../core/crypto/jose/signing-key.ts'
import { listenOnLoopback } from '../../testing/loopback.ts'
import { startTestServer } from '../../testing/test-server.ts'

const first = await generateSigningKey('ES256')
const second = await generateSigningKey('ES256')
const now = 1767225600

async function start(t: TestContext, allowHosts: readonly string[] = ['127.0.0.1']) {
  const state = { published: [first], fetches: 0, status: 200 }
  const { origin, close } = await listenOnLoopback((_request, response) => {
    state.fetches += 1
    response.writeHead(state.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ keys: state.published.map(({ publicJwk }) => publicJwk) }))
  })
  t.after(close)
  const client = { client_id: 'keyed', token_endpoint_auth_method: 'private_key_jwt', jwks_uri: `${origin}/jwks` }
  const server = await startTestServer({ clients: [client], outgoing: { allowHosts } })
  let count = 0
  const ask = async (key: SigningKey): Promise<number> => {
    count += 1
    const exp = server.clock.now() + 60
    const claims = { iss: 'keyed', sub: 'keyed', aud: 'https://auth.example', exp, jti: String(count) }
    const { status } = await server.post('/token', {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: signJwt(key, { typ: 'JWT', claims }),
    })
    return status
  }
  return { state, server, ask }
}

test('RFC 7523 §3, A2-CAUTH-16: the keys at a jwks_uri are fetched once, and again when they rotate', async (t) => {
  const { state, server, ask } = await start(t)
  assert.deepEqual(await Promise.all([ask(first), ask(first), ask(first)]), [200, 200, 200])
  assert.equal(state.fetches, 1)
  state.published = [second]
  server.clock.advance(31)
  assert.equal(await ask(second), 200)
  assert.equal(await ask(first), 401)
  assert.equal(state.fetches, 2)
})

test('T-SSRF-1, A2-CAUTH-16: a jwks_uri of a private address is not asked, and the client is told nothing of it', async (t) => {
  const { state, server, ask } = await start(t, [])
  assert.equal(await ask(first), 401)
  assert.equal(state.fetches, 0)
  const kinds = server.events.map(({ type }) => type)
  assert.ok(kinds.includes('remote_unavailable') && kinds.includes('client_authentication_failed'))
})

test('RFC 7523 §3: while the keys of a client cannot be fetched, nobody is let in as that client', async (t) => {
  const { state, ask } = await start(t)
  state.status = 500
  assert.equal(await ask(first), 401)
})

test('T-SSRF-1, A2-CAUTH-16: for an assertion that would not hold anyway no keys are fetched', async (t) => {
  const { state, server } = await start(t)
  await server.post('/token', {
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: signJwt(first, {
      typ: 'JWT',
      claims: { iss: 'keyed', sub: 'keyed', aud: 'x', exp: now + 60, jti: '1' },
    }),
  })
  assert.equal(state.fetches, 0)
})

test('RFC 7591 §3.2.1: the end of a secret is none of a client that signs with a key', async () => {
  const client = {
    client_id: 'keyed',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [first.publicJwk] },
  }
  const server = await startTestServer({ clients: [{ ...client, client_secret_expires_at: now - 1 }] })
  const claims = { iss: 'keyed', sub: 'keyed', aud: 'https://auth.example', exp: now + 60, jti: '1' }
  const { status } = await server.post('/token', {
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: signJwt(first, { typ: 'JWT', claims }),
  })
  assert.equal(status, 200)
})
