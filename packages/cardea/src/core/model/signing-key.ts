import type { PublicJwk } from '../crypto/jose/verification-key.ts'

export type { PublicJwk } from '../crypto/jose/verification-key.ts'

/** `next` is published before it signs, `retired` after it did: both so that nobody meets a key they do not know. */
export type SigningKeyState = 'next' | 'active' | 'retired'

/** A key pair of this server. */
export interface SigningKey {
  /** RFC 7517 §4.5: unique among the keys of this server. */
  readonly kid: string
  /** JWS algorithm it signs with, or JWE algorithm it decrypts with (RFC 7518). */
  readonly alg: string
  /** RFC 7517 §4.2: for signatures, or for encryption. */
  readonly use: 'sig' | 'enc'
  /** Whether it signs already, or no more. */
  readonly state: SigningKeyState
  /** As it is published. */
  readonly publicJwk: PublicJwk
  /** The private JWK, sealed under the server's keys. */
  readonly sealedPrivateJwk: string
  /** Epoch seconds. */
  readonly createdAt: number
  /** Epoch seconds at which it became `active`. */
  readonly activatedAt?: number
  /** Epoch seconds at which it became `retired`. */
  readonly retiredAt?: number
  /** Epoch seconds after which nothing it signed is valid any more, and it goes. */
  readonly expiresAt?: number
}
