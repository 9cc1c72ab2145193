import assert from 'node:assert/strict'
import { test } from 'node:test'
import { initiate, outcomeOf, sendSigned, startOAuth1Server, tokenFor } from '../testing/oauth1-flow.ts'
import { plaintext } from './signature-methods.ts'

test('A1-OAUTH1-14: a timestamp that is no positive integer is refused, by name', async () => {
  const server = await startOAuth1Server()
  for (const oauth_timestamp of ['sss', '-1', '0', '1.5', '1e9', ' 1', '0x10', '01767225600', '9'.repeat(400)]) {
    const answer = await initiate(server, { parameters: { oauth_timestamp } })
    assert.equal(await outcomeOf(answer), '400 invalid_request', oauth_timestamp)
    assert.match(await answer.text(), /oauth_timestamp/)
  }
})

test('A1-OAUTH1-15: the window is bounded on both sides, its ends included', async () => {
  const server = await startOAuth1Server({ oauth1: { timestampWindow: { past: 60, future: 5 } } })
  const now = server.clock.now()
  const offsets: [number, string][] = [
    [-60, '200'],
    [5, '200'],
    [-61, '400 invalid_request'],
    [6, '400 invalid_request'],
    [86400 * 365, '400 invalid_request'],
  ]
  for (const [offset, outcome] of offsets) {
    assert.equal(await outcomeOf(await initiate(server, { timestamp: now + offset })), outcome, String(offset))
  }
})

test('T-OA1-1: a window that is given half keeps the other half', async () => {
  const server = await startOAuth1Server({ oauth1: { timestampWindow: { past: 60 } } })
  const ahead = await initiate(server, { timestamp: server.clock.now() + 301 })
  assert.equal(await outcomeOf(ahead), '400 invalid_request')
})

test('A1-OAUTH1-14: timestamps of any age, where the operator wants them, and each of their nonces once for good', async () => {
  const server = await startOAuth1Server({ oauth1: { timestampWindow: { past: Number.POSITIVE_INFINITY } } })
  const request = { timestamp: 1, nonce: 'n' }
  assert.equal(await outcomeOf(await initiate(server, request)), '200')
  server.clock.advance(86400 * 3650)
  await server.provider.sweep()
  assert.equal(await outcomeOf(await initiate(server, request)), '401 invalid_nonce')
})

test('RFC 5849 §3.3: a nonce is used up per client, token and timestamp', async () => {
  const server = await startOAuth1Server()
  const credentials = await tokenFor(server)
  const timestamp = server.clock.now()
  const at = { timestamp, nonce: 'same' }
  const scanner = { consumerKey: 'scanner', keys: { clientSecret: 'scanner-secret' } }
  assert.equal(await outcomeOf(await initiate(server, at)), '200')
  assert.equal(await outcomeOf(await initiate(server, at)), '401 invalid_nonce')
  assert.equal(await outcomeOf(await initiate(server, { ...at, timestamp: timestamp - 1 })), '200')
  assert.equal(await outcomeOf(await initiate(server, { ...at, ...scanner })), '200')
  const withToken = { ...at, credentials, parameters: { oauth_verifier: 'v' } }
  // Not an approved temporary credential, so the nonce is not reached; with another token it would be another one.
  assert.equal(await outcomeOf(await sendSigned(server, '/oauth1/token', withToken)), '401 invalid_token')
})

test('T-OA1-1: a nonce is remembered for as long as its timestamp is accepted, over housekeeping', async () => {
  const server = await startOAuth1Server()
  const timestamp = server.clock.now() + 300
  const request = { timestamp, nonce: 'n' }
  assert.equal(await outcomeOf(await initiate(server, request)), '200')
  for (const step of [300, 299, 1]) {
    server.clock.advance(step)
    await server.provider.sweep()
    assert.equal(await outcomeOf(await initiate(server, request)), '401 invalid_nonce')
  }
  server.clock.advance(1)
  assert.equal(await outcomeOf(await initiate(server, request)), '400 invalid_request')
})

test('A1-OAUTH1-17: a request with a wrong signature uses up no nonce', async () => {
  const server = await startOAuth1Server()
  const request = { timestamp: server.clock.now(), nonce: 'victim' }
  for (let n = 0; n < 3; n += 1) {
    const forged = await initiate(server, { ...request, keys: { clientSecret: 'guess' } })
    assert.equal(await outcomeOf(forged), '401 invalid_signature')
  }
  assert.equal(await outcomeOf(await initiate(server, request)), '200')
})

test('A1-OAUTH1-16: without a nonce, or with an empty one, nothing is signed', async () => {
  const server = await startOAuth1Server()
  for (const oauth_nonce of [undefined, '']) {
    const answer = await initiate(server, { parameters: { oauth_nonce } })
    assert.equal(await outcomeOf(answer), '400 missing_required_parameter')
  }
})

test('A1-OAUTH1-18: PLAINTEXT goes without timestamp and nonce; one of them brings both', async () => {
  const server = await startOAuth1Server({ oauth1: { signatureMethods: ['PLAINTEXT'] } })
  const plain = { signatureMethod: plaintext }
  const none = { oauth_timestamp: undefined, oauth_nonce: undefined }
  const stale = { oauth_timestamp: '1', oauth_nonce: 'n' }
  assert.equal(await outcomeOf(await initiate(server, { ...plain, parameters: none })), '200')
  assert.equal(await outcomeOf(await initiate(server, { ...plain, parameters: none })), '200')
  const halves = [
    { ...none, oauth_nonce: 'n' },
    { ...none, oauth_timestamp: String(server.clock.now()) },
  ]
  for (const parameters of halves) {
    const answer = await initiate(server, { ...plain, parameters })
    assert.equal(await outcomeOf(answer), '400 missing_required_parameter')
  }
  assert.equal(await outcomeOf(await initiate(server, { ...plain, parameters: stale })), '400 invalid_request')
  const request = { ...plain, timestamp: server.clock.now(), nonce: 'p' }
  assert.equal(await outcomeOf(await initiate(server, request)), '200')
  assert.equal(await outcomeOf(await initiate(server, request)), '401 invalid_nonce')
})
