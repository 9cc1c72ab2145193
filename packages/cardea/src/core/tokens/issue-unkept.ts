import type { Engine } from '../ports/engine.ts'
import type { StepOutcome } from '../ports/ledger.ts'
import { jwtOf, type Making } from './access-token.ts'
import type { Issuance, IssueLedger, IssueOutcome } from './issue.ts'
import { issuedTokens } from './issued-tokens.ts'
import type { AccessTokenRules } from './token-rules.ts'
import { newUnkeptId } from './unkept-token.ts'

/**
 * Whether a token can go without a row: a machine's own, by which nothing is used up. What users allow hangs below an
 * authorization, and a client that goes when nothing of it is left (`unused_until`) needs a row to stay by.
 */
export const needsNoRow = (
  { client, consent, refresh, spend, userId }: Issuance,
  rules: AccessTokenRules | undefined,
): boolean =>
  rules?.keepsTokens === false &&
  userId === undefined &&
  !refresh &&
  spend === undefined &&
  consent === undefined &&
  client.unused_until === undefined

/** By a commit only where something is used up with it: to look costs no write. */
async function clientStands(
  { store }: Engine,
  ledger: IssueLedger,
  clientId: string,
  now: number,
): Promise<StepOutcome> {
  if (ledger.hasUses) return ledger.commit({ at: now, requireClient: clientId })
  const client = await store.clients.find(clientId)
  return client === undefined || client.disabled ? 'revoked' : 'done'
}

/** Signs, and stores no token. */
export async function issueUnkept(
  engine: Engine,
  ledger: IssueLedger,
  issuance: Issuance,
  making: Making & { readonly rules: AccessTokenRules },
): Promise<IssueOutcome> {
  const { client_id: clientId } = issuance.client
  // First of all: what ends the tokens of the client from here on leaves this one in a generation that is over.
  const generation = await engine.store.unkeptTokens.generation(clientId)
  const { access, accessToken } = await jwtOf(engine, issuance, making, newUnkeptId(generation))
  const outcome = await clientStands(engine, ledger, clientId, making.now)
  if (outcome !== 'done') return { outcome }
  return { outcome, issued: issuedTokens(accessToken, access, undefined, making.change?.members) }
}
