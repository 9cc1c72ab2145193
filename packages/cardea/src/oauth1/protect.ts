import { digestOf } from '../core/crypto/digest.ts'
import type { TokenCredential } from '../core/model/token-credential.ts'
import { covers, isScopeName } from '../core/rules/scope.ts'
import type { HttpRequest } from '../http/request.ts'
import { type Claimed, claimedClient, mustBeAuthentic, orProblem } from './authenticate.ts'
import type { OAuth1Context } from './context.ts'
import { OAuth1Error } from './errors.ts'
import { requiredParameter } from './protocol-parameters.ts'
import { type UnverifiedRequest, unverifiedRequest } from './signed-request.ts'

/** Uses within this many seconds of the last one that was noted are not noted again: each would be a write. */
const notedEvery = 3600

const invalidToken = (reason: string): OAuth1Error =>
  new OAuth1Error('invalid_token', reason, { description: 'Invalid oauth_token' })

async function claimedToken(context: OAuth1Context, request: UnverifiedRequest, claimed: Claimed) {
  const { engine, storage } = context
  const token = orProblem(claimed, () => requiredParameter(request.protocol, 'oauth_token'))
  const found = await storage.findToken(digestOf(token), token)
  const credential = found?.credential
  const expired = credential?.expiresAt !== undefined && engine.clock.now() >= credential.expiresAt
  const isLive =
    credential !== undefined && !found?.revoked && !expired && credential.clientId === claimed.client?.client_id
  if (!isLive)
    return {
      credential: undefined,
      claimed: {
        ...claimed,
        token: context.nobody.token,
        problem: claimed.problem ?? invalidToken('token_credential_not_active'),
      },
    }
  return { credential, claimed: { ...claimed, token: credential } }
}

async function note(context: OAuth1Context, { digest, lastUsedAt = 0 }: TokenCredential): Promise<void> {
  const now = context.engine.clock.now()
  if (now - lastUsedAt >= notedEvery) await context.storage.touchToken(digest, now)
}

/** What a signature has proven. */
export interface Proven {
  /** What the request was signed with. */
  readonly credential: TokenCredential
  /** Whose it is, as the host knows it; undefined where nobody had to be asked. */
  readonly user: unknown
}

/**
 * RFC 5849 §3.2: the token credential that a request read before is signed with, and its user.
 * @throws OAuth1Error
 */
export async function credentialOf(context: OAuth1Context, request: UnverifiedRequest): Promise<Proven> {
  const client = await claimedClient(context, request)
  const { credential, claimed } = await claimedToken(context, request, client)
  await mustBeAuthentic(context, request, claimed)
  const live = credential as TokenCredential
  const holder = await context.engine.findHolder(live.userId)
  if (holder === undefined) throw invalidToken('user_gone')
  await note(context, live)
  return { credential: live, user: holder.user }
}

/** Names in one string are all needed, entries of a list are alternatives, undefined accepts any. */
export type ScopeNeed = string | readonly string[] | undefined

type Alternatives = readonly (readonly string[])[] | undefined

/** A need that asks for nothing by mistake (an empty list, an empty name) must not let every token in. */
function alternativesOf(need: ScopeNeed): Alternatives {
  if (need === undefined) return undefined
  const listed: unknown = typeof need === 'string' ? [need] : need
  const alternatives = Array.isArray(listed) ? listed.map((names) => String(names).split(' ').filter(Boolean)) : []
  if (alternatives.length > 0 && alternatives.every((names) => names.length > 0 && names.every(isScopeName)))
    return alternatives
  throw new TypeError(
    `requireOAuth: needs scope names such as 'read write', or undefined for any token, got ${JSON.stringify(need)}`,
  )
}

function scopeMustSuffice(granted: readonly string[], alternatives: Alternatives): void {
  if (alternatives === undefined || alternatives.some((names) => covers(granted, names))) return
  throw new OAuth1Error('insufficient_scope', 'insufficient_scope', {
    description: 'The request requires higher privileges than the token has',
  })
}

/** Undefined: the request is not an OAuth 1 request, and another scheme may answer it. */
export type OAuth1Protector = (request: HttpRequest) => Promise<Proven | undefined>

/**
 * The check of a protected resource. Throws `OAuth1Error` for an OAuth 1 request that does not hold.
 * @throws TypeError at once, for a need that names nothing
 */
export function oauth1Protector(context: OAuth1Context, need?: ScopeNeed): OAuth1Protector {
  const alternatives = alternativesOf(need)
  return async (http) => {
    const request = await unverifiedRequest(http)
    if (request === undefined) return undefined
    const proven = await credentialOf(context, request)
    scopeMustSuffice(proven.credential.scope, alternatives)
    return proven
  }
}
