import { digestOf } from '../../core/crypto/digest.ts'
import { keepLatest } from '../../core/keep-latest.ts'
import type { Clock } from '../../core/ports/clock.ts'

export interface IntrospectionCacheOptions {
  readonly clock: Clock
  /** Seconds for which a token that was active is believed to be. */
  readonly seconds: number
  /** Seconds for which a token that was not active is believed not to be. */
  readonly negativeSeconds: number
  /** Most tokens of each of the two kinds. */
  readonly most: number
}

/** Undefined: the token is not active. */
type Answer<Facts> = Facts | undefined

interface Kept<Facts> {
  readonly answer: Answer<Facts>
  readonly until: number
}

/**
 * Answers about tokens, by digest, for a few seconds after they were asked for and never past their expiry; one question
 * for all that wait for it, unless every request is to ask. Kept apart: made-up tokens push no real one out, and cost no
 * more than their own places.
 */
export function introspectionCache<Facts extends { readonly expiresAt?: number }>(options: IntrospectionCacheOptions) {
  const { clock, seconds, negativeSeconds, most } = options
  const active = new Map<string, Kept<Facts>>()
  const inactive = new Map<string, Kept<Facts>>()
  const underway = new Map<string, Promise<Answer<Facts>>>()

  /** By the time of the question: a slow answer tells of the token as it was at any moment since. */
  const remember = (key: string, answer: Answer<Facts>, askedAt: number): Answer<Facts> => {
    if (answer === undefined) {
      if (negativeSeconds > 0) keepLatest(inactive, key, { answer, until: askedAt + negativeSeconds }, most)
    } else if (seconds > 0) {
      keepLatest(active, key, { answer, until: Math.min(askedAt + seconds, answer.expiresAt ?? Infinity) }, most)
    }
    return answer
  }
  const asked = async (key: string, ask: () => Promise<Answer<Facts>>): Promise<Answer<Facts>> => {
    const askedAt = clock.now()
    return remember(key, await ask(), askedAt)
  }
  return async (token: string, ask: () => Promise<Answer<Facts>>): Promise<Answer<Facts>> => {
    const key = digestOf(token)
    const kept = active.get(key) ?? inactive.get(key)
    if (kept !== undefined && clock.now() < kept.until) return kept.answer
    active.delete(key)
    inactive.delete(key)
    if (seconds === 0) return asked(key, ask)
    const asking = underway.get(key) ?? asked(key, ask).finally(() => underway.delete(key))
    underway.set(key, asking)
    return asking
  }
}
