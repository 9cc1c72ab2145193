import type { PublicJwk } from './verification-key.ts'

/** RFC 7638: the SHA-256 thumbprint of a key, base64url. Rejects for a JWK that lacks a required member. */
export async function jwkThumbprint(jwk: PublicJwk): Promise<string> {
  // Loaded when a key has to be named, which most servers never do: starting does not wait for it.
  const { calculateJwkThumbprint } = await import('jose')
  return calculateJwkThumbprint(jwk, 'sha256')
}
