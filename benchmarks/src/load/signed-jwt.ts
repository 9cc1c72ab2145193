import { hash, type JsonWebKey, type KeyObject, sign } from 'node:crypto'

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JWT signed by ES256 (RFC 7515 §7.1, RFC 7518 §3.4). */
export function signEs256(header: object, claims: object, key: KeyObject): string {
  const text = `${encoded({ alg: 'ES256', ...header })}.${encoded(claims)}`
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

/** RFC 7638 §3: what a key on P-256 is called. */
export function thumbprintOf({ crv, kty, x, y }: JsonWebKey): string {
  return hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url')
}

/** Seconds since 1970. */
export const seconds = (): number => Math.floor(Date.now() / 1000)
