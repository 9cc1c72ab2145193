import type { Provider } from '../provider.ts'
import type { ResourceGuard } from '../resource-guard.ts'
import type { Guard } from './guarded-node.ts'

/**
 * Scope a handler needs: `'a b'` needs both, `['a', 'b']` either, undefined any token.
 */
export type ScopeNeed = Parameters<Provider['protect']>[0]

/** What a protected handler learns of the token it was called with. */
export type TokenInfo = Extract<Awaited<ReturnType<ResourceGuard>>, { token: unknown }>['token']

/**
 * Lets requests without any authentication in, too, with undefined instead of a token; one with a token that does not
 * hold is refused as ever. Throws TypeError for a need that names no scope.
 */
export function optionalTokenGuard(provider: Provider, need: ScopeNeed): Guard<TokenInfo | undefined> {
  const guard = provider.protect(need)
  return async (request) => {
    const result = await guard(request)
    if ('token' in result) return { granted: result.token }
    return result.anonymous ? { granted: undefined } : { refused: result.refused }
  }
}

/** The provider's own guard. Throws TypeError for a need that names no scope. */
export function tokenGuard(provider: Provider, need: ScopeNeed): Guard<TokenInfo> {
  const guard = provider.protect(need)
  return async (request) => {
    const result = await guard(request)
    return 'refused' in result ? result : { granted: result.token }
  }
}
