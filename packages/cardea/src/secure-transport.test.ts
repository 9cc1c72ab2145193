import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLoopback } from './adapters/forwarded.ts'
import { redirectUriProblem } from './core/rules/redirect-uri.ts'
import { checkedIssuer } from './settings.ts'

/** Issuers that are secure, or on loopback, in every spelling; a URL parser reads all of them as the one behind. */
const secure: readonly (readonly [given: string, told: string])[] = [
  ['https://auth.example', 'https://auth.example'],
  ['HTTPS://auth.example', 'https://auth.example'],
  ['hTtPs://AUTH.example:8443', 'https://auth.example:8443'],
  ['https://127.0.0.1.evil.example', 'https://127.0.0.1.evil.example'],
  [' https://auth.example ', 'https://auth.example'],
  ['http://localhost', 'http://localhost'],
  ['HTTP://LOCALHOST:8000', 'http://localhost:8000'],
  ['http://127.0.0.1', 'http://127.0.0.1'],
  ['http://127.255.255.254:1', 'http://127.255.255.254:1'],
  ['http://127.1', 'http://127.0.0.1'],
  ['http://[::1]:8000', 'http://[::1]:8000'],
  ['http://[0:0:0:0:0:0:0:1]', 'http://[::1]'],
]

/** Neither secure nor loopback, though much of it looks so. */
const insecure = [
  'http://auth.example',
  'http://0.0.0.0',
  'http://0',
  'http://[::]',
  'http://[::2]',
  'http://128.0.0.1',
  'http://127.evil.example',
  'http://127.0.0.1.evil.example',
  'http://localhost.evil.example',
  'http://evil-localhost',
  'http://localhost:80@evil.example',
  'http://localhost@evil.example',
  'http://127.0.0.1:80@evil.example/',
  'http://[::1]@evil.example',
  'http://evil.example#@localhost',
  'http://evil.example/@localhost',
  'http://evil.example?@localhost',
  'http://evil.example\\@localhost',
  'http://[::1',
  'http://[::1]evil.example',
  'http://',
  'https://',
  'https://user@auth.example',
  'https://user:password@auth.example',
  'ftp://localhost',
  'ws://localhost',
  'urn:localhost',
  'javascript:alert(1)//localhost',
  'localhost',
  '//localhost',
  '',
]

test('SEC-17: an issuer is on https, or on a loopback address, in any spelling of either', () => {
  for (const [given, told] of secure) assert.equal(checkedIssuer(given), told)
})

test('SEC-17, SEC-15: what only looks like https or loopback is no issuer', () => {
  for (const given of insecure) {
    assert.throws(() => checkedIssuer(given), { name: 'TypeError', message: /^issuer: / }, JSON.stringify(given))
  }
})

test('SEC-17, SEC-15: what only looks like loopback is no redirect URI of any client', () => {
  for (const given of insecure) {
    for (const type of ['web', 'native'] as const) {
      assert.equal(typeof redirectUriProblem(given, type), 'string', JSON.stringify(given))
    }
  }
})

test('SEC-17: a peer is on this machine by its address, IPv4 within IPv6 included, and by nothing else', () => {
  for (const address of ['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1']) {
    assert.equal(isLoopback(address), true, address)
  }
  for (const address of [
    '0.0.0.0',
    '::',
    '::ffff:128.0.0.1',
    'localhost',
    '127.0.0.1.evil',
    '10.0.0.1',
    '',
    undefined,
  ]) {
    assert.equal(isLoopback(address), false, String(address))
  }
})
