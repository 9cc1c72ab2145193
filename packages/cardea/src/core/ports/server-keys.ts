import type { KeySource } from '../crypto/jose/key-source.ts'
import type { JwtToSign } from '../crypto/jose/sign-jwt.ts'
import type { ServerAlgorithm, ServerEncryption } from '../model/server-algorithm.ts'
import type { PublicJwk } from '../model/signing-key.ts'

/** How the server's own keys live. */
export interface KeyOptions {
  /** Signs where a resource or client names no other. Default `ES256`. */
  readonly algorithm?: ServerAlgorithm
  /** Seconds after which a key is replaced by itself; at least 3600. Default: only by `rotateKeys`. */
  readonly rotateEvery?: number
}

/** Which keys are replaced, and how soon. */
export interface RotateOptions {
  /** Default: every algorithm there is a key for. */
  readonly algorithm?: ServerAlgorithm | ServerEncryption
  /**
   * Also where the next key was published only just now, so that resource servers may not know it yet: for a key that
   * got into other hands. Default false.
   */
  readonly immediately?: boolean
}

/** What became of one algorithm's key. */
export type KeyRotation =
  | {
      readonly algorithm: ServerAlgorithm | ServerEncryption
      readonly rotated: true
      /** The key that signs from now on, or that others encrypt to. */
      readonly kid: string
      /** The key that did so until now. */
      readonly retired: string
      /** Epoch seconds until which what it signed, or what is encrypted to it, is still accepted. */
      readonly retiredUntil: number
    }
  | {
      readonly algorithm: ServerAlgorithm
      readonly rotated: false
      /** The key that will sign. */
      readonly kid: string
      /** Epoch seconds from which everybody knows it. */
      readonly notBefore: number
    }

/** The key pairs this server signs with. They are made on first need, and private halves never leave it. */
export interface ServerKeys {
  /** Signs with the active key of that algorithm. Default: the one of the server. */
  sign(jwt: JwtToSign, algorithm?: ServerAlgorithm): Promise<string>
  /** Verifies what this server has signed, by active, next and retired keys. No storage is asked for each token. */
  readonly verification: KeySource
  /**
   * RFC 7517 §5: everything that may have signed, or will soon; of the algorithms in `needed` too, besides the one of the
   * server. Public members only.
   */
  published(needed?: readonly ServerAlgorithm[]): Promise<{ readonly keys: readonly PublicJwk[] }>
  /** Lets the next keys sign, and publishes new ones to follow them. Nothing for an algorithm that does not sign. */
  rotate(options?: RotateOptions): Promise<readonly KeyRotation[]>
}
