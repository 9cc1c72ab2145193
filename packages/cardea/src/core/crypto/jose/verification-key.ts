import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import {
  algorithmFacts,
  isSigningAlgorithm,
  publicKeyAlgorithms,
  type SigningAlgorithm,
  secretKeyAlgorithms,
} from './algorithms.ts'
import { strictBase64url } from './compact-jws.ts'
import { JwtRefused } from './jwt-refused.ts'
import { hasSmallOrder } from './small-order.ts'
import { isJsonObject, type JsonObject } from './strict-json.ts'

declare const checked: unique symbol

/** A key that may verify signatures. Only the checks of this file make one. */
export interface VerificationKey {
  readonly [checked]: true
  /** RFC 7517 §4.5. */
  readonly kid: string | undefined
  /** What it may be used with: one algorithm where it was registered with one (RFC 8725bis §3.1). */
  readonly algorithms: readonly SigningAlgorithm[]
  /** As Node.js has it. */
  readonly key: KeyObject
  /** The public members, for thumbprints; undefined for a shared secret. */
  readonly jwk: PublicJwk | undefined
}

/** A public key as it is published (RFC 7517 §4), without members that only its owner may have. */
export interface PublicJwk {
  /** RFC 7517 §4.1: the family of the algorithm, such as `RSA` or `EC`. */
  readonly kty: string
  readonly [member: string]: unknown
}

const checkedKey = (key: Omit<VerificationKey, typeof checked>): VerificationKey => key as VerificationKey

const modulusBits = { least: 2048, most: 8192 } as const
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const
const keyMembers = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'] } as const

/** RFC 7517 §4.2 to §4.4: a key for something else verifies nothing. */
function algorithmsOf(jwk: JsonObject, fitting: readonly SigningAlgorithm[]): readonly SigningAlgorithm[] {
  if (jwk.use !== undefined && jwk.use !== 'sig') return []
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify'))) return []
  if (jwk.alg === undefined) return fitting
  return isSigningAlgorithm(jwk.alg) && fitting.includes(jwk.alg) ? [jwk.alg] : []
}

const fits = (jwk: JsonObject) => (name: SigningAlgorithm) => {
  const { kty, crv } = algorithmFacts(name)
  return kty === jwk.kty && (crv === undefined || crv === jwk.crv)
}

function mustBeStrong(key: KeyObject): void {
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {}
  if (modulusLength === undefined || publicExponent === undefined) return
  if (modulusLength < modulusBits.least) throw new JwtRefused('weak_key', `RSA of ${modulusLength} bits`)
  // With an exponent of 1 every signature is its own message.
  if (publicExponent < 3n || publicExponent % 2n === 0n) throw new JwtRefused('weak_key', 'exponent')
}

function keyObjectFrom(jwk: PublicJwk): KeyObject {
  const members = keyMembers[jwk.kty as keyof typeof keyMembers]
  const sound = members.every((name) => {
    const value = jwk[name]
    if (typeof value !== 'string' || value.length > modulusBits.most / 4) return false
    return name === 'crv' || strictBase64url(value) !== undefined
  })
  // An exponent of thousands of bits makes one verification take seconds.
  const isSlow = typeof jwk.e === 'string' && jwk.e.length > 8
  const isEverybodys = jwk.kty === 'OKP' && typeof jwk.x === 'string' && hasSmallOrder(jwk.x)
  // No product of primes, and OpenSSL fails on it only when it is used.
  const isEven = jwk.kty === 'RSA' && ((strictBase64url(String(jwk.n))?.at(-1) ?? 0) & 1) === 0
  if (!sound || isSlow || isEven || isEverybodys) throw new JwtRefused('weak_key', 'malformed key')
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    // A point that is not on its curve, too.
    throw new JwtRefused('weak_key', 'malformed key')
  }
}

/**
 * A public key as somebody else published or sent it.
 * @throws JwtRefused `key_not_public` for a secret or private key, `weak_key` for RSA below 2048 bits and malformed
 * keys, `unknown_key` for keys of other kinds or for other uses
 */
export function publicKeyFrom(jwk: unknown): VerificationKey {
  if (!isJsonObject(jwk)) throw new JwtRefused('unknown_key', 'not a key')
  // Published by mistake, or sent to be used as the secret of an HMAC: neither may be trusted from now on.
  if (jwk.kty === 'oct' || privateMembers.some((name) => Object.hasOwn(jwk, name)))
    throw new JwtRefused('key_not_public')
  const algorithms = algorithmsOf(jwk, publicKeyAlgorithms.filter(fits(jwk)))
  if (algorithms.length === 0) throw new JwtRefused('unknown_key', 'of another kind or use')
  const kty = jwk.kty as keyof typeof keyMembers
  const names: readonly string[] = keyMembers[kty]
  const publicJwk: PublicJwk = { kty, ...Object.fromEntries(names.map((name) => [name, jwk[name]])) }
  const key = keyObjectFrom(publicJwk)
  // Asked of RSA only: for the others OpenSSL takes as long as for half a signature, and their curve says it.
  if (kty === 'RSA') mustBeStrong(key)
  const kid = typeof jwk.kid === 'string' ? jwk.kid : undefined
  return checkedKey({ kid, algorithms, key, jwk: publicJwk })
}

/**
 * A secret that both sides share, for HMAC only.
 * @throws JwtRefused `weak_key` where it is too short for every allowed algorithm (RFC 7518 §3.2)
 */
export function secretKeyFrom(secret: string | Uint8Array, kid?: string): VerificationKey {
  const bytes = typeof secret === 'string' ? Buffer.from(secret) : secret
  const algorithms = secretKeyAlgorithms.filter((name) => bytes.length >= (algorithmFacts(name).leastKeyBytes ?? 0))
  if (algorithms.length === 0) throw new JwtRefused('weak_key', `secret of ${bytes.length} bytes`)
  return checkedKey({ kid, algorithms, key: createSecretKey(bytes), jwk: undefined })
}
