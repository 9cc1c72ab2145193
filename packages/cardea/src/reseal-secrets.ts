import { keyringFrom } from './core/crypto/keyring.ts'
import { resealClients } from './core/keys/reseal-clients.ts'
import { openedPrivateJwk, resealedPrivateJwk } from './core/keys/sealed-keys.ts'
import type { Client } from './core/model/client.ts'
import type { SigningKey } from './core/model/signing-key.ts'
import type { Store } from './core/ports/store.ts'
import { type Resealed, resealOAuth1 } from './oauth1/reseal.ts'
import { clientSecretsOf } from './oauth2/client-auth/sealed-client-secret.ts'

/** How much was sealed anew. */
export interface ResealedSecrets {
  /** Secrets of OAuth 1. */
  readonly oauth1: Resealed
  /** Clients whose secret for `client_secret_jwt` was sealed anew. */
  readonly clientSecrets: number
  /** Key pairs of the server. */
  readonly keys: number
}

/** A key pair of the server, and whether its private half can be opened. */
export interface KeySeal extends Pick<SigningKey, 'kid' | 'alg' | 'use' | 'state'> {
  /** Under the first of the secrets, one behind it, or none of them. */
  readonly seal: 'first' | 'older' | 'closed'
}

/** Private halves of keys that sign no more are not needed; those that decrypt are, until they are forgotten. */
const isNeeded = ({ state, use }: SigningKey): boolean => use === 'enc' || state !== 'retired'

/**
 * Which of the secrets opens the key pairs of the server.
 * @param secrets those of the provider
 * @throws TypeError for no secret, or one of fewer than 32 characters
 */
export async function keySeals(store: Pick<Store, 'signingKeys'>, secrets: readonly string[]): Promise<KeySeal[]> {
  const keyring = keyringFrom(secrets)
  const sealOf = (key: SigningKey): KeySeal['seal'] => {
    if (openedPrivateJwk(keyring, key) === undefined) return 'closed'
    return resealedPrivateJwk(keyring, key) === undefined ? 'first' : 'older'
  }
  const keys = (await store.signingKeys.all()).filter(isNeeded)
  return keys.map((key) => ({ kid: key.kid, alg: key.alg, use: key.use, state: key.state, seal: sealOf(key) }))
}

/**
 * Seals everything that is stored sealed under the first of the secrets, so that the others can be taken away: to be run
 * after a new secret was put first, everywhere. Can be stopped and run again at any time; requests go on meanwhile. What
 * none of the secrets opens is left as it is. Refresh tokens and forms that were handed out under an older secret are not
 * stored sealed: keep that for a day more.
 * @param secrets those of the provider
 * @throws TypeError for no secret, or one of fewer than 32 characters
 * @throws StorageUnavailable
 */
export async function resealSecrets(store: Store, secrets: readonly string[]): Promise<ResealedSecrets> {
  const keyring = keyringFrom(secrets)
  const sealing = clientSecretsOf(keyring)
  const oauth1 = await resealOAuth1(store, secrets)
  const clientSecrets = await resealClients(store.clients, (client: Client) => {
    const sealed = client.sealed_secret && sealing.reseal(client.client_id, client.sealed_secret)
    return sealed === undefined || sealed === '' ? undefined : { ...client, sealed_secret: sealed }
  })
  let keys = 0
  for (const key of (await store.signingKeys.all()).filter(isNeeded)) {
    const sealed = resealedPrivateJwk(keyring, key)
    if (sealed !== undefined && (await store.signingKeys.reseal(key.kid, key.sealedPrivateJwk, sealed))) keys += 1
  }
  return { oauth1, clientSecrets, keys }
}
