import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { JwtPolicy } from '../../core/crypto/jose/jwt-policy.ts'
import { JwtRefused } from '../../core/crypto/jose/jwt-refused.ts'
import { signJwt } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey, type SigningKey } from '../../core/crypto/jose/signing-key.ts'
import { verifyJwt } from '../../core/crypto/jose/verify-jwt.ts'
import { fakeClock } from '../../testing/fake-clock.ts'
import { listenOnLoopback } from '../../testing/loopback.ts'
import { outgoing } from './outgoing.ts'
import { OutgoingFailed } from './outgoing-failed.ts'
import type { Freshness } from './remote-document.ts'
import { remoteKeySets } from './remote-keys.ts'

/** An issuer that publishes keys, and a place that verifies what it signs. */
async function startIssuer(t: TestContext, freshness?: Freshness) {
  const clock = fakeClock()
  const state = {
    published: [] as readonly SigningKey[],
    fetches: 0,
    status: 200,
    type: 'application/jwk-set+json',
    headers: {} as Record<string, string>,
    body: undefined as string | undefined,
  }
  const { origin, close } = await listenOnLoopback((_request, response) => {
    state.fetches++
    const keys = state.published.map(({ publicJwk }) => publicJwk)
    response.writeHead(state.status, { 'content-type': state.type, ...state.headers })
    response.end(state.body ?? JSON.stringify({ keys }))
  })
  t.after(close)
  const door = outgoing({ allowHosts: ['127.0.0.1'] })
  const sourceAt = remoteKeySets({ outgoing: door, clock, ...(freshness !== undefined && { freshness }) })
  const accepts = async (key: SigningKey, kid: string | undefined = key.kid): Promise<boolean> => {
    const claims = { iss: 'i', exp: clock.now() + 60 }
    const { alg, privateKey } = key
    const token = signJwt({ alg, privateKey, ...(kid !== undefined && { kid }) }, { typ: 'JWT', claims })
    const policy: JwtPolicy = {
      keys: sourceAt(`${origin}/jwks`),
      algorithms: ['ES256'],
      typ: ['JWT'],
      issuer: 'i',
      audience: null,
      required: ['exp'],
      clock,
    }
    try {
      await verifyJwt(token, policy)
      return true
    } catch (error) {
      if (error instanceof JwtRefused) return false
      throw error
    }
  }
  return { clock, state, accepts }
}

const unavailable = (error: unknown) => error instanceof OutgoingFailed

test('RFC 7517 §5: a key set is fetched once for all who wait for it, and kept', async (t) => {
  const { state, accepts } = await startIssuer(t)
  const key = await generateSigningKey('ES256')
  state.published = [key]
  assert.deepEqual(await Promise.all([accepts(key), accepts(key), accepts(key)]), [true, true, true])
  assert(await accepts(key))
  assert.equal(state.fetches, 1)
})

test('RFC 7517 §4.5: a key that nobody knows yet has the set fetched again, once for all who bring one', async (t) => {
  const { clock, state, accepts } = await startIssuer(t)
  const [first, second] = await Promise.all([generateSigningKey('ES256'), generateSigningKey('ES256')])
  state.published = [first]
  assert(await accepts(first))
  clock.advance(31)
  state.published = [first, second]
  assert.deepEqual(await Promise.all([accepts(second), accepts(second), accepts(first)]), [true, true, true])
  assert.equal(state.fetches, 2)
})

test('RFC 7517 §4.5: keys that are replaced in the moment after they were fetched are fetched again at once', async (t) => {
  const { clock, state, accepts } = await startIssuer(t)
  const keys = await Promise.all([1, 2, 3].map(() => generateSigningKey('ES256')))
  const [first, second, third] = keys as [SigningKey, SigningKey, SigningKey]
  state.published = [first]
  assert(await accepts(first))
  state.published = [second]
  assert.deepEqual(await Promise.all([accepts(second), accepts(second)]), [true, true])
  assert.equal(state.fetches, 2)
  state.published = [third]
  assert.equal(await accepts(third), false)
  clock.advance(30)
  assert(await accepts(third))
  assert.equal(state.fetches, 3)
})

test('T-SSRF-1: made-up names of keys are no way to hammer the server that publishes them', async (t) => {
  const { clock, state, accepts } = await startIssuer(t)
  const [key, attacker] = await Promise.all([generateSigningKey('ES256'), generateSigningKey('ES256')])
  state.published = [key]
  for (let n = 0; n < 50; n++) assert.equal(await accepts(attacker, `made-up-${n}`), false)
  assert.equal(state.fetches, 2)
  clock.advance(29)
  for (let n = 0; n < 50; n++) assert.equal(await accepts(attacker, `made-up-${n}`), false)
  assert.equal(state.fetches, 2)
  clock.advance(1)
  for (let n = 0; n < 50; n++) assert.equal(await accepts(attacker, `made-up-${n}`), false)
  assert.equal(state.fetches, 3)
})

test('RFC 9111 §5.2.2.1: max-age says how long a key set is kept, within bounds', async (t) => {
  const { clock, state, accepts } = await startIssuer(t)
  const key = await generateSigningKey('ES256')
  state.published = [key]
  const cases: readonly (readonly [headers: Record<string, string>, seconds: number])[] = [
    [{ 'cache-control': 'public, max-age=300' }, 300],
    [{ 'cache-control': 'max-age=300', age: '100' }, 200],
    [{ 'cache-control': 'max-age=0' }, 60],
    [{ 'cache-control': 'no-store' }, 60],
    [{ 'cache-control': 'no-cache, max-age=300' }, 60],
    [{ 'cache-control': 'max-age=999999999' }, 86_400],
    [{ 'cache-control': 'xmax-age=5, private' }, 600],
    [{}, 600],
  ]
  for (const [headers, seconds] of cases) {
    state.headers = headers
    clock.advance(100_000)
    await accepts(key)
    state.fetches = 0
    clock.advance(seconds - 1)
    await accepts(key)
    assert.equal(state.fetches, 0, JSON.stringify(headers))
    clock.advance(1)
    await accepts(key)
    assert.equal(state.fetches, 1, JSON.stringify(headers))
  }
})

test('RFC 5861 §4: while the issuer is down, known keys go on for an hour and no longer', async (t) => {
  const { clock, state, accepts } = await startIssuer(t)
  const key = await generateSigningKey('ES256')
  state.published = [key]
  assert(await accepts(key))
  state.status = 500
  clock.advance(600 + 3599)
  assert(await accepts(key))
  clock.advance(11)
  await assert.rejects(accepts(key), unavailable)
  state.status = 200
  clock.advance(10)
  assert(await accepts(key))
})

test('T-SSRF-1: a failure is remembered for ten seconds, so that a server that is down is not hammered', async (t) => {
  const { clock, state, accepts } = await startIssuer(t)
  const key = await generateSigningKey('ES256')
  state.status = 503
  for (let n = 0; n < 20; n++) await assert.rejects(accepts(key), unavailable)
  assert.equal(state.fetches, 1)
  clock.advance(10)
  await assert.rejects(accepts(key), unavailable)
  assert.equal(state.fetches, 2)
})

test('T-KEY-1: a key that is no longer published is no longer accepted once the set was fetched again', async (t) => {
  const { clock, state, accepts } = await startIssuer(t)
  const [first, second] = await Promise.all([generateSigningKey('ES256'), generateSigningKey('ES256')])
  state.published = [first]
  assert(await accepts(first))
  state.published = [second]
  clock.advance(600)
  assert.equal(await accepts(first), false)
})

test('RFC 7517 §5: what is no key set is a failure, and takes nothing away from the keys before it', async (t) => {
  const { clock, state, accepts } = await startIssuer(t)
  const key = await generateSigningKey('ES256')
  state.published = [key]
  assert(await accepts(key))
  clock.advance(600)
  for (const body of [
    '',
    '[]',
    '{}',
    '{"keys":{}}',
    'not json',
    '{"keys":[],"keys":[]}',
    `{"keys":["${'x'.repeat(70_000)}"]}`,
  ]) {
    state.body = body
    clock.advance(11)
    assert(await accepts(key), body.slice(0, 20))
  }
  state.body = undefined
  state.type = 'text/html'
  clock.advance(3600)
  await assert.rejects(accepts(key), unavailable)
})

test('RFC 7517 §5: of many key sets, those used last are kept', async (t) => {
  const clock = fakeClock()
  const seen: string[] = []
  const { origin, close } = await listenOnLoopback((request, response) => {
    seen.push(request.url ?? '')
    response.setHeader('content-type', 'application/json').end('{"keys":[]}')
  })
  t.after(close)
  const sourceAt = remoteKeySets({ outgoing: outgoing({ allowHosts: ['127.0.0.1'] }), clock })
  const first = sourceAt(`${origin}/0`)
  for (let n = 1; n < 1000; n++) sourceAt(`${origin}/${n}`)
  assert.equal(sourceAt(`${origin}/0`), first)
  const second = sourceAt(`${origin}/1`)
  sourceAt(`${origin}/1000`)
  assert.equal(sourceAt(`${origin}/0`), first)
  assert.equal(sourceAt(`${origin}/1`), second)
  for (let n = 2; n < 1000; n++) sourceAt(`${origin}/${n}`)
  await first.candidates({ alg: 'ES256', kid: undefined })
  assert.deepEqual(seen, ['/0'])
})

test('T-SSRF-1: whoever keeps a host busy does not have it taken for one that is down', async (t) => {
  const waiting: (() => void)[] = []
  const { origin, close } = await listenOnLoopback((request, response) => {
    const answer = () => response.setHeader('content-type', 'application/json').end('{"keys":[]}')
    if (request.url === '/slow') waiting.push(answer)
    else answer()
    if (request.url === '/slow') arrived()
  })
  t.after(close)
  const { promise: arrival, resolve: arrived } = Promise.withResolvers<void>()
  const door = outgoing({ allowHosts: ['127.0.0.1'], maxPerHost: 1 })
  const sourceAt = remoteKeySets({ outgoing: door, clock: fakeClock() })
  const hint = { alg: 'ES256', kid: undefined } as const
  const slow = sourceAt(`${origin}/slow`).candidates(hint)
  await arrival
  const other = sourceAt(`${origin}/other`)
  await assert.rejects(async () => other.candidates(hint), unavailable)
  for (const answer of waiting) answer()
  await slow
  assert.deepEqual(await other.candidates(hint), [])
})
