import { describe } from 'node:test'
import type { Store } from '../../core/ports/store.ts'
import { attemptRules } from './attempts.ts'
import { authorizationRules, clientRevocationRules } from './authorizations.ts'
import { browserRules } from './browsers.ts'
import { clientEndingRules, clientRules } from './clients.ts'
import { derivedTokenRules } from './derived-tokens.ts'
import { deviceDecisionRules, deviceRequestRules, deviceSweepRules } from './device-requests.ts'
import { factRules, initialAccessTokenRules, pushedRequestRules, resourceRules, signingKeyRules } from './extensions.ts'
import { failureRules } from './failures.ts'
import { grantTypeRules } from './grant-types.ts'
import { faultRules, refusalRules, rotationRules, spendRules } from './ledger.ts'
import { oauth1EndingRules, oauth1SweepRules } from './oauth1-endings.ts'
import { answerRaceRules, oauth1RaceRules } from './oauth1-races.ts'
import { countingRaceRules, endingRaceRules, revocationRaceRules, spendRaceRules } from './races.ts'
import { replayRules } from './replay.ts'
import { type Rules, rulesFor } from './rules.ts'
import { scopeRules } from './scopes.ts'
import { sweepLimitRules, sweepRules } from './sweep.ts'
import { approvalRules, declineRules, exchangeRules, temporaryCredentialRules } from './temporary-credentials.ts'
import { exchangedRules, resealRules, tokenCredentialRules, tokenCredentialUseRules } from './token-credentials.ts'
import { tokenRules } from './tokens.ts'
import { unkeptTokenRules } from './unkept-tokens.ts'
import { passwordRaceRules, passwordRules, userEndingRules, userRules } from './users.ts'
import { useRules } from './uses.ts'

/** What the contract needs besides the store. */
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
    for (const register of all) register(rules)
    if (breakStorage !== undefined) failureRules(rules, breakStorage)
  })
}

const all: readonly ((rule: Rules) => void)[] = [
  clientRules,
  clientEndingRules,
  scopeRules,
  userRules,
  passwordRules,
  passwordRaceRules,
  userEndingRules,
  spendRules,
  rotationRules,
  refusalRules,
  faultRules,
  tokenRules,
  authorizationRules,
  grantTypeRules,
  clientRevocationRules,
  derivedTokenRules,
  browserRules,
  attemptRules,
  sweepRules,
  sweepLimitRules,
  spendRaceRules,
  revocationRaceRules,
  endingRaceRules,
  countingRaceRules,
  temporaryCredentialRules,
  approvalRules,
  declineRules,
  exchangeRules,
  tokenCredentialRules,
  resealRules,
  exchangedRules,
  tokenCredentialUseRules,
  replayRules,
  useRules,
  oauth1EndingRules,
  oauth1SweepRules,
  oauth1RaceRules,
  answerRaceRules,
  factRules,
  deviceRequestRules,
  deviceDecisionRules,
  deviceSweepRules,
  pushedRequestRules,
  signingKeyRules,
  resourceRules,
  initialAccessTokenRules,
  unkeptTokenRules,
]
