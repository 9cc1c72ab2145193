import { JwtRefused } from '../crypto/jose/jwt-refused.ts'
import { publicKeyFrom, type VerificationKey } from '../crypto/jose/verification-key.ts'
import type { PublicJwk, SigningKey } from '../model/signing-key.ts'

/** The keys of the server as one instance knows them. */
export interface LoadedKeys {
  /** Epoch seconds. */
  readonly at: number
  /** Those that sign, by algorithm. */
  readonly active: ReadonlyMap<string, SigningKey>
  /** Those that wait, by algorithm. */
  readonly next: ReadonlyMap<string, SigningKey>
  readonly verification: readonly VerificationKey[]
  readonly published: readonly PublicJwk[]
}

/** The row may hold what it likes: only what makes a public key is published (RFC 7517 §4, RFC 8725bis §3.1). */
function publicParts({ alg, kid, publicJwk }: SigningKey): { key: VerificationKey; jwk: PublicJwk } | undefined {
  try {
    const key = publicKeyFrom({ ...publicJwk, alg, kid })
    return key.jwk === undefined ? undefined : { key, jwk: { ...key.jwk, kid, alg, use: 'sig' } }
  } catch (error) {
    if (error instanceof JwtRefused) return undefined
    throw error
  }
}

/** The oldest of that state for each algorithm. */
function byAlgorithm(rows: readonly SigningKey[], state: SigningKey['state']): ReadonlyMap<string, SigningKey> {
  const found = new Map<string, SigningKey>()
  for (const row of rows) if (row.state === state && !found.has(row.alg)) found.set(row.alg, row)
  return found
}

/** @param now epoch seconds */
export function loadedFrom(rows: readonly SigningKey[], now: number): LoadedKeys {
  const living = rows.filter(({ use, expiresAt }) => use === 'sig' && (expiresAt === undefined || now <= expiresAt))
  const parts = living.map(publicParts).filter((part) => part !== undefined)
  return {
    at: now,
    active: byAlgorithm(living, 'active'),
    next: byAlgorithm(living, 'next'),
    verification: parts.map(({ key }) => key),
    published: parts.map(({ jwk }) => jwk),
  }
}
