import assert from 'node:assert/strict'
import { test } from 'node:test'
import { median, quantile, rounded } from './statistics.ts'

test('median: takes the middle of an odd count, whatever the order', () => {
  assert.equal(median([9, 1, 5]), 5)
})

test('median: takes the mean of the two middle values of an even count', () => {
  assert.equal(median([10, 1, 2, 4]), 3)
})

test('median: has no answer without values', () => {
  assert.ok(Number.isNaN(median([])))
})

test('median: leaves its input as it was', () => {
  const values = [3, 1, 2]
  median(values)
  assert.deepEqual(values, [3, 1, 2])
})

test('quantile: takes the nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
  assert.equal(quantile(hundred, 0.99), 99)
  assert.equal(quantile(hundred, 0.5), 50)
  assert.equal(quantile(hundred, 1), 100)
  assert.equal(quantile(hundred, 0), 1)
})

test('quantile: takes the largest of few values for p99', () => {
  assert.equal(quantile([4, 8], 0.99), 8)
  assert.ok(Number.isNaN(quantile([], 0.99)))
})

test('rounded: keeps the decimals asked for and turns what JSON cannot hold into null', () => {
  assert.equal(rounded(12.345, 1), 12.3)
  assert.equal(rounded(Number.NaN, 1), null)
  assert.equal(rounded(Number.POSITIVE_INFINITY, 0), null)
})
