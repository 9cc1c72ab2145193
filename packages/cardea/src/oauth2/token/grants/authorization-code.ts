import { lookupDigest } from '../../../core/crypto/token-text.ts'
import type { AuthorizationCode } from '../../../core/model/code.ts'
import type { GrantFacts } from '../../../core/model/grant-facts.ts'
import type { Engine } from '../../../core/ports/engine.ts'
import { codeMustBeFresh, codeMustBelongTo, redirectUriMustRepeat } from '../../../core/rules/authorization-code.ts'
import { verifierMustMatchChallenge } from '../../../core/rules/pkce.ts'
import { scopeStillAllowed } from '../../../core/rules/scope.ts'
import { invalidGrant } from '../../../core/spec/errors.ts'
import { revokeFamily } from '../../../core/tokens/revoke.ts'
import { type Params, required } from '../../../http/params.ts'
import type { Grant, GrantAnswer, TokenRequest } from '../grant.ts'

async function findCode(engine: Engine, presented: string): Promise<AuthorizationCode> {
  const digest = lookupDigest('code', presented)
  const code = digest === undefined ? undefined : await engine.store.codes.find(digest)
  if (code === undefined) throw invalidGrant('code_unknown', 'Authorization code not found')
  return code
}

/** Someone who has proved possession redeems a second time: one of the two is a thief (RFC 6749 §4.1.2). */
async function replayed(engine: Engine, code: AuthorizationCode): Promise<never> {
  await revokeFamily(engine, code.authorizationId, code.clientId, 'code_replayed')
  throw invalidGrant('code_replayed', 'Authorization code has been used')
}

/** When somebody signed in is a claim of JWT access tokens (RFC 9068 §2.2.1). */
function factsOf(
  { settings }: Engine,
  { authTime, facts }: AuthorizationCode,
  params: Params,
): { readonly facts?: GrantFacts } {
  // A resource that is named here first may want a JWT.
  const mayBeJwt = settings.accessTokenFormat === 'jwt' || params.all('resource').length > 0
  if (facts === undefined && !mayBeJwt) return {}
  // A host may not know since when.
  return { facts: { ...(authTime > 0 && { authTime }), ...facts } }
}

async function handle(request: TokenRequest): Promise<GrantAnswer> {
  const { engine, client, params } = request
  const code = await findCode(engine, required(params, 'code'))
  codeMustBelongTo(client, code)
  codeMustBeFresh(code, engine.clock.now())
  redirectUriMustRepeat(code, params.get('redirect_uri'), engine.settings.compatibility.redirectUriOptionalAtToken)
  verifierMustMatchChallenge(code, params.get('code_verifier'))
  if (!engine.accounts.inStore && !(await engine.accounts.find(code.userId)))
    throw invalidGrant('user_gone', 'Authorization code not found')

  // A code that was spent is judged by that alone, below: no other defect may hide a replay.
  const scope =
    code.spentAt === undefined ? scopeStillAllowed(client, await engine.store.scopes.all(), code.scope) : code.scope

  // Last, so that only someone who has proved possession can spend the code or trigger revocation.
  const result = await request.tryIssue({
    scope,
    userId: code.userId,
    authorizationId: code.authorizationId,
    ...factsOf(engine, code, params),
    spend: { kind: 'code', digest: code.digest },
    ...(code.sessionId !== undefined && { sessionId: code.sessionId }),
  })
  if (result.outcome === 'spent') return replayed(engine, code)
  if (result.outcome === 'revoked') throw invalidGrant('authorization_revoked', 'Authorization code not found')
  return result.issued
}

/** RFC 6749 §4.1 with PKCE (RFC 7636). */
export const authorizationCode = (): Grant => ({
  type: 'authorization_code',
  publicClients: true,
  onlyIssues: true,
  handle,
})
