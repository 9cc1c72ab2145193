import { type Attempts, clockTolerance } from '../../core/ports/attempts.ts'
import type { Tables } from './tables.ts'

export const memoryAttempts = (tables: Tables): Attempts => ({
  async add(key, window, at) {
    const before = tables.attempts.get(key)
    const next =
      before === undefined || before.endsAt <= at || before.endsAt > at + window + clockTolerance
        ? { count: 1, endsAt: at + window }
        : { count: before.count + 1, endsAt: before.endsAt }
    tables.attempts.set(key, next)
    return next
  },
  async takeBack(key) {
    const before = tables.attempts.get(key)
    if (before !== undefined) tables.attempts.set(key, { ...before, count: Math.max(0, before.count - 1) })
  },
  async clear(key) {
    tables.attempts.delete(key)
  },
})
