import type { KeyObject } from 'node:crypto'
import { CompactEncrypt } from 'jose'
import { type ContentEncryption, contentEncryptions, type KeyEncryption, keyEncryptions } from './decrypt-jwe.ts'
import { JwtRefused } from './jwt-refused.ts'
import { isJsonObject, type JsonObject } from './strict-json.ts'
import { publicKeyFrom } from './verification-key.ts'

/** How a client wants to have something encrypted. */
export interface JweRecipient {
  /** Its JWK Set (RFC 7517 §5). */
  readonly jwks: unknown
  readonly alg: KeyEncryption
  readonly enc: ContentEncryption
}

export const isKeyEncryption = (name: unknown): name is KeyEncryption => keyEncryptions.some((known) => known === name)
export const isContentEncryption = (name: unknown): name is ContentEncryption =>
  contentEncryptions.some((known) => known === name)

const curves = ['P-256', 'P-384', 'P-521']

/** Held to the same as keys that verify: one that is made to be weak, slow or unusable breaks whoever encrypts to it. */
function publicKeyOf(jwk: JsonObject, kty: 'RSA' | 'EC'): KeyObject | undefined {
  const { alg: _alg, key_ops: _ops, use: _use, ...parts } = jwk
  try {
    return publicKeyFrom({ ...parts, kty }).key
  } catch (error) {
    if (error instanceof JwtRefused) return undefined
    throw error
  }
}

/** RFC 7517 §4.2 to §4.4: a key that is for signatures takes nothing encrypted. */
function fits(jwk: unknown, kty: 'RSA' | 'EC', alg: KeyEncryption): jwk is JsonObject {
  if (!isJsonObject(jwk) || jwk.kty !== kty) return false
  if (jwk.use !== undefined && jwk.use !== 'enc') return false
  if (kty === 'EC' && !curves.includes(String(jwk.crv))) return false
  return jwk.alg === undefined || jwk.alg === alg
}

/**
 * A text that only the recipient can read, in compact form (RFC 7516 §7.1). Never compressed.
 * @throws JwtRefused `unknown_key` where none of the keys fits
 */
export async function encryptJwe(text: string, { alg, enc, jwks }: JweRecipient): Promise<string> {
  const kty = alg.startsWith('RSA') ? 'RSA' : 'EC'
  const given = isJsonObject(jwks) && Array.isArray(jwks.keys) ? jwks.keys : []
  for (const jwk of given) {
    const key = fits(jwk, kty, alg) ? publicKeyOf(jwk, kty) : undefined
    if (key === undefined) continue
    const kid = typeof jwk.kid === 'string' ? { kid: jwk.kid } : {}
    return new CompactEncrypt(Buffer.from(text)).setProtectedHeader({ alg, enc, cty: 'JWT', ...kid }).encrypt(key)
  }
  throw new JwtRefused('unknown_key', 'none to encrypt to')
}
