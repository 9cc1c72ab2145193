import type { Client } from '../core/model/client.ts'
import type { Engine } from '../core/ports/engine.ts'
import { covers } from '../core/rules/scope.ts'

/**
 * RFC 8252 §8.6: any app can receive on a loopback port or a private-use scheme, so a redirect to one proves nothing
 * about who asks; such a client never gets a silent answer.
 */
const isUnproven = (client: Client): boolean =>
  client.application_type === 'native' && client.token_endpoint_auth_method === 'none'

/** Whether the person must be asked, given what they allowed this client before. */
export async function consentIsNeeded(
  engine: Engine,
  client: Client,
  userId: string,
  scope: readonly string[],
): Promise<boolean> {
  if (client.first_party) return false
  if (isUnproven(client)) return true
  const consent = await engine.store.consents.find(userId, client.client_id)
  return consent === undefined || !covers(consent.scope, scope)
}
