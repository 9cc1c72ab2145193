import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../testing/fake-clock.ts'
import { acceptedAttacks, type HonestJwt } from '../../../testing/jwt-attacks/index.ts'
import type { SigningAlgorithm } from './algorithms.ts'
import type { JwtPolicy } from './jwt-policy.ts'
import { type JwtProblem, JwtRefused } from './jwt-refused.ts'
import { jwkSet, sharedSecrets } from './key-source.ts'
import { secretSigner, signJwt } from './sign-jwt.ts'
import { generateSigningKey, type SigningKey } from './signing-key.ts'
import { readJwt, verifyJwt } from './verify-jwt.ts'

const clock = fakeClock()
const now = clock.now()
const claims = {
  iss: 'https://iss.example',
  sub: 'u1',
  aud: 'https://api.example',
  iat: now,
  exp: now + 300,
  jti: 'j1',
}
const required = ['iss', 'sub', 'aud', 'exp', 'iat', 'jti']

const policyFor = (key: SigningKey, more: Partial<JwtPolicy> = {}): JwtPolicy => ({
  keys: jwkSet({ keys: [key.publicJwk] }),
  algorithms: [key.alg],
  typ: ['at+jwt'],
  issuer: claims.iss,
  audience: { sole: [claims.aud] },
  required,
  clock,
  maxLifetime: 3600,
  ...more,
})

const accepts = (policy: JwtPolicy) => async (token: string) => {
  try {
    await verifyJwt(token, policy)
    return true
  } catch (error) {
    if (error instanceof JwtRefused) return false
    throw error
  }
}

const problem = (wanted: JwtProblem) => (error: unknown) => error instanceof JwtRefused && error.problem === wanted

for (const alg of ['ES256', 'ES512', 'RS256', 'PS256', 'EdDSA', 'Ed25519'] as const) {
  test(`T-JWT-1, T-JWT-2, T-JWT-3, T-JWT-4, T-JWT-6, T-JWT-8: no forged token passes for one signed with ${alg}`, async () => {
    const key = await generateSigningKey(alg)
    const honest: HonestJwt = { key, typ: 'at+jwt', claims, required }
    assert.deepEqual(await acceptedAttacks(honest, now, accepts(policyFor(key))), [])
  })
}

test('T-JWT-2, T-DPP-1: no forged proof passes where the key stands in the header', async () => {
  const key = await generateSigningKey('ES256')
  const proof = { jti: 'j1', iat: now, htm: 'GET', htu: 'https://api.example/' }
  const honest: HonestJwt = {
    key,
    typ: 'dpop+jwt',
    claims: proof,
    required: ['jti', 'iat', 'htm', 'htu'],
    keyInHeader: true,
  }
  const policy: JwtPolicy = {
    keys: 'in-header',
    algorithms: ['ES256', 'EdDSA'],
    typ: ['dpop+jwt'],
    issuer: null,
    audience: null,
    required: ['jti', 'htm', 'htu'],
    clock,
    maxAge: 60,
  }
  assert.deepEqual(await acceptedAttacks(honest, now, accepts(policy)), [])
})

test('RFC 7519 §4.1.3: an audience among others counts only where the policy takes it', async () => {
  const key = await generateSigningKey('ES256')
  const token = signJwt(key, { typ: 'at+jwt', claims: { ...claims, aud: ['https://other.example', claims.aud] } })
  const one = signJwt(key, { typ: 'at+jwt', claims: { ...claims, aud: [claims.aud] } })
  await verifyJwt(token, policyFor(key, { audience: { among: [claims.aud] } }))
  await assert.rejects(verifyJwt(token, policyFor(key)), problem('wrong_audience'))
  await verifyJwt(one, policyFor(key))
  await assert.rejects(verifyJwt(one, policyFor(key, { audience: { text: [claims.aud] } })), problem('wrong_audience'))
})

test('RFC 7518 §3.2, SEC-03: a shared secret signs, and no public key takes its place', async () => {
  const secret = 'a secret of at least thirty-two bytes'
  const policy = policyFor(await generateSigningKey('ES256'), { keys: sharedSecrets(secret), algorithms: ['HS256'] })
  await verifyJwt(signJwt(secretSigner('HS256', secret), { typ: 'at+jwt', claims }), policy)
  const other = signJwt(secretSigner('HS256', `${secret}.`), { typ: 'at+jwt', claims })
  await assert.rejects(verifyJwt(other, policy), problem('bad_signature'))
  const stronger = signJwt(secretSigner('HS512', secret), { typ: 'at+jwt', claims })
  await assert.rejects(verifyJwt(stronger, policy), problem('algorithm_not_allowed'))
  assert.throws(() => sharedSecrets('short'), problem('weak_key'))
})

test('RFC 7518 §3.2: a secret shorter than the hash of its algorithm verifies nothing', async () => {
  const secret = 'a'.repeat(40)
  const policy = policyFor(await generateSigningKey('ES256'), { keys: sharedSecrets(secret), algorithms: ['HS512'] })
  const token = signJwt(secretSigner('HS512', secret), { typ: 'at+jwt', claims })
  await assert.rejects(verifyJwt(token, policy), problem('unknown_key'))
})

test('T-JWT-4: each time claim counts with its leeway, and to the second', async () => {
  const key = await generateSigningKey('Ed25519')
  const at = (members: object, more: Partial<JwtPolicy> = {}) =>
    verifyJwt(
      signJwt(key, { typ: 'at+jwt', claims: { ...claims, ...members } }),
      policyFor(key, { leeway: 5, ...more }),
    )
  await at({ exp: now - 4 })
  await assert.rejects(at({ exp: now - 5 }), problem('expired'))
  await at({ nbf: now + 5 })
  await assert.rejects(at({ nbf: now + 6 }), problem('not_yet_valid'))
  await at({ iat: now + 5 })
  await assert.rejects(at({ iat: now + 6 }), problem('not_yet_valid'))
  await at({ iat: now - 65 }, { maxAge: 60 })
  await assert.rejects(at({ iat: now - 66 }, { maxAge: 60 }), problem('too_old'))
  await at({ exp: now + 3605 })
  await assert.rejects(at({ exp: now + 3606 }), problem('lifetime_too_long'))
  await at({ exp: now - 5000 }, { mayBeExpired: true })
})

test('RFC 7515 §4.1.4: the kid picks the key; without one, each key that fits is tried', async () => {
  const keys = await Promise.all(
    (['ES256', 'ES256', 'EdDSA'] as const).map((alg: SigningAlgorithm) => generateSigningKey(alg)),
  )
  const [first, second] = keys as [SigningKey, SigningKey]
  const policy = policyFor(first, { keys: jwkSet({ keys: keys.map(({ publicJwk }) => publicJwk) }) })
  const { alg, privateKey } = second
  for (const signer of [second, { alg, privateKey }]) {
    const { key } = await verifyJwt(signJwt(signer, { typ: 'at+jwt', claims }), policy)
    assert.equal(key.kid, second.kid)
  }
  const mislabelled = signJwt({ ...second, kid: first.kid }, { typ: 'at+jwt', claims })
  await assert.rejects(verifyJwt(mislabelled, policy), problem('bad_signature'))
})

test('RFC 7519 §2: what was read tells whose it claims to be, and the same reading is verified', async () => {
  const key = await generateSigningKey('ES256')
  const read = readJwt(signJwt(key, { typ: 'at+jwt', claims }))
  assert.equal(read.claims.iss, claims.iss)
  assert.deepEqual((await verifyJwt(read, policyFor(key))).claims, claims)
  await assert.rejects(verifyJwt(read, policyFor(await generateSigningKey('ES256'))), problem('unknown_key'))
})

test('RFC 7515 §4.1.9: typ is compared without its application/, in any case', async () => {
  const key = await generateSigningKey('ES256')
  for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt']) {
    await verifyJwt(signJwt(key, { typ, claims }), policyFor(key))
  }
})

test('T-JWT-1: a policy that would accept what nobody means to accept is a mistake of the program', async () => {
  const key = await generateSigningKey('ES256')
  const token = signJwt(key, { typ: 'at+jwt', claims })
  const bad: readonly Partial<JwtPolicy>[] = [
    { algorithms: [] },
    { algorithms: ['none' as 'ES256'] },
    { algorithms: ['HS256', 'ES256'] },
    { keys: 'in-header', algorithms: ['HS256'] },
    { required: ['sub'] },
  ]
  for (const members of bad) await assert.rejects(verifyJwt(token, policyFor(key, members)), TypeError)
})
