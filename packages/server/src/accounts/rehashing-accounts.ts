import { type Accounts, type SecretHasher, storedAccounts, type Users } from 'cardea'
import { isForeignHash } from './hash-formats.ts'

/** The users of the store. A password whose hash was moved here from elsewhere is hashed anew once it is known. */
export function rehashingAccounts(users: Users, hasher: SecretHasher): Accounts {
  const accounts = storedAccounts(users, hasher)
  /** Whether there may be another hash now than the one that was verified. */
  const renew = async (userId: string, password: string): Promise<boolean> => {
    const before = (await users.find(userId))?.password_hash
    if (before === undefined || !isForeignHash(before)) return false
    // Meanwhile the password may have been changed, or the user disabled by another process: that must not be undone.
    await users.renewHash(userId, before, await hasher.hash(password))
    return true
  }
  return {
    ...accounts,
    async authenticate(username, password) {
      const user = await accounts.authenticate(username, password)
      // A full disk or queue is no reason to refuse who gave the right password; the next sign-in tries again.
      const isRenewed = user !== undefined && (await renew(user.id, password).catch(() => false))
      // What is given for a password hangs on the hash that it was verified against.
      return isRenewed ? accounts.authenticate(username, password) : user
    },
  }
}
