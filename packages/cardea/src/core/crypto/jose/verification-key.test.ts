import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { type JwtProblem, JwtRefused } from './jwt-refused.ts'
import { publicKeysFrom } from './key-source.ts'
import { generateSigningKey, signingKeyFrom } from './signing-key.ts'
import { publicKeyFrom } from './verification-key.ts'

const rsa = (modulusLength: number, publicExponent = 65537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey.export({ format: 'jwk' })
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' })

const refusedAs = (problem: JwtProblem) => (error: unknown) => error instanceof JwtRefused && error.problem === problem

test('T-KEY-1, RFC 7518 §3.3: RSA keys have at least 2048 bits', () => {
  assert.throws(() => publicKeyFrom(rsa(1024)), refusedAs('weak_key'))
  assert.throws(() => publicKeyFrom(rsa(2040)), refusedAs('weak_key'))
  assert.equal(publicKeyFrom(rsa(2048)).algorithms.length, 6)
})

test('T-KEY-1: a modulus that is even, and so no product of two primes, is refused', () => {
  const { kty, n, e } = rsa(2048)
  const modulus = Buffer.from(String(n), 'base64url')
  modulus.writeUInt8((modulus.at(-1) ?? 0) & 0xfe, modulus.length - 1)
  assert.throws(() => publicKeyFrom({ kty, n: modulus.toString('base64url'), e }), refusedAs('weak_key'))
})

test('T-KEY-1: an exponent that makes signing pointless or checking slow is refused', () => {
  const { n, kty } = rsa(2048)
  for (const e of ['AQ', 'Ag', 'AA', 'A'.repeat(12), 'AQAB=', '']) {
    assert.throws(() => publicKeyFrom({ kty, n, e }), refusedAs('weak_key'), e)
  }
})

test('T-KEY-1, T-DCR-2: private and secret keys are refused wherever public ones are expected', async () => {
  const { privateKey } = await generateSigningKey('RS256')
  const jwk = privateKey.export({ format: 'jwk' })
  assert.throws(() => publicKeyFrom(jwk), refusedAs('key_not_public'))
  for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) {
    assert.throws(
      () => publicKeyFrom({ kty: 'RSA', n: jwk.n, e: jwk.e, [member]: '' }),
      refusedAs('key_not_public'),
      member,
    )
  }
  assert.throws(() => publicKeyFrom({ kty: 'oct', k: 'AAAA' }), refusedAs('key_not_public'))
})

test('RFC 7517 §4.2, §4.3, §4.4: a key for another use, operation or algorithm verifies nothing', () => {
  const jwk = ec('P-256')
  assert.deepEqual(publicKeyFrom({ ...jwk, use: 'sig', key_ops: ['verify'], alg: 'ES256' }).algorithms, ['ES256'])
  for (const other of [
    { use: 'enc' },
    { use: '' },
    { key_ops: ['sign'] },
    { key_ops: 'verify' },
    { alg: 'ES384' },
    { alg: 'HS256' },
    { alg: 'none' },
  ]) {
    assert.throws(() => publicKeyFrom({ ...jwk, ...other }), refusedAs('unknown_key'), JSON.stringify(other))
  }
})

test('T-JWT-6: a point that is not on its curve, or a curve we do not know, is refused', () => {
  const { x, y, kty } = ec('P-256')
  assert.throws(() => publicKeyFrom({ kty, crv: 'P-256', x, y: x }), refusedAs('weak_key'))
  assert.throws(() => publicKeyFrom({ kty, crv: 'P-384', x, y }), refusedAs('weak_key'))
  assert.throws(() => publicKeyFrom({ kty, crv: 'P-256', x: 'AAAA', y }), refusedAs('weak_key'))
  assert.throws(() => publicKeyFrom(ec('secp256k1')), refusedAs('unknown_key'))
  assert.throws(() => publicKeyFrom({ kty: 'OKP', crv: 'Ed25519', x: 'AAAA' }), refusedAs('weak_key'))
  assert.throws(() => publicKeyFrom({ kty: 'OKP', crv: 'X25519', x }), refusedAs('unknown_key'))
})

test('T-JWT-6, RFC 8032 §5.1.7: a point of small order, for which anybody can sign, is no key', () => {
  const small = [
    '00'.repeat(32),
    `01${'00'.repeat(31)}`,
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    `ec${'ff'.repeat(30)}7f`,
    `ed${'ff'.repeat(30)}7f`,
    `ee${'ff'.repeat(30)}7f`,
  ].map((hex) => Buffer.from(hex, 'hex'))
  // OpenSSL refuses signatures by them from 3.5 on; that of Node.js 22 holds them for good.
  for (const point of small) {
    for (const sign of [0, 0x80]) {
      const x = Buffer.from(point)
      x[31] = (x[31] ?? 0) | sign
      const jwk = { kty: 'OKP', crv: 'Ed25519', x: x.toString('base64url') }
      assert.throws(() => publicKeyFrom(jwk), refusedAs('weak_key'), x.toString('hex'))
    }
  }
})

test('RFC 7517 §5: what a key set holds that we cannot use is left out, the others stay', () => {
  const good = { ...ec('P-256'), kid: 'good' }
  const keys = publicKeysFrom({ keys: [null, 'key', {}, rsa(1024), { kty: 'oct', k: 'AAAA' }, ec('secp256k1'), good] })
  assert.deepEqual(
    keys.map(({ kid }) => kid),
    ['good'],
  )
  for (const jwks of [undefined, null, [], {}, { keys: {} }, { keys: new Array(101).fill(good) }]) {
    assert.throws(() => publicKeysFrom(jwks), refusedAs('unknown_key'))
  }
})

test('RFC 8725bis §3.1: a signing key signs with the one algorithm that fits it', async () => {
  const { privateKey, kid } = await generateSigningKey('ES256')
  const jwk = privateKey.export({ format: 'jwk' })
  const key = await signingKeyFrom(jwk, 'ES256')
  assert.equal(key.kid, kid)
  assert.deepEqual(Object.keys(key.publicJwk).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
  assert.equal((await signingKeyFrom({ ...jwk, kid: 'mine', alg: 'ES256' })).kid, 'mine')
  for (const alg of ['ES384', 'RS256', 'HS256', 'none', undefined]) {
    await assert.rejects(signingKeyFrom(jwk, alg as 'ES256'), TypeError, alg)
  }
  await assert.rejects(signingKeyFrom(ec('P-256'), 'ES256'), TypeError)
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' })
  await assert.rejects(signingKeyFrom(weak, 'RS256'), TypeError)
})
