import assert from 'node:assert/strict'
import { test } from 'node:test'
import { initiate, outcomeOf, startOAuth1Server } from '../testing/oauth1-flow.ts'
import type { TestServerOptions } from '../testing/test-server.ts'
import { hmacSha1, plaintext, type SignatureMethod } from './signature-methods.ts'

const methods = ['HMAC-SHA1', 'PLAINTEXT']

interface Scene {
  readonly issuer?: string
  readonly allowInsecureTransport?: boolean
  readonly signedAs?: string
}

/** What a temporary credential is answered with when it is asked for in this way. */
async function asks(
  secure: boolean | undefined,
  signatureMethod: SignatureMethod,
  { issuer = 'https://auth.example', allowInsecureTransport = false, signedAs }: Scene = {},
): Promise<string> {
  const options: TestServerOptions = { issuer, oauth1: { signatureMethods: methods, allowInsecureTransport } }
  const server = await startOAuth1Server(options)
  const { handle } = server.provider
  server.provider.handle = (request) => handle(Object.defineProperty(request, 'secure', { value: secure }))
  return outcomeOf(await initiate({ ...server, origin: signedAs ?? issuer }, { signatureMethod }))
}

test('A1-OAUTH1-48: a request that surely came without TLS is refused', async () => {
  assert.equal(await asks(false, hmacSha1), '400 insecure_transport')
  assert.equal(await asks(true, hmacSha1), '200')
  assert.equal(await asks(undefined, hmacSha1), '200')
})

test('A1-OAUTH1-23: PLAINTEXT only where the request surely came over TLS, or is on loopback', async () => {
  assert.equal(await asks(true, plaintext), '200')
  assert.equal(await asks(undefined, plaintext), '400 insecure_transport')
  assert.equal(await asks(false, plaintext), '400 insecure_transport')
  const loopback = { issuer: 'http://127.0.0.1:9000' }
  assert.equal(await asks(undefined, plaintext, loopback), '200')
  assert.equal(await asks(undefined, hmacSha1, loopback), '200')
  assert.equal(await asks(false, plaintext, loopback), '400 insecure_transport')
})

test('A1-OAUTH1-48: the one switch for development lets all of them in, signed for http, and says so aloud', async (t) => {
  const warn = t.mock.method(console, 'warn', () => {})
  const open = { allowInsecureTransport: true, signedAs: 'http://auth.example' }
  assert.equal(await asks(false, hmacSha1, open), '200')
  assert.equal(await asks(false, plaintext, open), '200')
  assert.match(String(warn.mock.calls[0]?.arguments[0]), /allowInsecureTransport is on/)
})
