import { digestOf } from '../core/crypto/digest.ts'
import { randomText } from '../core/crypto/random.ts'
import type { StoredUser, User } from '../core/model/user.ts'
import type { Accounts, AuthenticatedUser } from '../core/ports/accounts.ts'
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
  const authenticate = async (username: string, password: string): Promise<AuthenticatedUser | undefined> => {
    const user = await users.findByUsername(username)
    const hash = user?.password_hash
    const matches = await hasher.verify(hash ?? (await dummyHash()), password)
    if (user === undefined || hash === undefined || !matches) return undefined
    // A slow hash leaves time to change the password in, or to make its hash anew: then it is verified once more.
    const current = await users.find(user.id)
    if (current === undefined || current.disabled) return undefined
    if (current.password_hash !== hash) return authenticate(username, password)
    return { ...withoutHash(current), passwordDigest: digestOf(hash) }
  }
  return {
    inStore: true,
    async find(userId) {
      const user = await users.find(userId)
      return user === undefined || user.disabled ? undefined : withoutHash(user)
    },
    authenticate,
  }
}
