import { invalidGrant } from '../../../core/spec/errors.ts'
import type { Grant, GrantAnswer, TokenRequest } from '../grant.ts'

async function handle(request: TokenRequest): Promise<GrantAnswer> {
  const result = await request.tryIssue({
    scope: await request.allowedScope(request.params.get('scope')),
    refresh: request.engine.settings.compatibility.refreshTokenForEveryGrant, // RFC 6749 §4.4.3: otherwise never
  })
  if (result.outcome !== 'done') throw invalidGrant('client_gone', 'The client has been removed')
  return result.issued
}

/** RFC 6749 §4.4: confidential clients only; the token has no user. */
export const clientCredentials = (): Grant => ({
  type: 'client_credentials',
  publicClients: false,
  onlyIssues: true,
  handle,
})
