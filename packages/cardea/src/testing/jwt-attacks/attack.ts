import { createHmac, type KeyObject, sign } from 'node:crypto'
import { algorithmFacts, type SigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'
import type { JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import { signatureOf } from '../../core/crypto/jose/signature.ts'
import type { PublicJwk } from '../../core/crypto/jose/verification-key.ts'

/** A key pair, or a shared secret, which has no public part. */
export interface AttackKey {
  readonly alg: SigningAlgorithm
  readonly kid?: string
  readonly privateKey: KeyObject
  readonly publicJwk?: PublicJwk
}

/** The token that the place under attack accepts, and what the attacks need to know of the place. */
export interface HonestJwt {
  /** Signs the honest token. */
  readonly key: AttackKey
  /** One that the place finds by its `kid` among those of the signer, and that is too weak to be believed. */
  readonly weakKey?: AttackKey
  readonly typ: string
  /** More header members of the honest token. */
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims: JwtClaims
  /** Claims without which the place must refuse. */
  readonly required: readonly string[]
  /** Types that the place accepts besides `typ`; undefined in the list: none at all. Default: none. */
  readonly otherTypes?: readonly (string | undefined)[]
  /** The place takes our audience among others (RFC 7519 §4.1.3). Default false. */
  readonly audienceAmongOthers?: boolean
  /** The key stands in the header, as with a DPoP proof (RFC 9449). Default false. */
  readonly keyInHeader?: boolean
}

/** One forged token that every place must refuse. */
export interface JwtAttack {
  /** Row of the threat table and, where there was one, of the security history. */
  readonly row: string
  readonly title: string
  readonly token: string
}

export const base64url = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString('base64url')

export const headerOf = ({ key, typ, header, keyInHeader }: HonestJwt): Record<string, unknown> => ({
  ...header,
  alg: key.alg,
  typ,
  ...(keyInHeader ? { jwk: key.publicJwk } : { kid: key.kid }),
})

/** Signs whatever text it is given: nothing of what the library refuses to sign is refused here. */
export function rawToken(key: AttackKey, header: string | object, payload: string | Uint8Array | object): string {
  const head = typeof header === 'string' ? header : JSON.stringify(header)
  const isBytes = typeof payload === 'string' || payload instanceof Uint8Array
  const input = `${base64url(head)}.${base64url(isBytes ? payload : JSON.stringify(payload))}`
  return `${input}.${base64url(signatureOf(key.alg, key.privateKey, input))}`
}

export const honestToken = (honest: HonestJwt): string => rawToken(honest.key, headerOf(honest), honest.claims)

export function hmacToken(header: object, claims: object, secret: string | Uint8Array): string {
  const input = `${base64url(JSON.stringify({ ...header, alg: 'HS256' }))}.${base64url(JSON.stringify(claims))}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

/** The signature as X9.62 has it, which JOSE does not. */
export function derToken(key: AttackKey, header: object, claims: object): string {
  const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`
  return `${input}.${base64url(sign(algorithmFacts(key.alg).hash, Buffer.from(input), key.privateKey))}`
}
