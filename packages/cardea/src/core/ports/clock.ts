/** The one source of time, in whole epoch seconds. */
export interface Clock {
  /** Epoch seconds, whole. */
  now(): number
}

/** The clock of this machine. */
export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1000) }
