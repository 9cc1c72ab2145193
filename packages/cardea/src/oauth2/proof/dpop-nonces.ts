import { equalDigests } from '../../core/crypto/digest.ts'
import type { Keyring } from '../../core/crypto/keyring.ts'
import type { Clock } from '../../core/ports/clock.ts'

/** Nonces that tell when a proof was made (RFC 9449 §8), without anything to keep. */
export interface DpopNonces {
  /** For the next proof. */
  current(): string
  accepts(nonce: unknown): boolean
}

const purpose = 'dpop nonce'

/** Seconds by which the clocks of two instances may differ. */
const clockTolerance = 30

/**
 * Each is a MAC over a stretch of time, so that every instance with the same secrets knows it: good in its own stretch and
 * the next. A client can compute none before its time, and so can make no proofs in advance.
 * @param lifetime seconds
 */
export function dpopNonces(keyring: Keyring, clock: Clock, lifetime: number): DpopNonces {
  const made = new Map<number, readonly string[]>()
  const of = (stretch: number): readonly string[] => {
    let nonces = made.get(stretch)
    if (nonces === undefined) {
      for (const old of made.keys()) if (old < stretch - 2) made.delete(old)
      nonces = keyring.macs(purpose, `${lifetime} ${stretch}`)
      made.set(stretch, nonces)
    }
    return nonces
  }
  const stretchAt = (time: number): number => Math.floor(time / lifetime)
  return {
    current: () => of(stretchAt(clock.now()))[0] as string,
    accepts(nonce) {
      if (typeof nonce !== 'string') return false
      const now = clock.now()
      const stretches = new Set([stretchAt(now), stretchAt(now) - 1, stretchAt(now + clockTolerance)])
      return [...stretches].some((stretch) => of(stretch).some((known) => equalDigests(known, nonce)))
    },
  }
}
