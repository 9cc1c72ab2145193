import type { Client } from '../../core/model/client.ts'
import type { Clients } from '../../core/ports/clients.ts'
import { type ClientRow, clientColumns, clientFrom, clientValues } from './client-row.ts'
import type { Database } from './database.ts'
import { clientEndings } from './endings.ts'

/** Looks a client up synchronously, inside or outside a write; the cache never lags behind a transaction. */
export type ClientLookup = (clientId: string) => Client | undefined

export function clientLookup(db: Database): ClientLookup {
  const find = db.prepare<ClientRow>('SELECT * FROM clients WHERE client_id = ?')
  return (clientId) => {
    const cached = db.cache.client(clientId)
    if (cached !== undefined) return cached
    const row = find.get(clientId)
    if (row === undefined) return undefined
    const client = clientFrom(row)
    db.cache.keepClient(client)
    return client
  }
}

/** As rows: a member that is undefined is stored like one that is absent. */
const textOf = (client: Client): string => JSON.stringify(clientValues(client))

export function sqliteClients(db: Database, lookup: ClientLookup): Clients {
  const names = clientColumns.join(', ')
  const list = db.prepare<ClientRow>('SELECT * FROM clients WHERE client_id > ? ORDER BY client_id LIMIT ?')
  const save = db.prepare(
    `INSERT INTO clients (${names}) VALUES (${clientColumns.map(() => '?').join(', ')})
     ON CONFLICT (client_id) DO UPDATE SET ${clientColumns.map((name) => `${name} = excluded.${name}`).join(', ')}`,
  )
  const remove = db.prepare('DELETE FROM clients WHERE client_id = ?')
  const removeTokens = ['access_tokens', 'refresh_tokens', 'token_credentials'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE client_id = ?`),
  )
  const owned = clientEndings(db)
  const write = (client: Client): void => {
    db.cache.forgetClient(client.client_id)
    save.run(...clientValues(client))
    if (client.disabled) owned.revoke(client.client_id, db.now())
  }
  return {
    find: (clientId) => db.read(() => lookup(clientId)),
    list: ({ after = '', limit }) => db.read(() => list.all(after, limit).map(clientFrom)),
    save: (client) => db.write(() => write(client)),
    replace: (before, after) =>
      db.write(() => {
        const found = lookup(before.client_id)
        if (found === undefined || textOf(found) !== textOf(before)) return false
        write(after)
        return true
      }),
    delete: (clientId) =>
      db.write(() => {
        db.cache.forgetClient(clientId)
        if (remove.run(clientId).changes === 0) return false
        owned.remove(clientId)
        for (const removal of removeTokens) removal.run(clientId)
        return true
      }),
  }
}
