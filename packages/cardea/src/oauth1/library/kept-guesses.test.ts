import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultMaxBodyBytes, requestFrom } from '../../adapters/fetch-request.ts'
import { oauth1Host, signedRequest } from '../../testing/oauth1-host.ts'

test('RFC 5849 §4.9: a signature method that is registered later forgets no wrong signatures', async () => {
  const { server, clock } = oauth1Host()
  let nonces = 0
  const statusWith = async (clientSecret: string): Promise<number> => {
    nonces += 1
    const signing = {
      keys: { clientSecret },
      timestamp: clock.now(),
      nonce: `nonce-${nonces}`,
      parameters: { oauth_callback: 'oob' },
    }
    const from = { remoteAddress: '192.0.2.7' }
    const request = requestFrom(signedRequest('/initiate', 'POST', signing)(), from, defaultMaxBodyBytes)
    return (await server.createTemporaryCredentialsResponse(request)).status
  }
  for (let guess = 0; guess < 20; guess += 1) assert.equal(await statusWith('guess'), 401)
  server.registerSignatureMethod('X-OWN', () => false)
  for (let guess = 0; guess < 10; guess += 1) assert.equal(await statusWith('guess'), 401)
  assert.equal(await statusWith('secret'), 429)
  clock.advance(300)
  assert.equal(await statusWith('secret'), 200)
})
