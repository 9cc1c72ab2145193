import type { DecryptionKey } from '../crypto/jose/decrypt-jwe.ts'
import type { PublicJwk } from '../model/signing-key.ts'

/** The key pairs by which others encrypt to this server. Private halves never leave it. */
export interface DecryptionKeys {
  all(): Promise<readonly DecryptionKey[]>
  /** RFC 7517 §4.2: with `use` `enc`. Public members only. */
  published(): Promise<readonly PublicJwk[]>
}

/** Of a server to which nothing is encrypted. */
export const noDecryptionKeys: DecryptionKeys = { all: async () => [], published: async () => [] }
