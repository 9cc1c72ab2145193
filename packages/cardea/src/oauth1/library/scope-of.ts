import type { ScopeNeed as TokenNeed } from '../../adapters/protection.ts'
import type { ScopeNeed } from '../protect.ts'

/**
 * The scope in a need as adapters take it.
 * @throws TypeError for one that asks for more: to leave that unchecked would let everybody in
 */
export function scopeOf(need: TokenNeed): ScopeNeed {
  if (need === undefined || typeof need === 'string' || need === null || Array.isArray(need)) return need as ScopeNeed
  const { scope, ...more } = need as { readonly scope?: ScopeNeed }
  const [name] = Object.keys(more)
  if (name !== undefined)
    throw new TypeError(`requireOAuth: credentials of OAuth 1 have scope only, got a need of ${JSON.stringify(name)}`)
  if (scope === undefined) throw new TypeError('requireOAuth: the need is empty; undefined lets any token in')
  return scope
}
