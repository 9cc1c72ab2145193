import { isConfidential } from '../../../core/model/client.ts'
import type { GrantFacts } from '../../../core/model/grant-facts.ts'
import type { AuthenticatedUser } from '../../../core/ports/accounts.ts'
import { invalidGrant } from '../../../core/spec/errors.ts'
import { required } from '../../../http/params.ts'
import { signInWithin } from '../../../interaction/sign-in-limits.ts'
import { factsOfSession } from '../../authorize/sign-in-facts.ts'
import type { Grant, GrantAnswer, TokenRequest } from '../grant.ts'

/** The password was given here and now. A resource that is named here may want a JWT. */
function factsOf({ engine, params }: TokenRequest, { acr, amr }: AuthenticatedUser): { readonly facts?: GrantFacts } {
  const { accessTokenFormat, tellSignIn } = engine.settings
  if (accessTokenFormat === 'opaque' && !tellSignIn && params.all('resource').length === 0) return {}
  const how = { ...(acr !== undefined && { acr }), ...(amr !== undefined && { amr }) }
  return { facts: factsOfSession({ authTime: engine.clock.now(), ...how }) }
}

async function handle(request: TokenRequest): Promise<GrantAnswer> {
  const { engine, client, params, remoteAddress } = request
  const username = required(params, 'username')
  const password = required(params, 'password')
  const scope = await request.allowedScope(params.get('scope'))
  const user = await signInWithin(engine, { username, password, remoteAddress, throughClient: isConfidential(client) })
  if (user === undefined) throw invalidGrant('wrong_credentials', 'Invalid user credentials')
  const { id: userId, passwordDigest } = user
  const result = await request.tryIssue({
    scope,
    userId,
    ...factsOf(request, user),
    ...(passwordDigest !== undefined && { passwordDigest }),
  })
  if (result.outcome !== 'done') throw invalidGrant('user_gone', 'Invalid user credentials')
  return result.issued
}

/** RFC 6749 §4.3. Off unless asked for: it hands the user's password to the client (RFC 9700 §2.4 forbids it). */
export const password = (): Grant => ({ type: 'password', publicClients: false, handle })
