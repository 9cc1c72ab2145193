import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keptHeaderKeys } from './header-keys.ts'
import { JwtRefused } from './jwt-refused.ts'
import { generateSigningKey } from './signing-key.ts'
import type { PublicJwk } from './verification-key.ts'

const newJwk = async (): Promise<PublicJwk> => {
  const { kty, crv, x, y } = (await generateSigningKey('ES256')).publicJwk
  return { kty, crv, x, y }
}

test('RFC 9449 §4.2: a key that comes again is read once, another one anew', async () => {
  const read = keptHeaderKeys()
  const [one, other] = [await newJwk(), await newJwk()]
  assert.equal(read({ ...one }), read({ ...one }))
  assert.deepEqual(read(other).jwk, other)
  assert.deepEqual(read(one).jwk, one)
})

test('RFC 9449 §4.3: a key that differs in any member is judged by itself, and a refused one every time', async () => {
  const read = keptHeaderKeys()
  const jwk = await newJwk()
  assert.equal(read(jwk).algorithms.length, 1)
  for (const more of [{ d: 'AA' }, { use: 'enc' }, { alg: 'RS256' }, { x: 'AA' }])
    for (const _ of [1, 2]) assert.throws(() => read({ ...jwk, ...more }), JwtRefused)
  for (const none of [undefined, null, 'text']) assert.throws(() => read(none), JwtRefused)
})

test('RFC 9449 §4.2: whoever sends many keys, or long ones, fills no memory', async () => {
  const read = keptHeaderKeys()
  const jwk = await newJwk()
  const first = read(jwk)
  for (let count = 0; count < 999; count++) read({ ...jwk, count })
  assert.equal(read(jwk), first)
  for (let count = 999; count < 1999; count++) read({ ...jwk, count })
  assert.notEqual(read(jwk), first)
  const long = { ...jwk, text: 'x'.repeat(2000) }
  assert.notEqual(read(long), read(long))
})
