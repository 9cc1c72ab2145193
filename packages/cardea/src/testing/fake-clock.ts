/** Time that moves when a test says so. */
export interface FakeClock {
  /** Epoch seconds. */
  now(): number
  advance(seconds: number): void
}

/** @param start epoch seconds */
export function fakeClock(start = 1_800_000_000): FakeClock {
  let time = start
  return {
    now: () => time,
    advance(seconds) {
      time += seconds
    },
  }
}
