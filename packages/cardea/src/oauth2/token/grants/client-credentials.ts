import { invalidGrant } from '../../../core/spec/errors.ts'
import { issueTokens } from '../../../core/tokens/issue.ts'
import { scopeFor } from '../../scope-policy.ts'
import type { Grant, GrantAnswer, TokenRequest } from '../grant.ts'

async function handle({ engine, client, params }: TokenRequest): Promise<GrantAnswer> {
  const result = await issueTokens(engine, {
    client,
    scope: await scopeFor(engine, client, params.get('scope')),
    refresh: engine.settings.compatibility.refreshTokenForEveryGrant, // RFC 6749 §4.4.3: otherwise never
  })
  if (result.outcome !== 'done') throw invalidGrant('client_gone', 'The client has been removed')
  return result.issued
}

/** RFC 6749 §4.4: confidential clients only; the token has no user. */
export const clientCredentials = (): Grant => ({ type: 'client_credentials', publicClients: false, handle })
