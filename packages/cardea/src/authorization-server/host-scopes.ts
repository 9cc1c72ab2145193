import type { Scope } from '../core/model/scope.ts'
import type { Store } from '../core/ports/store.ts'
import { isScopeName } from '../core/rules/scope.ts'
import type { ScopeText, ScopeTexts } from './options.ts'
import { replacing } from './replacing.ts'

function scopesFrom(texts: ScopeTexts<string>): readonly Scope[] {
  return Object.entries<string | ScopeText>(texts).map(([name, text]) => {
    if (!isScopeName(name)) throw new TypeError(`scopes: ${JSON.stringify(name)} is no scope name (RFC 6749 §3.3)`)
    return typeof text === 'string'
      ? { name, description: text, is_default: false }
      : { name, description: text.description, is_default: text.default === true }
  })
}

/** The store with a vocabulary that is written down in the program. @throws TypeError for a name that is none */
export function withScopes(store: Store, texts: ScopeTexts<string>): Store {
  const scopes = scopesFrom(texts)
  const fixed = async (): Promise<never> => {
    throw new TypeError('scopes: are given as an option, and cannot be changed in the store')
  }
  return replacing(store, { scopes: { all: async () => scopes, save: fixed, delete: fixed } })
}
