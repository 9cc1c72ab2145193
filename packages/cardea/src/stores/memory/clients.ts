import type { Client } from '../../core/model/client.ts'
import type { Clients } from '../../core/ports/clients.ts'
import { deleteClientOwned, revokeClientOwned } from './endings.ts'
import { keptRow } from './kept-row.ts'
import { pageOf } from './page-of.ts'
import type { Tables } from './tables.ts'

/** A member that is undefined is the same as one that is absent, and the order of members means nothing. */
const textOf = (client: Client): string =>
  JSON.stringify(
    Object.entries(client)
      .filter(([, value]) => value !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  )

export const memoryClients = (tables: Tables, now: () => number): Clients => ({
  async find(clientId) {
    return tables.clients.get(clientId)
  },
  async list(page) {
    return pageOf(tables.clients, page, () => true)
  },
  async save(client) {
    tables.clients.set(client.client_id, keptRow(client))
    if (client.disabled) revokeClientOwned(tables, client.client_id, now())
  },
  async replace(before, after) {
    const { client_id } = before
    const found = tables.clients.get(client_id)
    if (found === undefined || textOf(found) !== textOf(before)) return false
    tables.clients.set(client_id, keptRow(after))
    if (after.disabled) revokeClientOwned(tables, client_id, now())
    return true
  },
  async delete(clientId) {
    if (!tables.clients.delete(clientId)) return false
    deleteClientOwned(tables, clientId, now())
    return true
  },
})
