import type { Clients } from '../../core/ports/clients.ts'
import { deleteOwned, revokeOwned } from './endings.ts'
import { pageOf } from './page-of.ts'
import type { Tables } from './tables.ts'

export const memoryClients = (tables: Tables, now: () => number): Clients => ({
  async find(clientId) {
    return tables.clients.get(clientId)
  },
  async list(page) {
    return pageOf(tables.clients, page, () => true)
  },
  async save(client) {
    tables.clients.set(client.client_id, client)
    if (client.disabled) revokeOwned(tables, (row) => row.clientId === client.client_id, now())
  },
  async delete(clientId) {
    if (!tables.clients.delete(clientId)) return false
    deleteOwned(tables, (row) => row.clientId === clientId)
    return true
  },
})
