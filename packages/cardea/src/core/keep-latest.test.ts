import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepLatest } from './keep-latest.ts'

test('T-DOS: of more than may be kept, what was used longest ago goes, and what is used again stays', () => {
  const kept = new Map<string, number>()
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
    ['c', 4],
  ] as const)
    keepLatest(kept, key, value, 2)
  assert.deepEqual(
    [...kept],
    [
      ['a', 3],
      ['c', 4],
    ],
  )
})
