import { hash } from 'node:crypto'
import type { PublicJwk } from './verification-key.ts'

/** RFC 7638 §3.2, RFC 8037 §2: the members that make the key, in the order of their names. */
const members = { EC: ['crv', 'kty', 'x', 'y'], OKP: ['crv', 'kty', 'x'], RSA: ['e', 'kty', 'n'] } as const

const hasMembers = (kty: string): kty is keyof typeof members => Object.hasOwn(members, kty)

/**
 * RFC 7638: the SHA-256 thumbprint of a key, base64url. In the thread that serves: handing so little to another one, as Web
 * Crypto does, takes longer than verifying a signature.
 * @throws TypeError for a JWK that is no public key, or lacks a required member
 */
export function jwkThumbprint(jwk: PublicJwk): string {
  if (!hasMembers(jwk.kty)) throw new TypeError(`thumbprint: not a public key: ${JSON.stringify(jwk.kty)}`)
  const parts = members[jwk.kty].map((name) => {
    const value = jwk[name]
    if (typeof value !== 'string') throw new TypeError(`thumbprint: the key has no ${name}`)
    return `${JSON.stringify(name)}:${JSON.stringify(value)}`
  })
  return hash('sha256', `{${parts.join(',')}}`, 'base64url')
}
