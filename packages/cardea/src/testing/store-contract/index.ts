import { describe } from 'node:test'
import type { Store } from '../../core/ports/store.ts'
import { authorizationRules } from './authorizations.ts'
import { browserRules } from './browsers.ts'
import { clientRules } from './clients.ts'
import { failureRules } from './failures.ts'
import { codeAndRotationRules } from './ledger.ts'
import { raceRules } from './races.ts'
import { rulesFor } from './rules.ts'
import { scopeRules } from './scopes.ts'
import { sweepRules } from './sweep.ts'
import { tokenRules } from './tokens.ts'
import { userRules } from './users.ts'

export interface StoreContractOptions {
  /** Makes writes of this store fail, as a full or lost disk would; returns how to make it work again. */
  readonly breakStorage?: (store: Store) => Promise<() => Promise<void> | void>
}

/**
 * Registers the tests (node:test) that a store must pass to keep the promises of the ports: every verb, in parallel too.
 * @param open gives an empty store; the contract closes it
 */
export function storeContract(
  name: string,
  open: () => Promise<Store> | Store,
  { breakStorage }: StoreContractOptions = {},
): void {
  const rules = rulesFor(open)
  describe(`store contract: ${name}`, () => {
    clientRules(rules)
    scopeRules(rules)
    userRules(rules)
    codeAndRotationRules(rules)
    tokenRules(rules)
    authorizationRules(rules)
    browserRules(rules)
    sweepRules(rules)
    raceRules(rules)
    if (breakStorage !== undefined) failureRules(rules, breakStorage)
  })
}
