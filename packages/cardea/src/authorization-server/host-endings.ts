import type { Authorizations } from '../core/ports/authorizations.ts'
import type { Store } from '../core/ports/store.ts'
import type { TokenRows } from './host-tokens.ts'
import { replacing } from './replacing.ts'

/** Ends such rows in a table of the host. */
type End = (rows: TokenRows) => unknown

/** What ends in the store ends in the host's table too: its rows say what is true, and those that stand alone end at all. */
const endedAuthorizations = ({ authorizations }: Store, end: End): Authorizations =>
  replacing(authorizations, {
    async revoke(id, at) {
      const newly = await authorizations.revoke(id, at)
      await end({ authorization_id: id })
      return newly
    },
    async revokeByUser(userId, at, clientId) {
      const ended = await authorizations.revokeByUser(userId, at, clientId)
      await end({ user_id: userId, ...(clientId !== undefined && { client_id: clientId }) })
      return ended
    },
    async revokeByClient(clientId, at) {
      const ended = await authorizations.revokeByClient(clientId, at)
      await end({ client_id: clientId })
      return ended
    },
  })

/** Clients and users of the store that end take their rows in the host's table with them. */
const endedPeople = ({ clients, users }: Store, end: End): Pick<Store, 'clients' | 'users'> => ({
  clients: replacing(clients, {
    async save(client) {
      await clients.save(client)
      if (client.disabled) await end({ client_id: client.client_id })
    },
    async replace(before, after) {
      const was = await clients.replace(before, after)
      if (was && after.disabled) await end({ client_id: after.client_id })
      return was
    },
    async delete(clientId) {
      const was = await clients.delete(clientId)
      await end({ client_id: clientId })
      return was
    },
  }),
  users: replacing(users, {
    async save(user) {
      const [before, outcome] = await Promise.all([users.find(user.id), users.save(user)])
      const isOver = user.disabled || before?.password_hash !== user.password_hash
      if (outcome === 'saved' && isOver) await end({ user_id: user.id })
      return outcome
    },
    async delete(userId) {
      const was = await users.delete(userId)
      await end({ user_id: userId })
      return was
    },
  }),
})

/** Ports of the store that end things, with a table of the host that hears of it. */
export const endingsOf = (store: Store, end: End): Pick<Store, 'authorizations' | 'clients' | 'users'> => ({
  authorizations: endedAuthorizations(store, end),
  ...endedPeople(store, end),
})
