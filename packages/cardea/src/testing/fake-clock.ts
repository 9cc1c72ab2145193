import type { Clock } from '../core/ports/clock.ts'

/** A clock that stands until it is moved. */
export interface FakeClock extends Clock {
  /**
   * Lets that many seconds pass.
   * @param seconds may be negative: clocks do go back
   */
  advance(seconds: number): void
}

/** A clock that stands still until it is told to move. Starts at 2026-01-01T00:00:00Z unless told otherwise (epoch seconds). */
export function fakeClock(start = 1767225600): FakeClock {
  let now = start
  return {
    now: () => now,
    advance(seconds) {
      now += seconds
    },
  }
}
