import type { HostUser } from '../core/ports/host-sign-in.ts'
import { tokenInfo } from '../oauth2/protection/token-info.ts'
import type { ResourceGuard, TokenInfo } from '../resource-guard.ts'
import type { HostUsers } from './options.ts'

/** A guard whose tokens lead to the host's own users, as `users.find` gives them. */
export function hostGuard<User extends HostUser>(
  guard: ResourceGuard,
  users: HostUsers<User>,
): ResourceGuard<TokenInfo<User>> {
  return async (request) => {
    const result = await guard(request)
    if ('refused' in result) return result
    const find = async (userId: string): Promise<User | undefined> => (await users.find(userId)) ?? undefined
    return { ...result, token: tokenInfo<User>({ ...result.token }, find) }
  }
}
