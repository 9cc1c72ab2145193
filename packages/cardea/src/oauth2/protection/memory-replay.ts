import type { Replay } from '../../core/ports/replay.ts'
import { ProtocolError } from '../../core/spec/errors.ts'

/**
 * Marks in the memory of this process: enough for one instance. Where there is no room for more, nobody gets in (503):
 * what was forgotten could be used again.
 * @param most marks at one time
 */
export function memoryReplay(most = 1_000_000): Pick<Replay, 'claim'> {
  const marks = new Map<string, number>()
  // Oldest first, and they end about in that order.
  const forget = (at: number): void => {
    for (const [key, until] of marks) {
      if (until >= at) return
      marks.delete(key)
    }
  }
  return {
    async claim(key, until, at) {
      forget(at)
      const known = marks.get(key)
      if (known !== undefined && known >= at) return 'seen'
      marks.delete(key)
      if (marks.size >= most)
        throw new ProtocolError('temporarily_unavailable', 'replay_memory_full', {
          description: 'Too many proofs of possession at the moment',
          retryAfter: 5,
        })
      marks.set(key, until)
      return 'first'
    },
  }
}
