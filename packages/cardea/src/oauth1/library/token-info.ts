import type { TokenInfo } from '../../adapters/protection.ts'
import type { Proven } from '../protect.ts'

/**
 * What handlers of the adapters learn of a signed request. Its user is not enumerable, as with every other token: one
 * that is written out is only what it says itself, and never its secret.
 */
export function tokenInfoOf<User>({ credential, user }: Proven): TokenInfo<User> {
  const { authorizationId, clientId, digest, expiresAt, scope, userId } = credential
  const facts = {
    scheme: 'OAuth',
    clientId,
    userId,
    scope,
    // A host that keeps tokens by itself knows of no decision behind them.
    ...(authorizationId !== digest && { authorizationId }),
    ...(expiresAt !== undefined && { expiresAt }),
  }
  const found = Promise.resolve((user ?? undefined) as User | undefined)
  return Object.defineProperty(facts, 'user', { value: found }) as unknown as TokenInfo<User>
}
