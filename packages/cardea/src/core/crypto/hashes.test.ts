import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf, equalDigests, equalInConstantTime, s256 } from './digest.ts'
import { randomText } from './random.ts'
import { scryptHash, scryptVerify } from './scrypt.ts'

test('RFC 7636 Appendix B: the challenge of the example', () => {
  assert.equal(s256('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'), 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
})

test('T-TOK-5: texts and digests are equal whole or not at all', () => {
  const digest = digestOf('text')
  assert.equal(digest.length, 43)
  assert.equal(equalDigests(digest, digestOf('text')), true)
  assert.equal(equalInConstantTime('ö☃', 'ö☃'), true)
  for (const other of [digestOf('Text'), digest.slice(0, -1), `${digest}A`, '']) {
    assert.equal(equalDigests(digest, other), false)
    assert.equal(equalInConstantTime(digest, other), false)
  }
})

test('random: as many bytes as were asked for, also across the end of the pool, and never the same', () => {
  const texts = Array.from({ length: 2000 }, () => randomText(18))
  assert.equal(new Set(texts).size, 2000)
  for (const bytes of [1, 18, 32, 1000, 1024]) {
    assert.equal(Buffer.from(randomText(bytes), 'base64url').length, bytes)
  }
})

test('T-SES-8: scrypt verifies what it hashed, every hash with a salt of its own', async () => {
  const [hash, again] = await Promise.all([scryptHash('pässwörd ☃'), scryptHash('pässwörd ☃')])
  assert.match(hash, /^\$scrypt\$ln=14,r=8,p=5\$[\w+/]{22}\$[\w+/]{43}$/)
  assert.notEqual(hash, again)
  assert.equal(await scryptVerify(hash, 'pässwörd ☃'), true)
  assert.equal(await scryptVerify(hash, 'passwörd ☃'), false)
})

test('T-SES-8: a hash that cannot be read, or would take gigabytes, verifies nothing', async () => {
  const [, , , salt, key] = (await scryptHash('x')).split('$')
  const costs = ['ln=21,r=8,p=1', 'ln=0,r=8,p=1', 'ln=1,r=0,p=1', 'ln=1,r=8,p=0', 'ln=1,r=8,p=99']
  const scrypts = costs.map((cost) => `$scrypt$${cost}$${salt}$${key}`)
  for (const hash of ['', 'x', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$a2V5', ...scrypts]) {
    assert.equal(await scryptVerify(hash, 'x'), false, hash)
  }
})
