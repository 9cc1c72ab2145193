import { keyringFrom } from '../core/crypto/keyring.ts'
import type { TokenCredential } from '../core/model/token-credential.ts'
import { sealedAs } from './authenticate.ts'

/** How the secrets of OAuth 1 are stored, for whoever registers clients. */
export interface OAuth1Secrets {
  /** Makes `OAuth1Registration.sealed_secret` of a client's shared secret, under the first of the secrets. */
  sealClientSecret(secret: string): string
  /** Undefined when none of the secrets opens it. */
  openClientSecret(sealed: string): string | undefined
  /** Whether requests signed with this credential can be verified. */
  opensCredential(credential: TokenCredential): boolean
}

/**
 * @param secrets those of the provider
 * @throws TypeError for none, or one of fewer than 32 characters
 */
export function oauth1Secrets(secrets: readonly string[]): OAuth1Secrets {
  const keyring = keyringFrom(secrets)
  return {
    sealClientSecret: (secret) => keyring.seal(sealedAs.client, secret),
    openClientSecret: (sealed) => keyring.open(sealedAs.client, sealed),
    opensCredential: ({ sealedSecret }) => keyring.open(sealedAs.token, sealedSecret) !== undefined,
  }
}
