import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'
import type { JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import { secretSigner, signJwt } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey, type SigningKey } from '../../core/crypto/jose/signing-key.ts'
import type { Store } from '../../core/ports/store.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { acceptedAttacks, type HonestJwt } from '../../testing/jwt-attacks/index.ts'
import { startTestServer, type TestClient, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'
import { clientSecrets } from './sealed-client-secret.ts'

const issuer = 'https://auth.example'
const serverSecret = 'p'.repeat(40)
const sharedSecret = 's'.repeat(32)
const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const now = 1767225600

const key = await generateSigningKey('ES256')
const rsa = await generateSigningKey('RS256')

const keyed = (more: Partial<TestClient> = {}): TestClient => ({
  client_id: 'keyed',
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [key.publicJwk, rsa.publicJwk] },
  ...more,
})

const shared: TestClient = {
  client_id: 'shared',
  token_endpoint_auth_method: 'client_secret_jwt',
  sealed_secret: clientSecrets([serverSecret]).seal('shared', sharedSecret),
}

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({
    clients: [keyed(), shared],
    secrets: [serverSecret],
    limits: { client: { attempts: 1_000_000, window: 300 } },
    ...options,
  })

let count = 0
const claimsOf = (clientId: string, more: JwtClaims = {}): JwtClaims => {
  count += 1
  return { iss: clientId, sub: clientId, aud: issuer, exp: now + 60, iat: now, jti: `jti-${count}`, ...more }
}

const signed = (claims: JwtClaims, typ = 'client-authentication+jwt', signer: SigningKey = key): string =>
  signJwt(signer, { typ, claims })

const byKey = (more: JwtClaims = {}): string => signed(claimsOf('keyed', more))
const bySecret = (alg: SigningAlgorithm = 'HS256', secret = sharedSecret, more: JwtClaims = {}): string =>
  signJwt(secretSigner(alg, secret), { typ: 'JWT', claims: claimsOf('shared', more) })

async function outcome(server: TestServer, assertion: string, form: Record<string, string> = {}, path = '/token') {
  const body = { grant_type: 'client_credentials', client_assertion: assertion, client_assertion_type: type, ...form }
  const answer = await server.post(path, body)
  return [answer.status, (await answer.json()).error]
}

const passed = [200, undefined]
const refused = [401, 'invalid_client']

function lastReason({ events }: TestServer): string | undefined {
  const last = events.findLast(({ type }) => type === 'client_authentication_failed' || type === 'request_refused')
  return last !== undefined && 'reason' in last ? last.reason : undefined
}

test('RFC 7523 §2.2, A2-CAUTH-11, ASK-17: a client authenticates by a JWT it has signed for the issuer', async () => {
  const server = await start()
  assert.deepEqual(await outcome(server, byKey()), passed)
  assert.deepEqual(await outcome(server, byKey(), { client_id: 'keyed' }), passed)
  assert.deepEqual(await outcome(server, signed(claimsOf('keyed'), 'JWT', rsa)), passed)
})

test('RFC 7523 §2.2, A2-CAUTH-13: private_key_jwt and client_secret_jwt are two methods, each for who is registered for it', async () => {
  const server = await start()
  assert.deepEqual(await outcome(server, bySecret()), passed)
  const stored = await server.store.clients.find('keyed')
  assert.ok(stored)
  await server.store.clients.save({ ...stored, token_endpoint_auth_method: 'client_secret_jwt' })
  assert.deepEqual(await outcome(server, byKey()), refused)
})

for (const [path, form] of [
  ['/token', {}],
  ['/revoke', { token: 'x' }],
  ['/introspect', { token: 'x' }],
] as const) {
  test(`RFC 7523 §2.2, RFC 8414 §2: ${path} takes client assertions`, async () => {
    const server = await start()
    assert.deepEqual(await outcome(server, byKey(), form, path), passed)
    assert.deepEqual(await outcome(server, bySecret(), form, path), passed)
    assert.deepEqual(await outcome(server, byKey({ aud: 'https://other.example' }), form, path), refused)
  })
}

const wrong: readonly (readonly [what: string, assertion: () => string, reason: string])[] = [
  ['no JWT', () => 'x', 'client_assertion_malformed'],
  ['a payload that is no object', () => `${byKey().split('.')[0]}.W10.AAAA`, 'client_assertion_payload_not_an_object'],
  ['no sub', () => byKey({ sub: undefined as never }), 'client_assertion_claim_missing'],
  ['a sub that is no text', () => byKey({ sub: 1 as never }), 'client_assertion_claim_malformed'],
  ['an unknown client', () => signed(claimsOf('nobody')), 'unknown_client'],
  ['another iss than sub', () => byKey({ iss: 'shared' }), 'client_assertion_wrong_issuer'],
  ['no exp', () => byKey({ exp: undefined as never }), 'client_assertion_claim_missing'],
  ['no jti', () => byKey({ jti: undefined as never }), 'client_assertion_claim_missing'],
  ['an exp that has passed', () => byKey({ exp: now - 61 }), 'client_assertion_expired'],
  ['an exp beyond the bound', () => byKey({ exp: now + 3661 }), 'client_assertion_lifetime_too_long'],
  ['an iat long before exp', () => byKey({ iat: now - 3650 }), 'client_assertion_lifetime_too_long'],
  ['an iat in the future', () => byKey({ iat: now + 61 }), 'client_assertion_not_yet_valid'],
  ['the issuer in a list', () => byKey({ aud: [issuer] }), 'client_assertion_wrong_audience'],
  ['the token endpoint as audience', () => byKey({ aud: `${issuer}/token` }), 'client_assertion_wrong_audience'],
  ['another key', () => byKey().replace(/.{4}$/, 'AAAA'), 'client_assertion_bad_signature'],
  [
    'a public key as the secret of an HMAC',
    () => signJwt(secretSigner('HS256', JSON.stringify(key.publicJwk)), { typ: 'JWT', claims: claimsOf('keyed') }),
    'client_auth_method_not_registered',
  ],
  ['a wrong secret', () => bySecret('HS256', 't'.repeat(32)), 'client_assertion_bad_signature'],
  ['the method of another client', () => signed(claimsOf('shared')), 'client_auth_method_not_registered'],
]
for (const [what, assertion, reason] of wrong) {
  test(`RFC 7523 §3, A2-CAUTH-12, T-JWT-4: ${what} is invalid_client, and only the event says why`, async () => {
    const server = await start()
    const answer = await server.post('/token', {
      grant_type: 'client_credentials',
      client_assertion: assertion(),
      client_assertion_type: type,
    })
    assert.deepEqual(
      [answer.status, await answer.json()],
      [401, { error: 'invalid_client', error_description: 'Invalid client credentials' }],
    )
    const reasons = server.events.map((event) => ('reason' in event ? event.reason : ''))
    assert.ok(reasons.includes(reason), reasons.join())
  })
}

test('RFC 7521 §4.2: the assertion and its type come together', async () => {
  const server = await start()
  const form = { grant_type: 'client_credentials' }
  for (const more of [
    { client_assertion: byKey() },
    { client_assertion: byKey(), client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' },
    { client_assertion_type: type },
    { client_assertion_type: type, client_id: 'keyed' },
  ]) {
    const answer = await server.post('/token', { ...form, ...more })
    assert.deepEqual([answer.status, (await answer.json()).error], refused)
  }
  const other = await server.post('/token', {
    ...form,
    client_assertion: byKey(),
    client_assertion_type: type,
    client_id: 'shared',
  })
  assert.equal(other.status, 400)
})

test('RFC 7523 §3, A2-CAUTH-15, T-JWT-5: a jti counts once, and is remembered for as long as the assertion could be used', async () => {
  const server = await start()
  const assertion = byKey({ jti: 'once' })
  assert.deepEqual(await outcome(server, assertion), passed)
  assert.deepEqual(await outcome(server, assertion), refused)
  assert.equal(lastReason(server), 'client_assertion_replayed')
  assert.deepEqual(await outcome(server, byKey({ jti: 'once', exp: now + 50 })), refused)
  server.clock.advance(119)
  await server.provider.sweep()
  assert.deepEqual(await outcome(server, assertion), refused)
  assert.equal(lastReason(server), 'client_assertion_replayed')
  server.clock.advance(1)
  assert.deepEqual(await outcome(server, assertion), refused)
  assert.equal(lastReason(server), 'client_assertion_expired')
})

test('RFC 7523 §3: the same jti of another client is another one', async () => {
  const server = await start()
  assert.deepEqual(await outcome(server, byKey({ jti: 'x' })), passed)
  assert.deepEqual(await outcome(server, bySecret('HS256', sharedSecret, { jti: 'x' })), passed)
})

test('T-JWT-5: a refused assertion uses nothing up', async () => {
  const server = await start()
  const good = byKey({ jti: 'kept' })
  assert.deepEqual(await outcome(server, `${good.slice(0, -4)}AAAA`), refused)
  assert.deepEqual(await outcome(server, good), passed)
})

test('T-JWT-5, CVE-2020-15222: of a hundred requests with one assertion one is let in', async () => {
  const server = await start()
  const assertion = byKey()
  const all = await Promise.all(Array.from({ length: 100 }, () => outcome(server, assertion)))
  assert.equal(all.filter(([status]) => status === 200).length, 1)
})

test('RFC 7523 §3, A2-CAUTH-14, T-JWT-1: the algorithm a client is registered for is the only one', async () => {
  const clients = [keyed({ token_endpoint_auth_signing_alg: 'RS256' })]
  const server = await start({ clients })
  assert.deepEqual(await outcome(server, byKey()), refused)
  assert.equal(lastReason(server), 'client_assertion_algorithm_not_allowed')
  assert.deepEqual(await outcome(server, signed(claimsOf('keyed'), 'JWT', rsa)), passed)
  const confused = await start({ clients: [keyed({ token_endpoint_auth_signing_alg: 'HS256' })] })
  assert.deepEqual(await outcome(confused, byKey()), refused)
})

test('RFC 7523 §3: the algorithms of the server hold for clients that are registered for none', async () => {
  const server = await start({ clientAssertions: { algorithms: ['ES256'] } })
  assert.deepEqual(await outcome(server, byKey()), passed)
  assert.deepEqual(await outcome(server, signed(claimsOf('keyed'), 'JWT', rsa)), refused)
})

test('RFC 7523 §3: the bound of the lifetime is the server’s', async () => {
  const server = await start({ clientAssertions: { maxLifetime: 60 } })
  assert.deepEqual(await outcome(server, byKey()), passed)
  assert.deepEqual(await outcome(server, byKey({ exp: now + 121, iat: now + 60 })), refused)
})

test('RFC 7523 §3, A2-CAUTH-11: older clients may name the token endpoint, where the compatibility option says so', async () => {
  const mutualTls = { endpointOrigin: 'https://mtls.example' }
  const server = await start({ compatibility: { tokenEndpointAsAudience: true }, mutualTls })
  for (const aud of [issuer, [issuer], `${issuer}/token`, [`${issuer}/token`], 'https://mtls.example/token']) {
    assert.deepEqual(await outcome(server, byKey({ aud })), passed, String(aud))
  }
  assert.deepEqual(await outcome(server, byKey({ aud: `${issuer}/introspect` }), { token: 'x' }, '/introspect'), passed)
  for (const aud of [[issuer, `${issuer}/token`], `${issuer}/revoke`, `${issuer}/token/`]) {
    assert.deepEqual(await outcome(server, byKey({ aud: aud as string })), refused, String(aud))
  }
})

test('RFC 6749 §2.3: an assertion beside a secret is two methods', async () => {
  const server = await start({ clients: [keyed(), { client_id: 'basic', secret: 'b' }] })
  const form = { grant_type: 'client_credentials', client_assertion: byKey(), client_assertion_type: type }
  const answer = await server.post('/token', form, { client: ['basic', 'b'] })
  assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_request'])
  const posted = await server.post('/token', { ...form, client_id: 'keyed', client_secret: 'x' })
  assert.deepEqual([posted.status, (await posted.json()).error], [400, 'invalid_request'])
})

test('RFC 7523 §2.2: a client that is disabled, or whose keys cannot be read, is refused', async () => {
  const server = await start({
    clients: [
      keyed({ disabled: true }),
      keyed({ client_id: 'bare', jwks: undefined as never }),
      keyed({ client_id: 'odd', jwks: {} as never }),
    ],
  })
  assert.deepEqual(await outcome(server, byKey()), refused)
  for (const id of ['bare', 'odd']) assert.deepEqual(await outcome(server, signed(claimsOf(id))), refused)
})

test('RFC 8414 §2: metadata names the methods and the algorithms, as long as they are on', async () => {
  const read = async (options: TestServerOptions) => {
    const server = await start(options)
    const answer = await server.send(new Request(`${issuer}/.well-known/oauth-authorization-server`))
    return (await answer.json()) as Record<string, readonly string[]>
  }
  const on = await read({})
  for (const name of ['token', 'revocation', 'introspection']) {
    const methods = on[`${name}_endpoint_auth_methods_supported`]
    assert.ok(methods?.includes('private_key_jwt') && methods.includes('client_secret_jwt'), name)
    const algorithms = on[`${name}_endpoint_auth_signing_alg_values_supported`]
    assert.ok(algorithms?.includes('ES256') && algorithms.includes('HS256') && !algorithms.includes('none'), name)
  }
  const off = await read({ clientAssertions: false })
  assert.ok(!off.token_endpoint_auth_methods_supported?.includes('private_key_jwt'))
  assert.ok(!('token_endpoint_auth_signing_alg_values_supported' in off))
})

for (const alg of ['ES256', 'RS256', 'PS256', 'EdDSA'] as const) {
  test(`T-JWT-1 … T-JWT-8: no forged ${alg} assertion authenticates a client`, async () => {
    const honestKey = await generateSigningKey(alg)
    // So that a forged assertion that got in is not hidden by the jti it was forged with.
    const store: Store = { ...memoryStore(), replay: { claim: async () => 'first' } }
    const server = await start({
      store,
      clients: [keyed({ jwks: { keys: [honestKey.publicJwk] }, token_endpoint_auth_signing_alg: alg })],
    })
    const honest: HonestJwt = {
      key: honestKey,
      typ: 'client-authentication+jwt',
      otherTypes: ['JWT', undefined],
      claims: claimsOf('keyed'),
      required: ['iss', 'sub', 'aud', 'exp', 'jti'],
    }
    const accepts = async (token: string) => (await outcome(server, token))[0] === 200
    assert.deepEqual(await acceptedAttacks(honest, now, accepts), [])
  })
}
