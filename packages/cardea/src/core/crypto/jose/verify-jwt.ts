import { isSigningAlgorithm, type SigningAlgorithm } from './algorithms.ts'
import { checkClaims, claimsFrom } from './check-claims.ts'
import { type CompactJws, jsonObjectFrom, readCompactJws } from './compact-jws.ts'
import { checkPolicy, defaultMaxBytes, type JwtClaims, type JwtPolicy } from './jwt-policy.ts'
import { JwtRefused } from './jwt-refused.ts'
import { fittingKeys, type KeyHint } from './key-source.ts'
import { isSignatureOf } from './signature.ts'
import type { JsonObject } from './strict-json.ts'
import { publicKeyFrom, type VerificationKey } from './verification-key.ts'

declare const unverified: unique symbol

/** A JWT that was read and not verified: good for finding out whose policy applies, and for nothing else. */
export interface UnverifiedJwt {
  readonly [unverified]: true
  /** As it was sent (RFC 7515 §4). */
  readonly header: JsonObject
  /** As it was sent (RFC 7519 §4): nobody has said that they are true. */
  readonly claims: JwtClaims
}

/** A JWT that holds, by one policy. */
export interface VerifiedJwt {
  readonly header: JsonObject
  readonly alg: SigningAlgorithm
  readonly claims: JwtClaims
  /** The key that signed. */
  readonly key: VerificationKey
}

interface ReadJwt extends UnverifiedJwt {
  readonly jws: CompactJws
}

/**
 * Takes a JWT apart, to find the client or issuer that it claims to be from. Hand the result to `verifyJwt`.
 * @throws JwtRefused for what is no signed JWT, or is larger than `maxBytes` (default 8192)
 */
export function readJwt(text: string, maxBytes = defaultMaxBytes): UnverifiedJwt {
  const jws = readCompactJws(text, maxBytes)
  const payload = jsonObjectFrom(jws.payload, 'payload_not_an_object')
  const read: Omit<ReadJwt, typeof unverified> = { header: jws.header, claims: claimsFrom(payload), jws }
  return read as ReadJwt
}

/** The same, undefined for what is none, where something else may stand in its place. */
export function jwtIn(text: string): UnverifiedJwt | undefined {
  try {
    return readJwt(text)
  } catch (error) {
    if (error instanceof JwtRefused) return undefined
    throw error
  }
}

/** Names of a key, or of where to fetch one, that its sender may choose: never followed (RFC 8725bis §3.10). */
const senderKeys = ['jwk', 'jku', 'x5u', 'x5c'] as const
/** `crit`: we understand no extension (RFC 7515 §4.1.11). `b64`: another signing input. `zip`, `enc`: not of a JWS. */
const neverAccepted = ['crit', 'b64', 'zip', 'enc'] as const
const longestKid = 512

function hintFrom(header: JsonObject, { algorithms, keys }: JwtPolicy): KeyHint {
  const { alg, kid } = header
  if (!isSigningAlgorithm(alg) || !algorithms.includes(alg)) throw new JwtRefused('algorithm_not_allowed')
  const forbidden = senderKeys.filter((name) => name !== 'jwk' || keys !== 'in-header')
  for (const name of [...neverAccepted, ...forbidden]) {
    if (Object.hasOwn(header, name)) throw new JwtRefused('header_not_allowed', name)
  }
  // Looked up and never more: no path, no query, no template.
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > longestKid)) {
    throw new JwtRefused('header_not_allowed', 'kid')
  }
  return { alg, kid }
}

/** RFC 7515 §4.1.9: without a slash, `application/` is meant. */
const mediaType = (typ: string): string => typ.toLowerCase().replace(/^application\/(?=[^/]*$)/, '')

function checkType({ typ }: JsonObject, accepted: JwtPolicy['typ']): void {
  if (typ !== undefined && typeof typ !== 'string') throw new JwtRefused('wrong_type')
  const isAccepted = accepted.some((one) =>
    one === undefined || typ === undefined ? one === typ : mediaType(one) === mediaType(typ),
  )
  if (!isAccepted) throw new JwtRefused('wrong_type')
}

async function candidates(
  header: JsonObject,
  hint: KeyHint,
  { headerKeys = publicKeyFrom, keys }: JwtPolicy,
): Promise<readonly VerificationKey[]> {
  if (keys !== 'in-header') return keys.candidates(hint)
  // The header's `kid` says nothing here: the key is the one that stands beside it.
  return fittingKeys([headerKeys(header.jwk)], { alg: hint.alg, kid: undefined })
}

/**
 * The one check of every signed JWT: client assertions, JWT bearer grants, request objects, DPoP proofs, access tokens
 * and ID tokens (RFC 7515, RFC 7519, RFC 8725bis). Single use of `jti` is the caller's, by the replay port.
 * @throws JwtRefused for a token that does not hold; what the key source throws goes through
 * @throws TypeError for a policy that cannot be meant
 */
export async function verifyJwt(presented: string | UnverifiedJwt, policy: JwtPolicy): Promise<VerifiedJwt> {
  checkPolicy(policy)
  const { maxBytes = defaultMaxBytes } = policy
  const { header, claims, jws } = (typeof presented === 'string' ? readJwt(presented, maxBytes) : presented) as ReadJwt
  const hint = hintFrom(header, policy)
  checkType(header, policy.typ)
  // Before the signature: no key is fetched, and nothing is computed, for a token that would not hold anyway.
  checkClaims(claims, policy)
  const keys = await candidates(header, hint, policy)
  if (keys.length === 0) throw new JwtRefused('unknown_key')
  const key = keys.find(
    ({ algorithms, key }) =>
      algorithms.includes(hint.alg) && isSignatureOf(hint.alg, key, jws.signingInput, jws.signature),
  )
  if (key === undefined) throw new JwtRefused('bad_signature')
  return { header, alg: hint.alg, claims, key }
}
