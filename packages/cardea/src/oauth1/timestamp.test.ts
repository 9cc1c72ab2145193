import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { OAuth1Error } from './errors.ts'
import { defaultTimestampWindow, nonceLifetime, timestampFrom, timestampMustBeFresh } from './timestamp.ts'

test('RFC 5849 §3.3: a timestamp is a positive integer', () => {
  assert.equal(timestampFrom('1'), 1)
  assert.equal(timestampFrom('137131200'), 137131200)
  assert.equal(timestampFrom('999999999999999'), 999999999999999)
  const refused = ['', '0', '00', '01', '-1', '+1', '1.0', '1e3', '0x10', ' 1', '1 ', '1\n', 'now', 'NaN', 'Infinity']
  for (const text of [...refused, '١', '9'.repeat(16), '9'.repeat(400)]) {
    assert.throws(() => timestampFrom(text), { code: 'invalid_request', reason: 'malformed_timestamp' }, text)
  }
})

const now = 1_700_000_000

const reasonOf = (timestamp: number, window = defaultTimestampWindow, clock = now): string => {
  try {
    timestampMustBeFresh(timestamp, clock, window)
    return 'fresh'
  } catch (error) {
    assert.ok(error instanceof OAuth1Error)
    assert.equal(error.code, 'invalid_request')
    return error.reason
  }
}

test('RFC 5849 §3.2: the window is bounded on both sides', () => {
  for (const [offset, expected] of [
    [0, 'fresh'],
    [-300, 'fresh'],
    [-301, 'timestamp_too_old'],
    [300, 'fresh'],
    [301, 'timestamp_in_future'],
  ] as const) {
    assert.equal(reasonOf(now + offset), expected)
    assert.equal(reasonOf(now + offset, defaultTimestampWindow, now + 0.9), expected)
  }
  // Milliseconds instead of seconds.
  assert.equal(reasonOf(now * 1000), 'timestamp_in_future')
  assert.equal(reasonOf(1, { past: Number.POSITIVE_INFINITY, future: 0 }), 'fresh')
  assert.equal(reasonOf(now + 1, { past: 300, future: 0 }), 'timestamp_in_future')
})

test('RFC 5849 §3.3: a nonce from the fastest clock is kept through the last second it could be replayed in', () => {
  const window = { past: 300, future: 60 }
  const first = now - window.future
  const last = now + window.past
  assert.deepEqual([reasonOf(now, window, first), reasonOf(now, window, last + 0.9)], ['fresh', 'fresh'])
  assert.equal(reasonOf(now, window, last + 1), 'timestamp_too_old')
  assert.equal(first + nonceLifetime(window), last + 1)
})

test('RFC 5849 §3.3: property: whatever is fresh once is not fresh any more when its nonce may be forgotten', () => {
  const seconds = fc.integer({ min: 0, max: 10_000 })
  fc.assert(
    fc.property(seconds, seconds, fc.integer({ min: -20_000, max: 20_000 }), (past, future, offset) => {
      const window = { past, future }
      fc.pre(reasonOf(now + offset, window) === 'fresh')
      assert.equal(reasonOf(now + offset, window, now + nonceLifetime(window)), 'timestamp_too_old')
    }),
  )
})
