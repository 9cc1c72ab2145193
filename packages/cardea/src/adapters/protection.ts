import type { Protects, TokenInfo } from '../resource-guard.ts'
import type { Granting, Guard } from './guarded-node.ts'

export type { KnownNeed, Protects, TokenInfo } from '../resource-guard.ts'

interface Grants<Token> {
  readonly token: Token
  readonly headers?: Granting<Token>['headers']
}

/**
 * What a handler needs of a token: `'a b'` needs both scope names, `['a', 'b']` either, undefined any token. As an object,
 * `groups`, `roles` and `entitlements` beside `scope`.
 */
export type ScopeNeed = Parameters<Protects['protect']>[0]

const grantedBy = <Token>({ token, headers }: Grants<Token>): Granting<Token> => ({
  granted: token,
  ...(headers !== undefined && { headers }),
})

/**
 * Lets requests without any authentication in, too, with undefined instead of a token; one with a token that does not
 * hold is refused as ever. Throws TypeError for a need that names nothing.
 */
export function optionalTokenGuard<Token extends TokenInfo<unknown>>(
  source: Protects<Token>,
  need: ScopeNeed,
): Guard<Token | undefined> {
  const guard = source.protect(need)
  return async (request) => {
    const result = await guard(request)
    if ('token' in result) return grantedBy(result)
    return result.anonymous ? { granted: undefined } : { refused: result.refused }
  }
}

/** The guard of whatever accepts tokens. Throws TypeError for a need that names nothing. */
export function tokenGuard<Token extends TokenInfo<unknown>>(source: Protects<Token>, need: ScopeNeed): Guard<Token> {
  const guard = source.protect(need)
  return async (request) => {
    const result = await guard(request)
    return 'refused' in result ? result : grantedBy(result)
  }
}
