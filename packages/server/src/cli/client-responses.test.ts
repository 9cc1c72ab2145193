import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateSigningKey } from '../../../cardea/src/core/crypto/jose/signing-key.ts'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const env = { CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa', CARDEA_ISSUER: 'http://localhost:8000' }
const line = 'client create shop --redirect-uri https://shop.example/cb --jwks keys.json --response-mode jwt --json'

test('JARM §3: the command line registers how responses of a client are signed and encrypted', async () => {
  const cli = new InProcessWorld()
  const { publicJwk } = await generateSigningKey('ES256')
  cli.write('keys.json', { keys: [publicJwk] })
  const how = '--response-alg ES256 --response-encryption ECDH-ES --response-encryption-enc A256GCM'
  const { json } = await cli.run(`${line} ${how}`, { env })
  const shop = json<Record<string, unknown>>()
  assert.deepEqual(
    ['signed_response_alg', 'encrypted_response_alg', 'encrypted_response_enc'].map(
      (name) => shop[`authorization_${name}`],
    ),
    ['ES256', 'ECDH-ES', 'A256GCM'],
  )
  const wrong = await cli.run('client update shop --response-encryption RSA1_5', { env })
  assert.deepEqual([wrong.code, /authorization_encrypted_response_alg/.test(wrong.err)], [2, true])
})
