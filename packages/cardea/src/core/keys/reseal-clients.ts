import type { Client } from '../model/client.ts'
import type { Clients } from '../ports/clients.ts'

const rowsAPage = 100

/** Every row, a page after the other. @param keyOf what the next page comes after */
export async function* everyRow<Row>(
  list: (page: { readonly limit: number; readonly after?: string }) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): AsyncGenerator<Row> {
  let rows = await list({ limit: rowsAPage })
  for (; rows.length > 0; rows = await list({ limit: rowsAPage, after: keyOf(rows.at(-1) as Row) })) yield* rows
}

/** Again where somebody was faster: no change may be lost, and nobody who was disabled comes back. */
async function resealedClient(
  clients: Clients,
  clientId: string,
  reseal: (client: Client) => Client | undefined,
): Promise<boolean> {
  for (;;) {
    const client = await clients.find(clientId)
    const resealed = client === undefined ? undefined : reseal(client)
    if (client === undefined || resealed === undefined) return false
    if (await clients.replace(client, resealed)) return true
  }
}

/**
 * Replaces what is sealed of every client; returns of how many.
 * @param reseal undefined: there is nothing to do for this one
 */
export async function resealClients(clients: Clients, reseal: (client: Client) => Client | undefined): Promise<number> {
  let resealed = 0
  for await (const listed of everyRow(
    (page) => clients.list(page),
    (client) => client.client_id,
  )) {
    if (reseal(listed) !== undefined && (await resealedClient(clients, listed.client_id, reseal))) resealed += 1
  }
  return resealed
}
