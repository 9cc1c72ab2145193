import { randomText } from '../core/crypto/random.ts'
import type { StoredUser, User } from '../core/model/user.ts'
import type { Accounts } from '../core/ports/accounts.ts'
import type { SecretHasher } from '../core/ports/secret-hasher.ts'
import type { Users } from '../core/ports/users.ts'

const withoutHash = ({ password_hash: _, created_at: __, ...user }: StoredUser): User => user

/** Accounts over the users of a store. */
export function storedAccounts(users: Users, hasher: SecretHasher): Accounts {
  let dummy: Promise<string> | undefined
  // An unknown name costs the same hash as a known one, so that time does not tell who has an account here.
  const dummyHash = (): Promise<string> => {
    // A busy hasher may refuse; remembered, that refusal would tell unknown names from known ones ever after.
    dummy ??= hasher.hash(randomText(16)).catch((error: unknown) => {
      dummy = undefined
      throw error
    })
    return dummy
  }
  return {
    inStore: true,
    async find(userId) {
      const user = await users.find(userId)
      return user === undefined || user.disabled ? undefined : withoutHash(user)
    },
    async authenticate(username, password) {
      const user = await users.findByUsername(username)
      const hash = user?.password_hash
      const matches = await hasher.verify(hash ?? (await dummyHash()), password)
      return user !== undefined && hash !== undefined && matches && !user.disabled ? withoutHash(user) : undefined
    },
  }
}
