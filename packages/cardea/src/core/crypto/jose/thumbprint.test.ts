import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calculateJwkThumbprint } from 'jose'
import { generateSigningKey } from './signing-key.ts'
import { jwkThumbprint } from './thumbprint.ts'

for (const alg of ['ES256', 'ES512', 'EdDSA', 'RS256'] as const) {
  test(`RFC 7638 §3: ${alg}: the thumbprint that jose gives it`, async () => {
    const { publicJwk } = await generateSigningKey(alg)
    assert.equal(jwkThumbprint(publicJwk), await calculateJwkThumbprint(publicJwk as { kty: string }))
  })
}

test('RFC 7638 §3.2: what is no public key, or lacks a member, has no thumbprint', () => {
  for (const jwk of [{ kty: 'oct', k: 'AA' }, { kty: 'toString' }, { kty: 'EC', crv: 'P-256', x: 'AA' }])
    assert.throws(() => jwkThumbprint(jwk), TypeError, jwk.kty)
})
