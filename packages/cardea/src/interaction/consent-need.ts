import type { Consent } from '../core/model/authorization.ts'
import { type Client, isConfidential } from '../core/model/client.ts'
import type { GrantFacts } from '../core/model/grant-facts.ts'
import type { Engine } from '../core/ports/engine.ts'
import { covers } from '../core/rules/scope.ts'

/**
 * RFC 8252 §8.6: any app can receive on a loopback port or a private-use scheme, so a redirect to one proves nothing
 * about who asks, and a client without a secret proves nothing later either; such a request never gets a silent answer.
 */
const isUnproven = (client: Client, redirectUri: string): boolean =>
  !isConfidential(client) && (client.unapproved === true || !/^https:/i.test(redirectUri))

/** What was allowed before people were sent elsewhere was allowed to somebody else. */
const counts = ({ consents_since: since }: Client, consent: Consent): boolean =>
  since === undefined || consent.updatedAt > since

async function consentTo(engine: Engine, client: Client, userId: string): Promise<Consent | undefined> {
  const consent = await engine.store.consents.find(userId, client.client_id)
  return consent !== undefined && counts(client, consent) ? consent : undefined
}

/** Whether this person has allowed the client anything. */
export const hasAllowedBefore = async (engine: Engine, client: Client, userId: string): Promise<boolean> =>
  (await consentTo(engine, client, userId)) !== undefined

export interface ConsentQuestion {
  readonly redirectUri: string
  readonly scope: readonly string[]
  readonly facts?: GrantFacts | undefined
}

/** Whether the person must be asked, given what they allowed this client before. */
export async function consentIsNeeded(
  engine: Engine,
  client: Client,
  userId: string,
  { redirectUri, scope, facts }: ConsentQuestion,
): Promise<boolean> {
  if (isUnproven(client, redirectUri)) return true
  if (client.first_party) return false
  const consent = await consentTo(engine, client, userId)
  if (consent === undefined || !covers(consent.scope, scope)) return true
  // A payment that was allowed once is not allowed for ever.
  if (facts?.authorizationDetails !== undefined) return true
  return !covers(consent.facts?.resources ?? [], facts?.resources ?? [])
}
