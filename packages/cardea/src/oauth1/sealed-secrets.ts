import { type Keyring, keyringFrom } from '../core/crypto/keyring.ts'
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
  const current = keyringFrom(secrets.slice(0, 1))
  const { client, token } = sealedAs
  return {
    sealClientSecret: (clientId, secret) => keyring.seal(client, secret, clientId),
    openClientSecret: (clientId, sealed) => keyring.open(client, sealed, clientId),
    opensCredential: ({ digest, sealedSecret }) => keyring.open(token, sealedSecret, digest) !== undefined,
    resealClientSecret: (clientId, sealed) => resealed(keyring, current, [client, sealed, clientId]),
    resealCredential: ({ digest, sealedSecret }) => resealed(keyring, current, [token, sealedSecret, digest]),
  }
}

type Sealed = readonly [purpose: string, sealed: string, boundTo: string]

function resealed(keyring: Keyring, current: Keyring, [purpose, sealed, boundTo]: Sealed): string | undefined {
  if (current.open(purpose, sealed, boundTo) !== undefined) return undefined
  const secret = keyring.open(purpose, sealed, boundTo)
  return secret === undefined ? undefined : keyring.seal(purpose, secret, boundTo)
}
