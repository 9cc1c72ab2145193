import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { outgoingTo } from '../../../test-support/outgoing-answers.ts'
import { ada, asked, shop } from '../../../test-support/pushing.ts'
import { startTestServer } from '../../testing/test-server.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
const bits = (count: number): string => Buffer.alloc(count / 8, 0xff).toString('base64url')

/** Keys to encrypt for, as whoever publishes them could break or slow down who does. */
const hostile: Readonly<Record<string, unknown>> = {
  'of 20000 bits': { ...rsa, n: bits(20_000) },
  'of 200000 bits': { ...rsa, n: bits(200_000) },
  'of 1024 bits': { ...rsa, n: bits(1024) },
  'with an exponent of 1': { ...rsa, e: 'AQ' },
  'with an even exponent': { ...rsa, e: 'AQAA' },
  'with no exponent': { ...rsa, e: '' },
  'with an exponent as long as the key': { ...rsa, e: rsa.n },
  'with an even modulus': { ...rsa, n: `${String(rsa.n).slice(0, -2)}AA` },
  'with a private part': { ...rsa, d: 'AQAB' },
  'off its curve': { ...ec, x: ec.y },
  'of nothing': { ...ec, x: '', y: '' },
  'with members of other kinds': { ...rsa, n: 1, e: {} },
  'that is none': null,
}

test('BEAT-01, JARM §2.2: keys that are made to break an encryption are passed over, and nothing fails', async () => {
  const jwksUri = 'https://client.example/jwks'
  for (const [what, key] of Object.entries(hostile)) {
    for (const alg of ['RSA-OAEP-256', 'ECDH-ES']) {
      const remote = outgoingTo()
      remote.answers.set(jwksUri, { type: 'application/json', body: JSON.stringify({ keys: [key] }) })
      const client = { ...shop, jwks_uri: jwksUri, authorization_encrypted_response_alg: alg }
      const options = { clients: [client], users: [ada], signedResponses: true, outgoing: remote.options }
      const server = await startTestServer(options)
      const query = new URLSearchParams({ ...asked, response_mode: 'jwt', prompt: 'none' })
      const answer = await server.agent().get(`/authorize?${query}`)
      assert.deepEqual([answer.status, answer.headers.has('location')], [400, false], `${what}, ${alg}`)
      assert.equal(remote.asked.length, 1)
    }
  }
})
