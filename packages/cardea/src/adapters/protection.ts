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

/** Scope names in a need; what is none is for the guard to refuse. */
function namesIn(need: ScopeNeed): readonly string[] {
  const isObject = typeof need === 'object' && need !== null && !Array.isArray(need)
  const scope: unknown = isObject && 'scope' in need ? need.scope : need
  const listed: readonly unknown[] = Array.isArray(scope) ? scope : [scope]
  return listed.flatMap((names) => (typeof names === 'string' ? names.split(' ').filter(Boolean) : []))
}

/** What `KnownNeed` is for the compiler, where it has not looked: in JavaScript, and behind decorators. */
function mustBeKnown({ scopeNames: known = [] }: Pick<Protects, 'scopeNames'>, need: ScopeNeed): void {
  const unknown = known.length === 0 ? undefined : namesIn(need).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new TypeError(`requireOAuth: there is no scope ${JSON.stringify(unknown)}; valid are ${known.join(', ')}`)
}

const grantedBy = <Token>({ token, headers }: Grants<Token>): Granting<Token> => ({
  granted: token,
  ...(headers !== undefined && { headers }),
})

/**
 * Lets requests without any authentication in, too, with undefined instead of a token; one with a token that does not
 * hold is refused as ever. Throws TypeError for a need that names nothing, or a scope that there is not.
 */
export function optionalTokenGuard<Token extends TokenInfo<unknown>>(
  source: Protects<Token>,
  need: ScopeNeed,
): Guard<Token | undefined> {
  mustBeKnown(source, need)
  const guard = source.protect(need)
  return async (request) => {
    const result = await guard(request)
    if ('token' in result) return grantedBy(result)
    return result.anonymous ? { granted: undefined } : { refused: result.refused }
  }
}

/** The guard of whatever accepts tokens. Throws TypeError for a need that names nothing, or a scope that there is not. */
export function tokenGuard<Token extends TokenInfo<unknown>>(source: Protects<Token>, need: ScopeNeed): Guard<Token> {
  mustBeKnown(source, need)
  const guard = source.protect(need)
  return async (request) => {
    const result = await guard(request)
    return 'refused' in result ? result : grantedBy(result)
  }
}
