import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import { CompactEncrypt, type CompactJWEHeaderParameters } from 'jose'
import { contentEncryptions, type DecryptionKey, decryptJwe, type JwePolicy, keyEncryptions } from './decrypt-jwe.ts'
import { JwtRefused } from './jwt-refused.ts'
import { jwkSet } from './key-source.ts'
import { signJwt } from './sign-jwt.ts'
import { generateSigningKey } from './signing-key.ts'
import { verifyJwt } from './verify-jwt.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const keys: readonly DecryptionKey[] = keyEncryptions.map((alg) => ({
  kid: `key for ${alg}`,
  alg,
  privateKey: alg.startsWith('RSA') ? rsa.privateKey : ec.privateKey,
}))
const policy: JwePolicy = { keys }

const encrypt = (
  text: string | Uint8Array,
  header: CompactJWEHeaderParameters,
  key: KeyObject | Uint8Array = rsa.publicKey,
) => new CompactEncrypt(Buffer.from(text)).setProtectedHeader(header).encrypt(key)

const usual = { alg: 'RSA-OAEP-256', enc: 'A256GCM' } as const

/** All there is to learn from a failure. */
async function mustFail(text: string, title: string, by: JwePolicy = policy): Promise<void> {
  await assert.rejects(decryptJwe(text, by), (error) => {
    assert(error instanceof JwtRefused, title)
    assert.deepEqual([error.message, error.problem, error.cause], ['undecryptable', 'undecryptable', undefined], title)
    return true
  })
}

for (const alg of keyEncryptions) {
  test(`RFC 7518 §4.1, §5.1: what another author's library encrypts by ${alg} is decrypted, with every cipher`, async () => {
    const key = alg.startsWith('RSA') ? rsa.publicKey : ec.publicKey
    for (const enc of contentEncryptions) {
      assert.equal(await decryptJwe(await encrypt('hello', { alg, enc }, key), policy), 'hello')
      assert.equal(await decryptJwe(await encrypt('hello', { alg, enc, kid: `key for ${alg}` }, key), policy), 'hello')
    }
  })
}

test('SEC-01, RFC 7519 §11.2: what was decrypted is nobody’s word yet: it is verified like any other token', async () => {
  const key = await generateSigningKey('ES256')
  const claims = { iss: 'i', exp: 2_000_000_000 }
  const nested = await encrypt(signJwt(key, { typ: 'JWT', claims }), { ...usual, cty: 'JWT' })
  const bare = await encrypt(JSON.stringify(claims), usual)
  const verify = async (text: string) =>
    verifyJwt(await decryptJwe(text, policy), {
      keys: jwkSet({ keys: [key.publicJwk] }),
      algorithms: ['ES256'],
      typ: ['JWT'],
      issuer: 'i',
      audience: null,
      required: ['exp'],
      clock: { now: () => 1_900_000_000 },
    })
  assert.deepEqual((await verify(nested)).claims, claims)
  await assert.rejects(verify(bare), JwtRefused)
})

test('T-JWT-7, SEC-10: RSA1_5, passwords, shared keys and unauthenticated ciphers are refused', async () => {
  const secret = new Uint8Array(32)
  await mustFail(await encrypt('x', { alg: 'dir', enc: 'A256GCM' }, secret), 'dir')
  await mustFail(await encrypt('x', { alg: 'A256KW', enc: 'A256GCM' }, secret), 'A256KW')
  await mustFail(await encrypt('x', { alg: 'PBES2-HS256+A128KW', enc: 'A256GCM' }, secret), 'PBES2')
  const [, ...rest] = (await encrypt('x', usual)).split('.')
  for (const header of [
    { ...usual, alg: 'RSA1_5' },
    { ...usual, alg: 'none' },
    { ...usual, alg: 'RSA-OAEP' },
    { ...usual, alg: ['RSA-OAEP-256'] },
    { ...usual, enc: 'A256CTR' },
    { ...usual, enc: undefined },
    { alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', p2c: 2_000_000_000, p2s: 'AAAA' },
  ]) {
    await mustFail(
      [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.'),
      JSON.stringify(header),
    )
  }
})

test('T-JWT-7, SEC-06: nothing compressed is unpacked, however little it is', async () => {
  await mustFail(await encrypt('hello', { ...usual, zip: 'DEF' }), 'small')
  await mustFail(await encrypt(Buffer.alloc(200_000), { ...usual, zip: 'DEF' }), 'large')
})

test('T-JWT-2, T-JWT-3: keys in the header, and names of other keys, are refused though the rest is sound', async () => {
  const headers = [{ jwk: {} }, { jku: 'https://a.example' }, { x5u: 'https://a.example' }, { x5c: [] }, { b64: true }]
  for (const more of [...headers, { p2c: 1 }, { kid: 'other' }, { kid: 'key for RSA-OAEP' }]) {
    await mustFail(await encrypt('x', { ...usual, ...more } as CompactJWEHeaderParameters), JSON.stringify(more))
  }
})

test('T-JWT-7: whatever was changed, and wherever it fails, the failure is the same', async () => {
  const text = await encrypt('hello', usual)
  const parts = text.split('.')
  for (const [index, part] of parts.entries()) {
    const middle = Math.floor(part.length / 2)
    const changed = part.slice(0, middle) + (part[middle] === 'A' ? 'B' : 'A') + part.slice(middle + 1)
    await mustFail(parts.with(index, changed).join('.'), `part ${index}`)
    await mustFail(parts.with(index, '').join('.'), `no part ${index}`)
  }
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
  await mustFail(await encrypt('hello', usual, stranger), 'another key')
  await mustFail(await encrypt(Buffer.from([0xff]), usual), 'no UTF-8')
  for (const odd of ['', '....', 'a.b.c', `${text}.a`, `${text}=`, '.'.repeat(1_000_000)])
    await mustFail(odd, odd.slice(0, 20))
})

test('SEC-05: what is too large is not decoded; ciphers may be narrowed', async () => {
  const text = await encrypt('x'.repeat(20_000), usual)
  await mustFail(text, 'too large')
  assert.equal((await decryptJwe(text, { ...policy, maxBytes: 30_000 })).length, 20_000)
  await mustFail(await encrypt('x', usual), 'another cipher', { ...policy, encryptions: ['A128GCM'] })
})
