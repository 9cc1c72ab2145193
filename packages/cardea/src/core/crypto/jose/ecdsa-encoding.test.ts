import assert from 'node:assert/strict'
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { test } from 'node:test'
import { derFrom, rawFrom } from './ecdsa-encoding.ts'
import { isSignatureOf, signatureOf } from './signature.ts'

const curves = [
  ['P-256', 64, 'ES256', 'sha256', 400],
  ['P-384', 96, 'ES384', 'sha384', 50],
  ['P-521', 132, 'ES512', 'sha512', 50],
] as const

for (const [namedCurve, bytes, alg, hash, times] of curves) {
  test(`RFC 7518 §3.4: ${alg}: node:crypto takes our signatures and we take its, also those that begin with zeros`, () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })
    // One in 256 halves begins with a zero byte (of P-521 one in two), and every second one has its first bit on.
    for (let count = 0; count < times; count++) {
      const data = `message ${count}`
      const ours = signatureOf(alg, privateKey, data)
      assert.equal(ours.length, bytes)
      const dsaEncoding = 'ieee-p1363'
      assert(verify(hash, Buffer.from(data), { key: publicKey, dsaEncoding }, ours))
      const theirs = sign(hash, Buffer.from(data), { key: privateKey, dsaEncoding })
      assert(isSignatureOf(alg, publicKey, data, theirs))
    }
  })

  test(`RFC 7518 §3.4, CVE-2022-21449: ${alg}: a signature of zeros, or of the greatest numbers, is none`, () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve })
    for (const byte of [0, 0xff]) assert(!isSignatureOf(alg, publicKey, 'message', Buffer.alloc(bytes, byte)))
  })

  test(`RFC 3279 §2.2.3: ${alg}: there and back again, whatever stands in front`, () => {
    for (const first of [0, 1, 0x7f, 0x80, 0xff]) {
      const raw = Buffer.alloc(bytes, 5)
      raw[0] = first
      raw[bytes / 2] = 0
      raw[bytes / 2 + 1] = first
      assert.deepEqual(rawFrom(derFrom(raw), bytes), raw)
    }
  })
}

test('RFC 7518 §3.4: a key of a longer curve does not fit the algorithm', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-521' })
  assert.throws(() => signatureOf('ES256', privateKey, 'message'), TypeError)
})
