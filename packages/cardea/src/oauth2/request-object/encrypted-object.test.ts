import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  byValue,
  claimsOf,
  encryptedTo,
  objectOf,
  outcomeOf,
  signer,
  startSigning,
} from '../../../test-support/signed-requests.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import type { TestServer } from '../../testing/test-server.ts'

interface Published {
  readonly keys: readonly { readonly kty: string; readonly use: string; readonly alg: string; readonly kid: string }[]
}

async function encryptionKeys(server: TestServer) {
  const { keys } = (await (await server.agent().get('/jwks')).json()) as Published
  return keys.filter(({ use }) => use === 'enc')
}

test('RFC 9101 §6.1: an object that is encrypted to a published key is read', async () => {
  const server = await startSigning({ requestObjects: { encryption: true } })
  const keys = await encryptionKeys(server)
  assert.deepEqual(keys.map(({ alg }) => alg).sort(), ['ECDH-ES', 'RSA-OAEP-256'])
  for (const key of keys) {
    assert.equal('d' in key, false)
    assert.equal(await outcomeOf(server, byValue(await encryptedTo(key, objectOf(server)))), 'asked', key.alg)
  }
  const again = await encryptionKeys(server)
  assert.deepEqual(again, keys)
})

test('RFC 9101 §6.1, T-JWT-3: encryption is no signature, and is refused where it is off or another than registered', async () => {
  const server = await startSigning({ requestObjects: { encryption: true } })
  const [key] = await encryptionKeys(server)
  assert.ok(key)
  const bare = await encryptedTo(key, JSON.stringify(claimsOf(server)))
  assert.equal(await outcomeOf(server, byValue(bare)), 'page invalid_request_object')
  const twice = await encryptedTo(key, await encryptedTo(key, objectOf(server)))
  assert.equal(await outcomeOf(server, byValue(twice)), 'page invalid_request_object')
  const zipped = await encryptedTo(key, objectOf(server), { zip: 'DEF' })
  assert.equal(await outcomeOf(server, byValue(zipped)), 'page invalid_request_object')
  const off = await startSigning()
  assert.deepEqual(await encryptionKeys(off), [])
  assert.equal(await outcomeOf(off, byValue(await encryptedTo(key, objectOf(off)))), 'page invalid_request_object')
  const other = { ...signer, request_object_encryption_alg: 'ECDH-ES', request_object_encryption_enc: 'A128GCM' }
  const limited = await startSigning({ clients: [other], requestObjects: { encryption: true } })
  for (const one of await encryptionKeys(limited)) {
    const by = async (enc: string) => outcomeOf(limited, byValue(await encryptedTo(one, objectOf(limited), { enc })))
    assert.equal(await by('A128GCM'), one.alg === 'ECDH-ES' ? 'asked' : 'page invalid_request_object')
    assert.equal(await by('A256GCM'), 'page invalid_request_object')
  }
})

test('RFC 9101 §6.1: every instance on one store decrypts with the same keys, after a restart too', async () => {
  const options = {
    store: memoryStore(),
    secrets: ['a secret of the server, long enough'],
    requestObjects: { encryption: true },
  }
  const one = await startSigning(options)
  const keys = await encryptionKeys(one)
  const two = await startSigning({ ...options, clients: [], users: [] })
  assert.deepEqual(await encryptionKeys(two), keys)
  const [key] = keys
  assert.ok(key)
  assert.equal(await outcomeOf(two, byValue(await encryptedTo(key, objectOf(two)))), 'asked')
})
