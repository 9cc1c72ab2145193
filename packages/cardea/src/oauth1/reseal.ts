import { everyRow, resealClients } from '../core/keys/reseal-clients.ts'
import type { Store } from '../core/ports/store.ts'
import { oauth1Secrets } from './sealed-secrets.ts'

/** How many secrets of OAuth 1 were sealed anew. */
export interface Resealed {
  /** Clients whose shared secret was sealed anew. */
  readonly clients: number
  /** Token credentials whose secret was sealed anew. */
  readonly credentials: number
}

/**
 * Seals what is stored of OAuth 1 under the first of the secrets, so that the others can be taken away: to be run after
 * a new secret was put first, everywhere. Can be stopped and run again at any time; requests go on meanwhile. What none
 * of the secrets opens is left as it is. Temporary credentials are left too: they end by themselves, by default within
 * an hour.
 * @param secrets those of the provider
 * @throws TypeError for no secret, or one of fewer than 32 characters
 * @throws StorageUnavailable
 */
export async function resealOAuth1(store: Store, secrets: readonly string[]): Promise<Resealed> {
  const sealing = oauth1Secrets(secrets)
  const clients = await resealClients(store.clients, (client) => {
    const { client_id: id, oauth1 } = client
    const sealed =
      oauth1?.sealed_secret === undefined ? undefined : sealing.resealClientSecret(id, oauth1.sealed_secret)
    return oauth1 === undefined || sealed === undefined
      ? undefined
      : { ...client, oauth1: { ...oauth1, sealed_secret: sealed } }
  })
  let credentials = 0
  const rows = everyRow(
    (page) => store.tokenCredentials.list({}, page),
    ({ credential }) => credential.digest,
  )
  for await (const { credential, revoked } of rows) {
    const sealed = revoked ? undefined : sealing.resealCredential(credential)
    if (sealed === undefined) continue
    if (await store.tokenCredentials.reseal(credential.digest, credential.sealedSecret, sealed)) credentials += 1
  }
  return { clients, credentials }
}
