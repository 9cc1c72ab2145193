import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/argon2'
import { ProtocolError, type SecretHasher } from 'cardea'
import { boundedQueue } from './bounded-queue.ts'
import { foreignVerifier } from './hash-formats.ts'

/** OWASP Password Storage: Argon2id (which is the package's default) with 19 MiB, two passes, one lane. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Longer input is refused before hashing: hashing is the most expensive thing a stranger can ask for. */
export const longestSecret = 1024

const waiting = 256

export interface Argon2Options {
  /** Hashes at once; each takes 19 MiB and one of libuv's four threads. */
  readonly parallel?: number
}

/**
 * Argon2id on libuv's threads, with a bound on how many run and wait: a flood of sign-ins costs a fixed amount of memory.
 * Hashes that were moved here (scrypt of the library, bcrypt) are verified as well, within the same bound.
 */
export function argon2Hasher(options: Argon2Options = {}): SecretHasher {
  const parallel = options.parallel ?? Math.min(3, availableParallelism())
  const queue = boundedQueue(
    parallel,
    waiting,
    () =>
      new ProtocolError('temporarily_unavailable', 'too_many_sign_ins', {
        description: 'Too many sign-ins at once: try again in a moment',
        retryAfter: 2,
      }),
  )
  return {
    async hash(secret) {
      if (secret.length > longestSecret) throw new RangeError(`A secret has at most ${longestSecret} characters`)
      return queue.run(() => hash(secret, parameters))
    },
    async verify(stored, secret) {
      if (secret.length > longestSecret) return false
      const foreign = foreignVerifier(stored)
      return queue.run(() => (foreign?.(stored, secret) ?? verify(stored, secret)).catch(() => false))
    },
  }
}
