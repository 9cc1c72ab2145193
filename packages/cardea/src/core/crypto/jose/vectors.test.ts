import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as jose from 'jose'
import { fakeClock } from '../../../testing/fake-clock.ts'
import { publicKeyAlgorithms, type SigningAlgorithm, secretKeyAlgorithms } from './algorithms.ts'
import { readCompactJws } from './compact-jws.ts'
import { jwkSet, sharedSecrets } from './key-source.ts'
import { secretSigner, signJwt } from './sign-jwt.ts'
import { isSignatureOf, signatureOf } from './signature.ts'
import { generateSigningKey } from './signing-key.ts'
import { jwkThumbprint } from './thumbprint.ts'
import { type PublicJwk, publicKeyFrom, secretKeyFrom } from './verification-key.ts'
import { verifyJwt } from './verify-jwt.ts'

interface Vectors {
  readonly jws: readonly { name: string; alg: SigningAlgorithm; jwk: { k?: string }; compact: string }[]
  readonly thumbprints: readonly { name: string; jwk: PublicJwk; sha256: string }[]
}

const vectors: Vectors = JSON.parse(readFileSync(new URL('../../../../vectors/jose.json', import.meta.url), 'utf8'))

/** `RFC 7515 A.1` as the titles of tests cite sections. */
const cited = (name: string): string => name.replace(/^(RFC \d+) /, '$1 §')

for (const { name, alg, jwk, compact } of vectors.jws) {
  test(`${cited(name)}: the example verifies, and no longer once a bit of it is changed`, () => {
    const { key } = jwk.k === undefined ? publicKeyFrom(jwk) : secretKeyFrom(Buffer.from(jwk.k, 'base64url'))
    const { signature, signingInput } = readCompactJws(compact, 8192)
    assert(isSignatureOf(alg, key, signingInput, signature))
    assert(!isSignatureOf(alg, key, `${signingInput} `, signature))
    signature[5] = (signature[5] ?? 0) ^ 1
    assert(!isSignatureOf(alg, key, signingInput, signature))
  })
}

for (const { name, jwk, sha256 } of vectors.thumbprints) {
  test(`${cited(name)}: the thumbprint, whatever else the key says of itself`, () => {
    assert.equal(jwkThumbprint(jwk), sha256)
  })
}

const clock = fakeClock()
const claims = { iss: 'i', aud: 'a', sub: 's', exp: clock.now() + 60 }
const policy = { issuer: 'i', audience: { sole: ['a'] }, typ: ['at+jwt'], required: ['exp'], clock } as const
const instant = { currentDate: new Date(clock.now() * 1000) }

for (const alg of publicKeyAlgorithms) {
  test(`RFC 7518 §3.1: another author's library and ours agree on ${alg}, both ways`, async () => {
    const key = await generateSigningKey(alg)
    const ours = signJwt(key, { typ: 'at+jwt', claims })
    await jose.jwtVerify(ours, await jose.importJWK({ ...key.publicJwk }, alg), instant)
    const privateJwk = key.privateKey.export({ format: 'jwk' }) as jose.JWK
    const theirs = await new jose.SignJWT(claims)
      .setProtectedHeader({ alg, typ: 'at+jwt', kid: key.kid })
      .sign(await jose.importJWK(privateJwk, alg))
    await verifyJwt(theirs, { ...policy, algorithms: [alg], keys: jwkSet({ keys: [key.publicJwk] }) })
  })
}

for (const alg of secretKeyAlgorithms) {
  test(`RFC 7518 §3.2: another author's library and ours agree on ${alg}, both ways`, async () => {
    const secret = Buffer.alloc(64, 'secret')
    const ours = signJwt(secretSigner(alg, secret), { typ: 'at+jwt', claims })
    await jose.jwtVerify(ours, secret, instant)
    const theirs = await new jose.SignJWT(claims).setProtectedHeader({ alg, typ: 'at+jwt' }).sign(secret)
    await verifyJwt(theirs, { ...policy, algorithms: [alg], keys: sharedSecrets(secret) })
  })
}

test('RFC 7518 §3.1: a key of another kind signs and verifies nothing', async () => {
  const ec = await generateSigningKey('ES256')
  const wrong: readonly SigningAlgorithm[] = ['HS256', 'EdDSA', 'RS256', 'PS256', 'ES384']
  for (const alg of wrong) {
    const { key } = publicKeyFrom(ec.publicJwk)
    assert(!isSignatureOf(alg, key, 'data', signatureOf('ES256', ec.privateKey, 'data')), alg)
  }
})
