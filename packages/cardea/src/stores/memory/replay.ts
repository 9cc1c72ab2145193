import type { Replay } from '../../core/ports/replay.ts'
import { replayKey } from '../replay-key.ts'
import type { Tables } from './tables.ts'

export const memoryReplay = (tables: Tables): Replay => ({
  async claim(given, until, at) {
    const key = replayKey(given)
    const before = tables.replayMarks.get(key)
    if (before !== undefined && before >= at) return 'seen'
    tables.replayMarks.set(key, until)
    return 'first'
  },
})
