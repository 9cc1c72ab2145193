import type { User } from '../core/model/user.ts'
import type { Accounts } from '../core/ports/accounts.ts'

const ifEnabled = <T extends User>(user: T | undefined): T | undefined => (user?.disabled ? undefined : user)

/** A host's accounts without the disabled ones: a host that forgets to leave them out must not sign anybody in. */
export const enabledAccounts = (accounts: Accounts): Accounts => ({
  inStore: accounts.inStore,
  find: async (userId) => ifEnabled(await accounts.find(userId)),
  authenticate: async (username, password, wanted) =>
    ifEnabled(await accounts.authenticate(username, password, wanted)),
})
