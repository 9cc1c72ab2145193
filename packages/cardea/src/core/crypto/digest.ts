import { hash, timingSafeEqual } from 'node:crypto'
import type { TokenDigest } from '../model/digest.ts'

/** The only mint of `TokenDigest`. For values of high entropy only: a guessable secret needs a slow hash. */
export const digestOf = (secret: string): TokenDigest => hash('sha256', secret, 'base64url') as TokenDigest

/** RFC 7636 §4.2: BASE64URL-ENCODE(SHA256(ASCII(code_verifier))). */
export const s256 = (verifier: string): string => hash('sha256', verifier, 'base64url')

/** Compares in time that depends on neither value: both are hashed first, so even the length stays hidden. */
export const equalInConstantTime = (a: string, b: string): boolean =>
  timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'))

/** Compares two digests, whose length is no secret, in time that does not depend on where they differ. */
export const equalDigests = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'))
