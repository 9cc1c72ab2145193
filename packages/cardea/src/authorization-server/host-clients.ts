import type { Client } from '../core/model/client.ts'
import type { Ledger } from '../core/ports/ledger.ts'
import type { Store } from '../core/ports/store.ts'
import type { Supported } from '../supported.ts'
import { clientFrom, isModel } from './client-from.ts'
import type { HostClient, HostClients } from './client-model.ts'
import { replacing } from './replacing.ts'

/** What the host's clients were made into, and from what. */
export type Originals<Row> = WeakMap<Client, Row>

/** As columns compare that know neither case nor accents nor blanks at the end. */
const isAlike = (id: unknown, clientId: string): boolean =>
  typeof id === 'string' && id.trimEnd().localeCompare(clientId.trimEnd(), 'en', { sensitivity: 'base' }) === 0

/**
 * A client that the host finds by another id than it was asked for would be somebody else: no client, where anybody can
 * have it found by another spelling, and otherwise a mistake of the host.
 */
async function isAskedFor(clientId: string, found: HostClient): Promise<boolean> {
  const id: unknown = isModel(found) ? await found.getClientId() : found.client_id
  if (id === clientId || isAlike(id, clientId)) return id === clientId
  throw new TypeError('clients.find: must find the client of that very client_id, or none')
}

/** A commit asks whether the client is still there: of the host's clients, the host is asked. */
function ledgerFor(store: Store, isHosts: (clientId: string) => Promise<boolean>): Ledger {
  return {
    async commit(entry) {
      const { requireClient, ...others } = entry
      const isOurs = requireClient === undefined || !(await isHosts(requireClient))
      return store.ledger.commit(isOurs ? entry : others)
    },
  }
}

/** The store with the host's clients in front of its own. */
export function withHostClients<Row extends HostClient>(
  store: Store,
  clients: HostClients<Row>,
  supported: () => Supported,
  originals: Originals<Row>,
): Store {
  const find = async (clientId: string): Promise<Client | undefined> => {
    const row = await clients.find(clientId)
    if (row == null) return undefined
    if (!(await isAskedFor(clientId, row))) return undefined
    const client = await clientFrom(clientId, row, supported())
    originals.set(client, row)
    return client
  }
  const isHosts = async (clientId: string): Promise<boolean> => {
    const client = await find(clientId)
    return client !== undefined && !client.disabled
  }
  return replacing(store, {
    clients: replacing(store.clients, {
      find: async (clientId) => (await find(clientId)) ?? store.clients.find(clientId),
    }),
    ledger: ledgerFor(store, isHosts),
  })
}
