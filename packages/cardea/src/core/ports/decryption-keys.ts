import { JwtRefused } from '../crypto/jose/jwt-refused.ts'
import type { PublicJwk } from '../model/signing-key.ts'
import type { KeyRotation, RotateOptions } from './server-keys.ts'

/** How somebody is registered to encrypt. */
export interface EncryptionRule {
  /** The only way to hand over the key (RFC 7518 §4.1). Absent: any of ours. */
  readonly alg?: string | undefined
  /** The only cipher (RFC 7518 §5.1). Absent: any of ours. */
  readonly enc?: string | undefined
}

/** The key pairs by which others encrypt to this server. Private halves never leave it. */
export interface DecryptionKeys {
  /**
   * The text inside a JWE in compact form, which says nothing about who wrote it.
   * Rejects, always in the same way, for what does not open or is encrypted otherwise than it has to be.
   */
  decrypt(text: string, rule: EncryptionRule): Promise<string>
  /** RFC 7517 §4.2: with `use` `enc`. Public members only. */
  published(): Promise<readonly PublicJwk[]>
  /**
   * Publishes new keys in place of those there are, which go on decrypting for a day. Nothing for an algorithm that there
   * is no key of.
   */
  rotate(options?: RotateOptions): Promise<readonly KeyRotation[]>
}

/** Of a server to which nothing is encrypted. */
export const noDecryptionKeys: DecryptionKeys = {
  decrypt: () => Promise.reject(new JwtRefused('encrypted')),
  published: async () => [],
  rotate: async () => [],
}
