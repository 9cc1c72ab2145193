import type { Engine } from '../ports/engine.ts'
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

/** Signs, and stores no token. */
export async function issueUnkept(
  engine: Engine,
  ledger: IssueLedger,
  issuance: Issuance,
  making: Making & { readonly rules: AccessTokenRules },
): Promise<IssueOutcome> {
  const { clients, unkeptTokens } = engine.store
  const { client_id: clientId } = issuance.client
  // First of all: what ends the tokens of the client from here on leaves this one in a generation that is over.
  const generation = await unkeptTokens.generation(clientId)
  const { access, accessToken } = await jwtOf(engine, issuance, making, newUnkeptId(generation))
  if (ledger.hasUses) {
    const outcome = await ledger.commit({ at: making.now, requireClient: clientId })
    if (outcome !== 'done') return { outcome }
  } else {
    // To look costs no write.
    const client = await clients.find(clientId)
    if (client === undefined || client.disabled) return { outcome: 'revoked' }
  }
  return { outcome: 'done', issued: issuedTokens(accessToken, access, undefined, making.change?.members) }
}
