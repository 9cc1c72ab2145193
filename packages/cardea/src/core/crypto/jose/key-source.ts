import type { KeyObject } from 'node:crypto'
import type { SigningAlgorithm } from './algorithms.ts'
import { JwtRefused } from './jwt-refused.ts'
import { isJsonObject } from './strict-json.ts'
import { publicKeyFrom, secretKeyFrom, type VerificationKey } from './verification-key.ts'

/** What the header of a token says of its key: never more than where to look. */
export interface KeyHint {
  /** What it says it is signed with. */
  readonly alg: SigningAlgorithm
  /** Which key it names; compared whole. */
  readonly kid: string | undefined
}

/** A key that is at hand, such as that of a certificate: whether it is among the others. */
export interface SameKey {
  /** The key itself; compared by what it is made of. */
  readonly is: KeyObject
}

/** Where the keys come from that may have signed. */
export interface KeySource {
  /** The keys that fit, best first; empty: there is none. May reject where keys must be fetched first. */
  candidates(hint: KeyHint | SameKey): readonly VerificationKey[] | Promise<readonly VerificationKey[]>
}

/** Without a `kid`, each fitting key is tried; more would be work for whoever sends garbage. */
const mostTried = 4

/** The keys that fit: by `kid` where the token names one, compared whole; by algorithm where it names none. */
export function fittingKeys(keys: readonly VerificationKey[], hint: KeyHint | SameKey): readonly VerificationKey[] {
  if ('is' in hint) return keys.filter(({ key }) => key.equals(hint.is))
  const { alg, kid } = hint
  return keys
    .filter((key) => key.algorithms.includes(alg) && (kid === undefined || key.kid === kid))
    .slice(0, mostTried)
}

export const keysFrom = (keys: readonly VerificationKey[]): KeySource => ({
  candidates: (hint) => fittingKeys(keys, hint),
})

const mostKeys = 100

/** RFC 7517 §5: keys that we cannot use are left out, the others stay. Throws JwtRefused for what is no key set. */
export function publicKeysFrom(jwks: unknown): readonly VerificationKey[] {
  const keys = isJsonObject(jwks) ? jwks.keys : undefined
  if (!Array.isArray(keys) || keys.length > mostKeys) throw new JwtRefused('unknown_key', 'not a key set')
  return keys.flatMap((jwk) => {
    try {
      return [publicKeyFrom(jwk)]
    } catch (error) {
      if (error instanceof JwtRefused) return []
      throw error
    }
  })
}

/** The keys of a JWK Set that is at hand (RFC 7517 §5). @throws JwtRefused for what is no key set */
export const jwkSet = (jwks: unknown): KeySource => keysFrom(publicKeysFrom(jwks))

/** Secrets shared with the other side, such as a client secret. @throws JwtRefused `weak_key` */
export const sharedSecrets = (...secrets: readonly (string | Uint8Array)[]): KeySource =>
  keysFrom(secrets.map((secret) => secretKeyFrom(secret)))
