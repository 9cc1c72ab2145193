import { type Accounts, type SecretHasher, storedAccounts, type Users } from 'cardea'
import { isForeignHash } from './hash-formats.ts'

/** The users of the store. A password whose hash was moved here from elsewhere is hashed anew once it is known. */
export function rehashingAccounts(users: Users, hasher: SecretHasher): Accounts {
  const accounts = storedAccounts(users, hasher)
  const renew = async (userId: string, password: string): Promise<void> => {
    const before = (await users.find(userId))?.password_hash
    if (before === undefined || !isForeignHash(before)) return
    // Meanwhile the password may have been changed, or the user disabled by another process: that must not be undone.
    await users.renewHash(userId, before, await hasher.hash(password))
  }
  return {
    ...accounts,
    async authenticate(username, password) {
      const user = await accounts.authenticate(username, password)
      // A full disk or queue is no reason to refuse who gave the right password; the next sign-in tries again.
      if (user !== undefined) await renew(user.id, password).catch(() => undefined)
      return user
    },
  }
}
