import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oauth1Client, outcomeOf, resource, startOAuth1Server, tokenFor } from '../testing/oauth1-flow.ts'
import { rsaPair } from '../testing/rsa-pair.ts'
import { rsaKeyFinder } from './rsa-keys.ts'
import { rsaSha256 } from './signature-methods.ts'

const [old, fresh, third] = [rsaPair(), rsaPair(), rsaPair()] as const

test('RFC 5849 §3.4.3: a public key that was changed at the client is not served from memory', async () => {
  const rsa = (pair: typeof old) => ({
    consumerKey: 'bank',
    signatureMethod: rsaSha256,
    keys: { rsaPrivateKey: pair.privateKey },
  })
  const server = await startOAuth1Server({ clients: [oauth1Client('bank', { public_key: old.publicKey })] })
  const credentials = await tokenFor(server, rsa(old))
  const asked = async (pair: typeof old) => outcomeOf(await resource(server, { ...rsa(pair), credentials }))
  assert.deepEqual([await asked(old), await asked(fresh)], ['200', '401 invalid_signature'])
  const bank = await server.store.clients.find('bank')
  assert.ok(bank?.oauth1)
  await server.store.clients.save({ ...bank, oauth1: { ...bank.oauth1, public_key: fresh.publicKey } })
  assert.deepEqual([await asked(old), await asked(fresh)], ['401 invalid_signature', '200'])
})

test('RFC 5849 §3.4.3: a key is parsed once, and of too many the one used longest ago is let go', () => {
  const find = rsaKeyFinder(2)
  const first = find(old.publicKey)
  const second = find(fresh.publicKey)
  assert.ok(first && second)
  assert.notEqual(first, second)
  assert.equal(find(old.publicKey), first)
  find(third.publicKey)
  assert.equal(find(old.publicKey), first)
  assert.notEqual(find(fresh.publicKey), second)
})

test('RFC 5849 §3.4.3: what is no RSA public key is none, however often it is asked for, and displaces nothing', () => {
  const find = rsaKeyFinder(1)
  const key = find(old.publicKey)
  for (const pem of ['', 'no PEM', old.privateKey, old.privateKey]) assert.equal(find(pem), undefined)
  assert.equal(find(old.publicKey), key)
})
