import { type Keyring, keyringFrom } from '../../core/crypto/keyring.ts'
import type { Client } from '../../core/model/client.ts'

const purpose = 'client secret for assertions'

/** The secret that a client signs assertions with. Undefined: it has none, or it was sealed for another or by another server. */
export const openClientSecret = (
  keyring: Keyring,
  { client_id, sealed_secret }: Pick<Client, 'client_id' | 'sealed_secret'>,
): string | undefined => (sealed_secret === undefined ? undefined : keyring.open(purpose, sealed_secret, client_id))

/** RFC 7518 §3.2: an HMAC with SHA-256 takes no shorter secret. In bytes. */
export const leastAssertionSecret = 32

/** How the secrets of `client_secret_jwt` are stored, for whoever registers clients. */
export interface ClientSecrets {
  /**
   * Makes `Client.sealed_secret`, under the first of the secrets. It opens for that client only.
   * @throws TypeError for a secret of fewer than 32 bytes
   */
  seal(clientId: string, secret: string): string
  /** Undefined when none of the secrets opens it for that client. */
  open(clientId: string, sealed: string): string | undefined
  /** Sealed anew; undefined when it is sealed under the first of the secrets, or none opens it. */
  reseal(clientId: string, sealed: string): string | undefined
}

export const clientSecretsOf = (keyring: Keyring): ClientSecrets => ({
  seal(clientId, secret) {
    if (Buffer.byteLength(secret) < leastAssertionSecret) {
      throw new TypeError(
        `client secret: client_secret_jwt needs at least ${leastAssertionSecret} bytes (RFC 7518 §3.2)`,
      )
    }
    return keyring.seal(purpose, secret, clientId)
  },
  open: (clientId, sealed) => openClientSecret(keyring, { client_id: clientId, sealed_secret: sealed }),
  reseal: (clientId, sealed) => keyring.reseal(purpose, sealed, clientId),
})

/**
 * Seals secrets of `client_secret_jwt` under the secrets of the server, the first of which seals and any of which opens.
 * @param secrets those of the provider
 * @throws TypeError for none, or one of fewer than 32 characters
 */
export const clientSecrets = (secrets: readonly string[]): ClientSecrets => clientSecretsOf(keyringFrom(secrets))
