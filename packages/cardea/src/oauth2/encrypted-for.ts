import { encryptJwe, isContentEncryption, isKeyEncryption } from '../core/crypto/jose/encrypt-jwe.ts'
import { JwtRefused } from '../core/crypto/jose/jwt-refused.ts'
import type { Client } from '../core/model/client.ts'

/** The JWK Set at a `jwks_uri`. */
export type KeySetAt = (url: string) => Promise<unknown>

/** How a client is registered to have something encrypted (RFC 9701 §6, JARM §3). */
export interface WantedEncryption {
  /** Absent: not at all. */
  readonly alg: string | undefined
  /** Absent: `A128CBC-HS256`. */
  readonly enc: string | undefined
}

/**
 * A signed JWT as the client wants it: encrypted to its key where it is registered so, and never in clear then.
 * @throws JwtRefused `algorithm_not_allowed` or `unknown_key` where that cannot be done; what `keySetAt` rejects with
 */
export async function encryptedFor(
  { jwks, jwks_uri }: Pick<Client, 'jwks' | 'jwks_uri'>,
  { alg, enc = 'A128CBC-HS256' }: WantedEncryption,
  jwt: string,
  keySetAt: KeySetAt,
): Promise<string> {
  if (alg === undefined) return jwt
  if (!isKeyEncryption(alg) || !isContentEncryption(enc)) throw new JwtRefused('algorithm_not_allowed')
  const keySet = jwks ?? (jwks_uri === undefined ? undefined : await keySetAt(jwks_uri))
  return encryptJwe(jwt, { jwks: keySet, alg, enc })
}
