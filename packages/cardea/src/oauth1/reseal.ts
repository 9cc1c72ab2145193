import type { Client } from '../core/model/client.ts'
import type { Store } from '../core/ports/store.ts'
import { type OAuth1Secrets, oauth1Secrets } from './sealed-secrets.ts'

/** How many secrets of OAuth 1 were sealed anew. */
export interface Resealed {
  /** Clients whose shared secret was sealed anew. */
  readonly clients: number
  /** Token credentials whose secret was sealed anew. */
  readonly credentials: number
}

const rowsAPage = 100

async function* rowsOf<Row>(list: (after?: string) => Promise<readonly Row[]>, keyOf: (row: Row) => string) {
  for (let page = await list(); page.length > 0; page = await list(keyOf(page.at(-1) as Row))) yield* page
}

const pageAfter = (after?: string) => ({ limit: rowsAPage, ...(after !== undefined && { after }) })

/** Again where somebody was faster: no change may be lost, and nobody who was disabled comes back. */
async function resealedClient({ clients }: Store, sealing: OAuth1Secrets, clientId: string): Promise<boolean> {
  for (;;) {
    const client = await clients.find(clientId)
    const before = client?.oauth1?.sealed_secret
    const sealed = before === undefined ? undefined : sealing.resealClientSecret(clientId, before)
    if (client?.oauth1 === undefined || sealed === undefined) return false
    if (await clients.replace(client, { ...client, oauth1: { ...client.oauth1, sealed_secret: sealed } })) return true
  }
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
  let clients = 0
  const pagesOfClients = (after?: string) => store.clients.list(pageAfter(after))
  for await (const listed of rowsOf(pagesOfClients, (client: Client) => client.client_id)) {
    if (listed.oauth1?.sealed_secret === undefined) continue
    if (await resealedClient(store, sealing, listed.client_id)) clients += 1
  }
  let credentials = 0
  const pagesOfTokens = (after?: string) => store.tokenCredentials.list({}, pageAfter(after))
  for await (const { credential, revoked } of rowsOf(pagesOfTokens, ({ credential: { digest } }) => digest)) {
    const sealed = revoked ? undefined : sealing.resealCredential(credential)
    if (sealed === undefined) continue
    if (await store.tokenCredentials.reseal(credential.digest, credential.sealedSecret, sealed)) credentials += 1
  }
  return { clients, credentials }
}
