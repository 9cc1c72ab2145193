import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ada, asked, byReference, errorOf, push, pushed, redeem } from '../../../test-support/pushing.ts'
import {
  beside,
  byValue,
  claimsOf,
  objectOf,
  outcomeOf,
  shopKey,
  signer,
  startSigning,
} from '../../../test-support/signed-requests.ts'
import type { JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { sqliteStore } from '../../stores/sqlite/index.ts'
import { authorize } from '../../testing/code-flow.ts'
import { acceptedAttacks } from '../../testing/jwt-attacks/index.ts'
import type { TestServer } from '../../testing/test-server.ts'

test('RFC 9101 §5.1, §6: a signed object is what is asked for, and becomes a code and tokens', async () => {
  const server = await startSigning()
  const sent = await authorize(server, ada, { client_id: 'shop', request: objectOf(server) })
  assert.deepEqual([sent.origin, sent.searchParams.get('state')], ['https://client.example', 'st-1'])
  const answer = await redeem(server, sent.searchParams.get('code') ?? '')
  assert.equal(((await answer.json()) as { scope: string }).scope, 'read')
})

test('RFC 9101 §6.3, A2-JAR-01, T-AUZ-14: only what is signed counts', async () => {
  const server = await startSigning()
  const others = {
    scope: 'read write',
    state: 'evil',
    redirect_uri: 'https://client.example/cb',
    max_age: '0',
    prompt: 'none',
  }
  const sent = await authorize(server, ada, { client_id: 'shop', request: objectOf(server), ...others })
  assert.equal(sent.searchParams.get('state'), 'st-1')
  const answer = await redeem(server, sent.searchParams.get('code') ?? '')
  assert.equal(((await answer.json()) as { scope: string }).scope, 'read')
  const stateless = await authorize(server, ada, {
    client_id: 'shop',
    request: objectOf(server, { state: undefined }),
    state: 'outside',
  })
  assert.equal(stateless.searchParams.get('state'), null)
})

test('RFC 9101 §4: numbers, lists and JSON stand in the object as they are', async () => {
  const server = await startSigning({
    resources: [
      { identifier: 'https://a.example', name: 'A' },
      { identifier: 'https://b.example', name: 'B' },
    ],
    authorizationDetails: { note: { validate: (detail) => detail, describe: () => ({ title: 'A note' }) } },
  })
  const object = objectOf(server, {
    max_age: 3600,
    resource: ['https://a.example', 'https://b.example'],
    authorization_details: [{ type: 'note', text: 'x' }],
  })
  const sent = await authorize(server, ada, { client_id: 'shop', request: object })
  const answer = await redeem(server, sent.searchParams.get('code') ?? '')
  const body = (await answer.json()) as { authorization_details: unknown }
  assert.deepEqual(body.authorization_details, [{ type: 'note', text: 'x' }])
})

for (const [what, more] of [
  ['another issuer', { iss: 'other' }],
  ['no issuer', { iss: undefined }],
  ['another audience', { aud: 'https://other.example' }],
  ['no audience', { aud: undefined }],
  ['another client inside', { client_id: 'other' }],
  ['no client inside', { client_id: undefined }],
  ['no end', { exp: undefined }],
  ['an end far off', { exp: 4_000_000_000 }],
  ['the client as its subject, as an assertion has', { sub: 'shop' }],
  ['an object inside', { request: 'a.b.c' }],
  ['a reference inside', { request_uri: 'https://client.example/request' }],
  ['a parameter that is null', { scope: null }],
] as const) {
  test(`RFC 9101 §4, §6.2, A2-JAR-05: an object with ${what} is refused`, async () => {
    const server = await startSigning()
    const object = objectOf(server, more)
    assert.equal(await outcomeOf(server, byValue(object)), 'page invalid_request_object')
    assert.equal(await outcomeOf(server, byValue(object, beside)), 'client invalid_request_object')
    assert.equal(
      await outcomeOf(server, byValue(object, { redirect_uri: 'https://evil.example/' })),
      'page invalid_request_object',
    )
  })
}

test('RFC 9101 §6.2, A2-JAR-05: times are checked: expired, not yet valid, and too long from nbf', async () => {
  const server = await startSigning()
  const now = server.clock.now()
  for (const more of [{ exp: now - 60 }, { nbf: now + 60 }, { nbf: now - 4000 }, { nbf: now - 10, exp: now + 3605 }])
    assert.equal(await outcomeOf(server, byValue(objectOf(server, more))), 'page invalid_request_object')
  assert.equal(await outcomeOf(server, byValue(objectOf(server, { nbf: now - 10, exp: now + 60 }))), 'asked')
})

test('RFC 9101 §5, A2-JAR-01: client_id stands outside, and only one of request and request_uri', async () => {
  const server = await startSigning()
  const object = objectOf(server)
  assert.equal(await outcomeOf(server, `/authorize?request=${object}`), 'page invalid_request')
  assert.equal(await outcomeOf(server, byValue(object, { client_id: 'unknown' })), 'page invalid_client')
  const both = byValue(object, { request_uri: 'https://client.example/request' })
  assert.equal(await outcomeOf(server, both), 'page invalid_request')
  assert.equal(await outcomeOf(server, `${both}&${new URLSearchParams(beside)}`), 'client invalid_request')
})

test('RFC 9101 §6.2, A2-JAR-04: alg none is refused, with and without a demand for signatures', async () => {
  for (const required of [false, true]) {
    const server = await startSigning({ requestObjects: { required } })
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const unsigned = `${encode({ alg: 'none', typ: 'oauth-authz-req+jwt' })}.${encode(claimsOf(server))}.`
    assert.equal(await outcomeOf(server, byValue(unsigned, beside)), 'client invalid_request_object')
  }
})

test('RFC 9101 §6.2, A2-JAR-04, T-AUZ-14: the algorithm is the one that the client is registered with', async () => {
  const other = await generateSigningKey('ES384')
  const jwks = { keys: [...signer.jwks.keys, other.publicJwk] }
  const server = await startSigning({ clients: [{ ...signer, jwks, request_object_signing_alg: 'ES256' }] })
  assert.equal(await outcomeOf(server, byValue(objectOf(server))), 'asked')
  assert.equal(await outcomeOf(server, byValue(objectOf(server, {}, { key: other }))), 'page invalid_request_object')
  const limited = await startSigning({ requestObjects: { algorithms: ['PS256'] } })
  assert.equal(await outcomeOf(limited, byValue(objectOf(limited))), 'page invalid_request_object')
  const keyless = await startSigning({ clients: [{ client_id: 'shop' }] })
  assert.equal(await outcomeOf(keyless, byValue(objectOf(keyless))), 'page invalid_request_object')
})

test('RFC 9101 §10.8: other types are refused, and where it is strict those without a type or nbf too', async () => {
  const server = await startSigning()
  for (const typ of ['at+jwt', 'dpop+jwt', 'client-authentication+jwt'])
    assert.equal(await outcomeOf(server, byValue(objectOf(server, {}, { typ }))), 'page invalid_request_object')
  assert.equal(await outcomeOf(server, byValue(objectOf(server, {}, { typ: 'JWT' }))), 'asked')
  const strict = await startSigning({ requestObjects: { strict: true } })
  const nbf = strict.clock.now()
  assert.equal(await outcomeOf(strict, byValue(objectOf(strict, { nbf }))), 'asked')
  assert.equal(await outcomeOf(strict, byValue(objectOf(strict))), 'page invalid_request_object')
  assert.equal(
    await outcomeOf(strict, byValue(objectOf(strict, { nbf }, { typ: 'JWT' }))),
    'page invalid_request_object',
  )
})

for (const typ of [true, false]) {
  test(`T-JWT-1 to T-JWT-8, RFC 9101 §10: every forged object is refused${typ ? '' : ', where it is strict too'}`, async () => {
    const requestObjects = { singleUse: false, strict: !typ }
    const server = await startSigning({ requestObjects, pushedRequests: false })
    const now = server.clock.now()
    const claims = claimsOf(server, { jti: 'j-1', iat: now, nbf: now }) as JwtClaims
    const accepted = await acceptedAttacks(
      {
        key: shopKey,
        typ: 'oauth-authz-req+jwt',
        claims,
        required: ['iss', 'aud', 'exp', 'client_id', ...(typ ? [] : ['nbf'])],
        otherTypes: typ ? ['JWT', undefined] : [],
      },
      now,
      async (object) => {
        const form = new URLSearchParams({ client_id: 'shop', request: object })
        const answer = await server.agent().get(`/authorize?${form}`)
        return answer.headers.get('location')?.startsWith('/interaction/') ?? false
      },
    )
    assert.deepEqual(accepted, [])
  })
}

test('A2-JAR-03, A2-JAR-08, RFC 9101 §10.5: a client that must sign, or all of them, are refused otherwise', async () => {
  const plain = `/authorize?${new URLSearchParams(asked)}`
  const careful = { ...signer, require_signed_request_object: true }
  for (const options of [{ clients: [careful] }, { requestObjects: { required: true } }]) {
    const server = await startSigning(options)
    assert.equal(await outcomeOf(server, plain), 'client invalid_request')
    assert.deepEqual(await errorOf(await push(server)), [400, 'invalid_request'])
    assert.equal(await outcomeOf(server, byValue(objectOf(server))), 'asked')
    const pushedObject = await push(server, { request: objectOf(server) })
    const { request_uri } = (await pushedObject.json()) as { request_uri: string }
    assert.equal(await outcomeOf(server, byReference(request_uri)), 'asked')
  }
  const off = await startSigning({ clients: [careful], requestObjects: false })
  assert.equal(await outcomeOf(off, plain), 'client invalid_request')
})

test('A2-JAR-07, A2-JAR-02: without support they are refused by name, and not ignored', async () => {
  const server = await startSigning({ requestObjects: false, pushedRequests: false })
  assert.equal(await outcomeOf(server, byValue(objectOf(server), beside)), 'client request_not_supported')
  const uri = `/authorize?${new URLSearchParams({ ...asked, request_uri: 'https://client.example/r' })}`
  assert.equal(await outcomeOf(server, uri), 'client request_uri_not_supported')
  const byValueOnly = await startSigning({ requestObjects: { byReference: false } })
  assert.equal(await outcomeOf(byValueOnly, uri), 'client request_uri_not_supported')
})

test('RFC 9126 §3: an object can be pushed, and what stands beside it is ignored', async () => {
  const server = await startSigning()
  const answer = await push(server, { request: objectOf(server), scope: 'write', state: 'outside' })
  const { request_uri } = (await answer.json()) as { request_uri: string }
  const sent = await authorize(server, ada, { client_id: 'shop', request_uri })
  assert.equal(sent.searchParams.get('state'), 'st-1')
  const foreign = await push(server, { request: objectOf(server, { client_id: 'other' }) })
  assert.deepEqual(await errorOf(foreign), [400, 'invalid_request_object'])
  const without = await push(server, { request: objectOf(server, { redirect_uri: 'https://evil.example/' }) })
  assert.deepEqual(await errorOf(without), [400, 'invalid_request'])
  assert.ok(await pushed(server))
})

test('RFC 9126 §4, §7.4: a client that must sign since it pushed may use what it had signed, and nothing else', async () => {
  const server = await startSigning()
  const unsigned = await pushed(server)
  const answer = await push(server, { request: objectOf(server) })
  const { request_uri: signed } = (await answer.json()) as { request_uri: string }
  const client = (await server.store.clients.find('shop')) ?? assert.fail()
  await server.store.clients.save({ ...client, require_signed_request_object: true })
  assert.equal(await outcomeOf(server, byReference(unsigned)), 'client invalid_request')
  assert.equal(await outcomeOf(server, byReference(signed)), 'asked')
})

for (const [name, open] of [
  ['memory', async () => memoryStore()],
  ['SQLite', () => sqliteStore({ file: ':memory:' })],
] as const) {
  test(`A2-JAR-05, RFC 9101 §10.2: of a hundred uses of one jti one gets in (${name})`, async (t) => {
    const store = await open()
    t.after(() => ('close' in store && typeof store.close === 'function' ? store.close() : undefined))
    const server = await startSigning({ store })
    const path = byValue(objectOf(server, { jti: 'j-1' }))
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => outcomeOf(server, path)))
    assert.equal(outcomes.filter((outcome) => outcome === 'asked').length, 1)
    assert.equal(outcomes.filter((outcome) => outcome === 'client invalid_request_object').length, 99)
    assert.equal(await outcomeOf(server, byValue(objectOf(server, { jti: 'j-2' }))), 'asked')
  })
}

test('A2-JAR-05: an object without jti, or where single use is off, may come again', async () => {
  const server = await startSigning()
  const path = byValue(objectOf(server))
  assert.deepEqual([await outcomeOf(server, path), await outcomeOf(server, path)], ['asked', 'asked'])
  const lax = await startSigning({ requestObjects: { singleUse: false } })
  const named = byValue(objectOf(lax, { jti: 'j' }))
  assert.deepEqual([await outcomeOf(lax, named), await outcomeOf(lax, named)], ['asked', 'asked'])
})

test('RFC 9101 §10.5, RFC 8414 §2: the metadata says what is taken', async () => {
  const metadata = async (server: TestServer) =>
    (await (await server.agent().get('/.well-known/oauth-authorization-server')).json()) as Record<string, unknown>
  const said = await metadata(
    await startSigning({ requestObjects: { required: true, algorithms: ['PS256', 'ES256'] } }),
  )
  assert.deepEqual(
    [
      said.request_parameter_supported,
      said.request_uri_parameter_supported,
      said.require_request_uri_registration,
      said.require_signed_request_object,
      said.request_object_signing_alg_values_supported,
      said.request_object_encryption_alg_values_supported,
    ],
    [true, true, true, true, ['PS256', 'ES256'], undefined],
  )
  const encrypted = await metadata(await startSigning({ requestObjects: { encryption: true } }))
  assert.deepEqual(encrypted.request_object_encryption_alg_values_supported, ['RSA-OAEP-256', 'ECDH-ES'])
  const off = await metadata(await startSigning({ requestObjects: false }))
  assert.deepEqual([off.request_parameter_supported, off.request_uri_parameter_supported], [false, false])
})

for (const [requestObjects, message] of [
  [{ required: 1 as unknown as boolean }, /^requestObjects\.required: must be true or false, got 1/],
  [{ algorithms: ['HS256' as const] }, /^requestObjects\.algorithms: valid are RS256, .*, got "HS256"/],
  [{ algorithms: [] }, /^requestObjects\.algorithms/],
  [{ maxLifetime: 0 }, /^requestObjects\.maxLifetime: must be whole seconds from 1 to 86400, got 0/],
] as const) {
  test(`RFC 9101 §6: requestObjects ${JSON.stringify(requestObjects)} is no option`, async () => {
    await assert.rejects(startSigning({ requestObjects }), ({ message: said }: Error) => message.test(said))
  })
}

for (const [what, claims] of [
  ['a state', { state: 'half \ud800' }],
  ['a name', { '\udc00': 'x' }],
] as const) {
  test(`T-AUZ-11, RFC 9101 §4: half a character in ${what} is refused where it comes, and breaks no answer`, async () => {
    const server = await startSigning()
    const object = objectOf(server, { ...claims, prompt: 'none' })
    assert.equal((await server.agent().get(byValue(object, beside))).status, 303)
    assert.deepEqual(await errorOf(await push(server, { client_id: 'shop', request: object })), [
      400,
      'invalid_request',
    ])
    assert.equal(
      server.events.some(({ type }) => type === 'internal_error'),
      false,
    )
  })
}
