import type { Engine } from '../ports/engine.ts'
import { jwtOf, type Making } from './access-token.ts'
import type { Issuance, IssueOutcome } from './issue.ts'
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

/** Signs, and stores nothing. */
export async function issueUnkept(
  engine: Engine,
  issuance: Issuance,
  making: Making & { readonly rules: AccessTokenRules },
): Promise<IssueOutcome> {
  const { clients, unkeptTokens } = engine.store
  const { client_id: clientId } = issuance.client
  // In this order: what ends its tokens after this look leaves the new one in a generation that is over.
  const generation = await unkeptTokens.generation(clientId)
  const client = await clients.find(clientId)
  if (client === undefined || client.disabled) return { outcome: 'revoked' }
  const { access, accessToken } = await jwtOf(engine, issuance, making, newUnkeptId(generation))
  return { outcome: 'done', issued: issuedTokens(accessToken, access, undefined, making.change?.members) }
}
