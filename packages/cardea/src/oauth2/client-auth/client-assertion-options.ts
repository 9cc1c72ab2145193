import type { SigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'

/** Which client assertions are accepted (RFC 7523 §2.2). */
export interface ClientAssertionOptions {
  /** Seconds an assertion may live at most, from its `iat` and from now. Default 3600. */
  readonly maxLifetime?: number
  /** Algorithms that are accepted where the client is not registered for one. Default: every one that fits its key. */
  readonly algorithms?: readonly SigningAlgorithm[]
}

export const defaultAssertionLifetime = 3600

/** Seconds that the clock of a client may differ. */
export const assertionLeeway = 60
