import { keyringFrom } from '../core/crypto/keyring.ts'
import type { TokenCredential } from '../core/model/token-credential.ts'
import { sealedAs } from './secret-purposes.ts'

/** How the secrets of OAuth 1 are stored, for whoever registers clients. */
export interface OAuth1Secrets {
  /**
   * Makes `OAuth1Registration.sealed_secret` of a client's shared secret, under the first of the secrets. It opens for
   * that client only: whoever can write to the database cannot give one client another's secret.
   */
  sealClientSecret(clientId: string, secret: string): string
  /** Undefined when none of the secrets opens it for that client. */
  openClientSecret(clientId: string, sealed: string): string | undefined
  /** Whether requests signed with this credential can be verified. */
  opensCredential(credential: TokenCredential): boolean
  /** A client's secret sealed anew; undefined when it is sealed under the first of the secrets, or none opens it. */
  resealClientSecret(clientId: string, sealed: string): string | undefined
  /** The same for `TokenCredential.sealedSecret`. */
  resealCredential(credential: TokenCredential): string | undefined
}

/**
 * Seals secrets of OAuth 1 under the secrets of the server, the first of which seals and any of which opens.
 * @param secrets those of the provider
 * @throws TypeError for none, or one of fewer than 32 characters
 */
export function oauth1Secrets(secrets: readonly string[]): OAuth1Secrets {
  const keyring = keyringFrom(secrets)
  const { client, token } = sealedAs
  return {
    sealClientSecret: (clientId, secret) => keyring.seal(client, secret, clientId),
    openClientSecret: (clientId, sealed) => keyring.open(client, sealed, clientId),
    opensCredential: ({ digest, sealedSecret }) => keyring.open(token, sealedSecret, digest) !== undefined,
    resealClientSecret: (clientId, sealed) => keyring.reseal(client, sealed, clientId),
    resealCredential: ({ digest, sealedSecret }) => keyring.reseal(token, sealedSecret, digest),
  }
}
