import type { Replay } from '../../core/ports/replay.ts'
import { replayKey } from '../replay-key.ts'
import type { Tables } from './tables.ts'

/** Whether the mark is new. */
export function mark({ replayMarks }: Tables, given: string, until: number, at: number): boolean {
  const key = replayKey(given)
  const before = replayMarks.get(key)
  if (before !== undefined && before >= at) return false
  replayMarks.set(key, until)
  return true
}

export const memoryReplay = (tables: Tables): Replay => ({
  async claim(key, until, at) {
    return mark(tables, key, until, at) ? 'first' : 'seen'
  },
})
