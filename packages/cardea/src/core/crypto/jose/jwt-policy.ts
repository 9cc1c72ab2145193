import { isHmac, isSigningAlgorithm, type SigningAlgorithm } from './algorithms.ts'
import type { HeaderKeys } from './header-keys.ts'
import type { KeySource } from './key-source.ts'

/**
 * Which `aud` is ours:
 * - `text`: a string, equal to one of these (RFC 7523bis, FAPI 2.0: the issuer and nothing else)
 * - `sole`: the only audience, as a string or as a list of one
 * - `among`: one of the audiences (RFC 7519 §4.1.3)
 */
export type AudienceRule =
  | { readonly text: readonly string[] }
  | { readonly sole: readonly string[] }
  | { readonly among: readonly string[] }

/** RFC 7519 §4.1, and whatever else the token says. */
export interface JwtClaims {
  /** Who made it. */
  readonly iss?: string
  /** Whom it is about. */
  readonly sub?: string
  /** Whom it is for. */
  readonly aud?: string | readonly string[]
  /** Epoch seconds. */
  readonly exp?: number
  /** Epoch seconds. */
  readonly nbf?: number
  /** Epoch seconds. */
  readonly iat?: number
  /** Names this token among all of its issuer. */
  readonly jti?: string
  readonly [name: string]: unknown
}

export type ClaimName = 'iss' | 'sub' | 'aud' | 'exp' | 'nbf' | 'iat' | 'jti' | (string & {})

/** What a JWT must be to be accepted at one place. Nothing is left to the token. */
export interface JwtPolicy {
  /** Whose signature counts. `in-header`: the `jwk` of the header, for a proof that its holder has that key (RFC 9449). */
  readonly keys: KeySource | 'in-header'
  /** How the key in a header is read. Default: each time anew. */
  readonly headerKeys?: HeaderKeys
  /** Exactly these; HMAC never beside public keys. */
  readonly algorithms: readonly SigningAlgorithm[]
  /** Accepted `typ`, without `application/`, in any case. `undefined` in the list: a token without any (RFC 8725bis §3.11). */
  readonly typ: readonly (string | undefined)[]
  /** Exactly one of these. Null: this kind of token has no issuer to check. */
  readonly issuer: string | readonly string[] | null
  /** Null: this kind of token has no audience to check. */
  readonly audience: AudienceRule | null
  /** Exactly this, where it is known beforehand. */
  readonly subject?: string
  /** Claims that must be there. Those above are required by being checked. */
  readonly required: readonly ClaimName[]
  readonly clock: { now(): number }
  /** Seconds that clocks may differ. Default 10. */
  readonly leeway?: number
  /** Most seconds since `iat`, which is required then. Default: no limit. */
  readonly maxAge?: number
  /** Most seconds until `exp`. Default: no limit. */
  readonly maxLifetime?: number
  /** Only for a token that is no more than a hint of who somebody was (OpenID Connect `id_token_hint`). */
  readonly mayBeExpired?: true
  /** Most characters of the whole token; checked before anything is decoded. Default 8192. */
  readonly maxBytes?: number
}

export const defaultLeeway = 10
export const defaultMaxBytes = 8192

/** Throws TypeError for a policy that would accept what nobody means to accept. */
export function checkPolicy({ keys, algorithms, required, maxAge, mayBeExpired }: JwtPolicy): void {
  if (algorithms.length === 0 || !algorithms.every(isSigningAlgorithm)) {
    throw new TypeError(`algorithms: needs names of signature algorithms, got ${JSON.stringify(algorithms)}`)
  }
  // A public key that is taken for the secret of an HMAC lets everybody sign (CVE-2024-37568).
  const secret = algorithms.filter(isHmac).length
  if (secret !== 0 && secret !== algorithms.length) throw new TypeError('algorithms: HMAC and public keys do not mix')
  if (keys === 'in-header' && secret !== 0) throw new TypeError('keys: a key in the header is a public one')
  if (!required.includes('exp') && maxAge === undefined && !mayBeExpired) {
    throw new TypeError('required: needs exp, or maxAge: a token must end some day')
  }
}
