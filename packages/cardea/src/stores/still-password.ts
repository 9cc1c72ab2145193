import { digestOf, equalDigests } from '../core/crypto/digest.ts'
import type { TokenDigest } from '../core/model/digest.ts'

/** Whether a stored password hash is the one that was verified; where none was, anything is. */
export const isStillPassword = (hash: string | null | undefined, verified: TokenDigest | undefined): boolean =>
  verified === undefined || (typeof hash === 'string' && equalDigests(digestOf(hash), verified))
