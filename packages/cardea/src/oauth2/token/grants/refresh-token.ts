import { digestOf } from '../../../core/crypto/digest.ts'
import type { Authorization } from '../../../core/model/authorization.ts'
import { type Client, isConfidential } from '../../../core/model/client.ts'
import type { TokenDigest } from '../../../core/model/digest.ts'
import type { RefreshToken } from '../../../core/model/token.ts'
import type { Engine } from '../../../core/ports/engine.ts'
import type { FoundRefreshToken } from '../../../core/ports/tokens.ts'
import { narrowedScope, scopeStillAllowed } from '../../../core/rules/scope.ts'
import { invalidGrant } from '../../../core/spec/errors.ts'
import type { IssueOutcome } from '../../../core/tokens/issue.ts'
import { revokeFamily } from '../../../core/tokens/revoke.ts'
import { type Rotated, successorGivenBefore, successorOf } from '../../../core/tokens/successor.ts'
import { presentedDigest } from '../../../core/tokens/token-texts.ts'
import { required } from '../../../http/params.ts'
import { mayRefresh } from '../../proof/confirmation.ts'
import type { Grant, GrantAnswer, TokenRequest } from '../grant.ts'

/** Seconds by which the clocks of two instances may differ. */
const clockTolerance = 60

const notFound = (reason: string) => invalidGrant(reason, 'Refresh token not found')

async function findToken(engine: Engine, presented: string): Promise<FoundRefreshToken> {
  const digest = presentedDigest(engine, 'refresh', presented)
  const found = digest === undefined ? undefined : await engine.store.tokens.findRefresh(digest)
  if (found === undefined) throw notFound('refresh_token_unknown')
  return found
}

/**
 * RFC 9700 §4.14.2: what a page in a browser holds ends with the sign-in it was given in, unless the user allowed
 * `offline_access`. Apps and servers keep theirs.
 */
async function sessionStands(engine: Engine, client: Client, authorization: Authorization): Promise<boolean> {
  const { sessionId, scope } = authorization
  const isPage = client.application_type === 'web' && !isConfidential(client)
  if (!isPage || sessionId === undefined || scope.includes('offline_access')) return true
  const session = await engine.store.sessions.find(sessionId as TokenDigest)
  return session !== undefined && engine.clock.now() < session.expiresAt
}

async function mustStillStand(request: TokenRequest, { token, authorization }: FoundRefreshToken): Promise<void> {
  const { engine, client } = request
  const now = engine.clock.now()
  if (token.clientId !== client.client_id) throw notFound('refresh_token_of_another_client')
  if (authorization.revokedAt !== undefined) throw notFound('authorization_revoked')
  // Before anything that a replay leads to: whoever lacks the key must not be able to end the family either.
  mayRefresh(client, token.facts?.confirmation, request.confirmation)
  if (now >= token.expiresAt || now >= authorization.expiresAt)
    throw invalidGrant('refresh_token_expired', 'Refresh token has expired')
  if (token.userId !== undefined && !engine.accounts.inStore && !(await engine.accounts.find(token.userId)))
    throw notFound('user_gone')
  if (!(await sessionStands(engine, client, authorization)))
    throw invalidGrant('session_ended', 'The user has signed out')
}

const answer = (result: IssueOutcome): GrantAnswer => {
  if (result.outcome !== 'done') throw notFound('authorization_revoked')
  return result.issued
}

/** RFC 9700 §4.14.2: a rotated token that comes back is in two hands, so the family ends. */
async function reused(request: TokenRequest, { token }: FoundRefreshToken): Promise<never> {
  // Whoever sends a captured request once more has no key to prove anything with.
  await request.proven()
  await revokeFamily(request.engine, token.authorizationId, token.clientId, 'refresh_token_reused')
  throw invalidGrant('refresh_token_reused', 'Refresh token has been used')
}

/**
 * A client that lost the answer, or two of its own requests that crossed, gets the same successor again: only for a
 * short while, only for the immediate predecessor, never after revocation. The family cannot fork, since there is
 * still one live leaf.
 */
async function handleSpent(request: TokenRequest, presented: string, found: FoundRefreshToken): Promise<GrantAnswer> {
  const { engine, client } = request
  const { token, authorization } = found
  const age = engine.clock.now() - (token.spentAt ?? 0)
  const window = engine.settings.lifetimes.refreshReuseWindow
  // A clock that went back must not hold the window open until it has caught up.
  const isInside = age >= -clockTolerance && age <= window
  if (token.successor === undefined || window === 0 || !isInside) return reused(request, found)
  const next = await engine.store.tokens.findRefresh(token.successor)
  const successor = await successorGivenBefore(engine, { presented, token, client })
  if (next === undefined || next.token.spentAt !== undefined || successor === undefined) return reused(request, found)
  const scope = await renewedScope(request, token)
  return answer(await request.renew({ authorization, scope, successor }))
}

async function renewedScope({ engine, client, params }: TokenRequest, token: RefreshToken): Promise<readonly string[]> {
  return scopeStillAllowed(client, await engine.store.scopes.all(), narrowedScope(token.scope, params.get('scope')))
}

async function rotate(request: TokenRequest, presented: string, found: FoundRefreshToken): Promise<GrantAnswer> {
  const { engine, client } = request
  const { token, authorization } = found
  const scope = await renewedScope(request, token)
  if (engine.settings.rotateRefreshTokens === 'public' && isConfidential(client)) {
    return answer(await request.renew({ authorization, scope, successor: presented }))
  }
  const rotated: Rotated = { presented, token, client }
  const making = successorOf(engine, rotated)
  const successor = typeof making === 'string' ? making : await making
  const spend = {
    kind: 'refresh_token',
    digest: token.digest,
    successor: digestOf(successor),
    endAccessTokens: engine.settings.compatibility.refreshEndsAccessTokens,
  } as const
  const result = await request.renew({ authorization, scope, spend, successor })
  // Another request was faster: the token is spent now, and what holds for a spent one holds for this request.
  return result.outcome === 'spent'
    ? handleSpent(request, presented, await findToken(engine, presented))
    : answer(result)
}

async function handle(request: TokenRequest): Promise<GrantAnswer> {
  const presented = required(request.params, 'refresh_token', 'The refresh token parameter is required')
  const found = await findToken(request.engine, presented)
  await mustStillStand(request, found)
  return found.token.spentAt === undefined ? rotate(request, presented, found) : handleSpent(request, presented, found)
}

/** RFC 6749 §6 with rotation (RFC 9700 §4.14). */
export const refreshToken = (): Grant => ({ type: 'refresh_token', publicClients: true, onlyIssues: true, handle })
