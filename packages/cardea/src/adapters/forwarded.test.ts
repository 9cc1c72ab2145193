import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLoopback, peerOf } from './forwarded.ts'

const trust = (address: string): boolean => address.startsWith('10.')

const cases: readonly (readonly [peer: string, forwardedFor: string | undefined, address: string])[] = [
  ['203.0.113.7', '198.51.100.1', '203.0.113.7'],
  ['10.0.0.1', undefined, '10.0.0.1'],
  ['10.0.0.1', '198.51.100.1', '198.51.100.1'],
  ['10.0.0.1', '1.2.3.4, 198.51.100.1', '198.51.100.1'],
  ['10.0.0.1', '1.2.3.4, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
  ['10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ['10.0.0.1', ' , ,', '10.0.0.1'],
  ['10.0.0.1', '198.51.100.1:50123', '198.51.100.1'],
  ['10.0.0.1', '[2001:db8::1]:50123', '2001:db8::1'],
  ['10.0.0.1', '[2001:db8::1]', '2001:db8::1'],
  ['10.0.0.1', '2001:db8::1', '2001:db8::1'],
]
for (const [peer, forwardedFor, address] of cases) {
  test(`X-Forwarded-For: ${forwardedFor} from ${peer} stands for ${address}`, () => {
    assert.equal(peerOf(peer, forwardedFor, undefined, trust).address, address)
  })
}

test('X-Forwarded-For: nobody is trusted unless configured', () => {
  assert.deepEqual(peerOf('127.0.0.1', '1.2.3.4', 'https'), {
    address: '127.0.0.1',
    proto: undefined,
    trusted: false,
  })
})

test('X-Forwarded-Proto: the last value, which the trusted proxy itself wrote, counts', () => {
  assert.equal(peerOf('10.0.0.1', undefined, 'https, HTTP', trust).proto, 'http')
  assert.equal(peerOf('203.0.113.7', undefined, 'https', trust).proto, undefined)
})

test('isLoopback: the addresses of this machine only', () => {
  for (const address of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1']) assert.equal(isLoopback(address), true)
  for (const address of [undefined, '128.0.0.1', '127.evil', '::2', '1127.0.0.1']) {
    assert.equal(isLoopback(address), false)
  }
})
