import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import vectors from '../../vectors/oauth1-signature.json' with { type: 'json' }
import { rsaPublicKeyFrom } from '../core/crypto/rsa-signature.ts'
import {
  builtInSignatureMethods,
  hmacSha1,
  plaintext,
  type SignatureMethod,
  signatureMethodFinder,
  type VerificationKeys,
} from './signature-methods.ts'

const pems = ({ publicKey, privateKey }: KeyPairKeyObjectResult) => ({
  publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
})
const pair = pems(generateKeyPairSync('rsa', { modulusLength: 2048 }))
const other = pems(generateKeyPairSync('rsa', { modulusLength: 2048 }))

const text = 'GET&https%3A%2F%2Fa.example%2F&a%3Db'
const secrets = { clientSecret: 'c&s', tokenSecret: 't é' }
const signingKeys = { ...secrets, rsaPrivateKey: pair.privateKey }
const keys: VerificationKeys = { ...secrets, rsaPublicKey: rsaPublicKeyFrom(pair.publicKey) }

test('RFC 5849 §3.4.2: the published HMAC-SHA1 values', () => {
  const values = vectors.primitives.filter(({ what }) => what === 'hmac_sha1')
  assert.ok(values.length >= 2)
  for (const { base = '', client_secret = '', token_secret = '', out } of values) {
    assert.equal(hmacSha1.sign(base, { clientSecret: client_secret, tokenSecret: token_secret }), out)
  }
})

for (const method of builtInSignatureMethods) {
  test(`RFC 5849 §3.4: ${method.name}: accepts its own signature and no changed text, key or signature`, () => {
    const signature = method.sign?.(text, signingKeys) ?? ''
    assert.equal(method.verify(text, keys, signature), true)
    assert.equal(method.verify(`${text}c`, keys, signature), method === plaintext)
    for (let index = 0; index < signature.length; index += 1) {
      const changed = signature[index] === 'A' ? 'B' : 'A'
      assert.equal(method.verify(text, keys, signature.slice(0, index) + changed + signature.slice(index + 1)), false)
    }
    const wrong: VerificationKeys[] =
      method.keyKind === 'rsa'
        ? [{ ...keys, rsaPublicKey: rsaPublicKeyFrom(other.publicKey) }]
        : [
            { ...keys, clientSecret: 'c&t' },
            { ...keys, tokenSecret: 't' },
            { ...keys, tokenSecret: undefined },
          ]
    for (const one of wrong) assert.equal(method.verify(text, one, signature), false)
  })

  test(`RFC 5849 §3.4: ${method.name}: another spelling of a right signature is a wrong one`, () => {
    const signature = method.sign?.(text, signingKeys) ?? ''
    const spellings = [
      `${signature}=`,
      `${signature}\n`,
      ` ${signature}`,
      `${signature}\0`,
      `${signature}A`,
      signature.slice(0, -1),
      signature.toLowerCase(),
      // Cut to its low byte, each character would be the right one.
      signature.replace(/^./, (first) => String.fromCharCode(first.charCodeAt(0) + 0x100)),
    ]
    for (const spelling of spellings) assert.equal(method.verify(text, keys, spelling), false, JSON.stringify(spelling))
    if (/[+/]/.test(signature)) {
      const urlSafe = signature.replaceAll('+', '-').replaceAll('/', '_')
      assert.equal(method.verify(text, keys, urlSafe), false)
    }
  })

  test(`RFC 5849 §3.4: ${method.name}: property: no signature throws`, () => {
    const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.constantFrom('\ud800', '====', '%'))
    fc.assert(fc.property(hostile, (signature) => assert.equal(method.verify(text, keys, signature), false)))
    assert.equal(method.verify(text, keys, 'A'.repeat(200_000)), false)
    assert.equal(method.verify(text, keys, ''), false)
  })
}

test('RFC 5849 §3.4: a client with only a key of the other kind is never accepted', () => {
  const rsaOnly: readonly VerificationKeys[] = [
    { rsaPublicKey: keys.rsaPublicKey, tokenSecret: 't' },
    { rsaPublicKey: keys.rsaPublicKey, clientSecret: '', tokenSecret: 't' },
    {},
  ]
  const forgedWith = ['', pair.publicKey]
  for (const method of builtInSignatureMethods) {
    for (const clientSecret of forgedWith) {
      // What an attacker can compute: a MAC with the empty secret, or with the public key as the secret.
      const mac = hmacSha1.sign(text, { clientSecret: clientSecret || 'x', tokenSecret: 't' })
      for (const have of method.keyKind === 'rsa' ? [{ clientSecret: 'c' }] : rsaOnly) {
        for (const signature of [mac, '&', '&t', '']) assert.equal(method.verify(text, have, signature), false)
      }
    }
  }
})

test('RFC 5849 §3.4: signing without the key that is needed is an error of the caller', () => {
  for (const method of builtInSignatureMethods) assert.throws(() => method.sign?.(text, {}), TypeError)
  const rsa = builtInSignatureMethods.find(({ keyKind }) => keyKind === 'rsa')
  const ec = pems(generateKeyPairSync('ec', { namedCurve: 'P-256' }))
  for (const rsaPrivateKey of ['', 'no pem', ec.privateKey, pair.publicKey]) {
    assert.throws(() => rsa?.sign?.(text, { rsaPrivateKey }), TypeError)
  }
})

test('RFC 5849 §3.4.3: only sound RSA public keys are taken', () => {
  const pkcs1 = generateKeyPairSync('rsa', {
    modulusLength: 1024,
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  assert.ok(rsaPublicKeyFrom(pkcs1.publicKey))
  const refused = [
    '',
    'no pem',
    pair.privateKey,
    pkcs1.privateKey,
    pems(generateKeyPairSync('rsa', { modulusLength: 768 })).publicKey,
    pems(generateKeyPairSync('rsa-pss', { modulusLength: 2048 })).publicKey,
    pems(generateKeyPairSync('ec', { namedCurve: 'P-256' })).publicKey,
    pems(generateKeyPairSync('ed25519')).publicKey,
  ]
  for (const pem of refused) assert.equal(rsaPublicKeyFrom(pem), undefined, pem)
})

test('RFC 5849 §3.4: an own method is one more in the list, and no name stands for two', () => {
  const own: SignatureMethod = { name: 'OWN', keyKind: 'shared_secret', verify: (_text, _keys, it) => it === 'yes' }
  const find = signatureMethodFinder([...builtInSignatureMethods, own])
  assert.equal(find('OWN'), own)
  assert.equal(find('HMAC-SHA1'), hmacSha1)
  for (const name of ['hmac-sha1', '', 'toString', '__proto__', 'HMAC-SHA1 ']) assert.equal(find(name), undefined)
  assert.throws(() => signatureMethodFinder([hmacSha1, own, { ...own }]), TypeError)
})
