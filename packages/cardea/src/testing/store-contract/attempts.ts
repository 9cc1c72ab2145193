import assert from 'node:assert/strict'
import { clockTolerance } from '../../core/ports/attempts.ts'
import { start } from './nouns.ts'
import type { Rules } from './rules.ts'

export function attemptRules(rule: Rules): void {
  rule('attempts: one that was no guess is taken back, never below zero, and in parallel', async (store) => {
    await Promise.all(Array.from({ length: 10 }, () => store.attempts.add('key', 60, start)))
    await Promise.all(Array.from({ length: 4 }, () => store.attempts.takeBack('key')))
    assert.equal((await store.attempts.add('key', 60, start)).count, 7)
    await Promise.all(Array.from({ length: 20 }, () => store.attempts.takeBack('key')))
    assert.equal((await store.attempts.add('key', 60, start)).count, 1)
    await store.attempts.takeBack('nobody')
    assert.equal((await store.attempts.add('nobody', 60, start)).count, 1)
  })

  rule('attempts: a window begun while the clock was wrong locks nobody out for years', async (store) => {
    await store.attempts.add('key', 60, start + 315_360_000)
    assert.deepEqual({ ...(await store.attempts.add('key', 60, start)) }, { count: 1, endsAt: start + 60 })
    assert.equal(
      (await store.attempts.add('key', 60, start - clockTolerance)).count,
      2,
      'another instance, a bit behind',
    )
  })

  rule('attempts: they are counted per key within a window, and a new window begins at one', async (store) => {
    assert.deepEqual({ ...(await store.attempts.add('key', 60, start)) }, { count: 1, endsAt: start + 60 })
    assert.deepEqual({ ...(await store.attempts.add('key', 60, start + 59)) }, { count: 2, endsAt: start + 60 })
    assert.deepEqual({ ...(await store.attempts.add('other', 60, start + 59)) }, { count: 1, endsAt: start + 119 })
    assert.deepEqual({ ...(await store.attempts.add('key', 60, start + 60)) }, { count: 1, endsAt: start + 120 })
    await store.attempts.clear('key')
    assert.equal((await store.attempts.add('key', 60, start + 61)).count, 1)
  })
}
