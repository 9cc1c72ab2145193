import type { Accounts } from '../core/ports/accounts.ts'
import { userFrom } from '../interaction/host-session.ts'
import type { HostUsers } from './options.ts'

/** The host's users as the engine asks for accounts. */
export const hostAccounts = (users: HostUsers): Accounts => ({
  inStore: false,
  async find(userId) {
    const user = await users.find(userId)
    return user == null ? undefined : userFrom(user, 'users.find')
  },
  async authenticate(username, password, wanted) {
    const user = await users.authenticate?.(username, password, wanted)
    return user == null ? undefined : userFrom(user, 'users.authenticate')
  },
})
