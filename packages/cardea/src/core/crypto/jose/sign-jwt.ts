import { createSecretKey, type KeyObject } from 'node:crypto'
import { isHmac, type SigningAlgorithm } from './algorithms.ts'
import type { JwtClaims } from './jwt-policy.ts'
import { signatureOf } from './signature.ts'

/** What signs: a `SigningKey`, or a shared secret for HMAC. */
export interface Signer {
  readonly alg: SigningAlgorithm
  /** Absent where there is only one key to think of, as with a shared secret. */
  readonly kid?: string
  readonly privateKey: KeyObject
}

/** A JWT without its signature. */
export interface JwtToSign {
  /** Names the kind of token, such as `at+jwt` (RFC 8725bis §3.11). */
  readonly typ: string
  /** What it says. */
  readonly claims: JwtClaims
  /** More header members, such as the `jwk` of a DPoP proof. Never `alg`, `typ` or `kid`. */
  readonly header?: Readonly<Record<string, unknown>>
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const headOf = ({ alg, kid }: Signer, { typ, header }: Omit<JwtToSign, 'claims'>): string =>
  base64url({ ...header, alg, typ, ...(kid !== undefined && { kid }) })

function signed({ alg, privateKey }: Signer, head: string, claims: JwtClaims): string {
  const input = `${head}.${base64url(claims)}`
  return `${input}.${signatureOf(alg, privateKey, input).toString('base64url')}`
}

/** RFC 7515 §7.1: a signed JWT in compact form. */
export const signJwt = (signer: Signer, jwt: JwtToSign): string => signed(signer, headOf(signer, jwt), jwt.claims)

/** The same for who signs much: what it says of itself is written once for each kind of token. */
export function jwtSigner(signer: Signer): (jwt: JwtToSign) => string {
  const heads = new Map<string, string>()
  return (jwt) => {
    const { claims, header, typ } = jwt
    if (header !== undefined) return signJwt(signer, jwt)
    const head = heads.get(typ) ?? headOf(signer, { typ })
    heads.set(typ, head)
    return signed(signer, head, claims)
  }
}

/** Signs with a shared secret (RFC 7518 §3.2). Throws TypeError for an algorithm that is no HMAC. */
export function secretSigner(alg: SigningAlgorithm, secret: string | Uint8Array): Signer {
  if (!isHmac(alg)) throw new TypeError(`secret: signs with an HMAC, not with ${alg}`)
  return { alg, privateKey: createSecretKey(typeof secret === 'string' ? Buffer.from(secret) : secret) }
}
