import { digestOf } from '../crypto/digest.ts'
import type { Authorization, Consent } from '../model/authorization.ts'
import type { Client } from '../model/client.ts'
import type { TokenDigest } from '../model/digest.ts'
import type { Confirmation, GrantFacts } from '../model/grant-facts.ts'
import type { Resource } from '../model/resource.ts'
import type { RefreshToken } from '../model/token.ts'
import type { Engine } from '../ports/engine.ts'
import type { LedgerEntry, Spend, StepOutcome } from '../ports/ledger.ts'
import { type Narrowed, newAccessToken } from './access-token.ts'
import { newAuthorizationId } from './authorization-id.ts'
import { changed, changeFor } from './issue-change.ts'
import { issueUnkept, needsNoRow } from './issue-unkept.ts'
import { type IssuedTokens, issuedTokens } from './issued-tokens.ts'
import { lifetimeOf, lifetimeWithin, neverEnds } from './lifetime.ts'
import { requirements } from './requirements.ts'
import { accessTokenRules } from './token-rules.ts'
import { newTokenText } from './token-texts.ts'

export interface Issuance {
  readonly grantType: string
  readonly client: Client
  readonly scope: readonly string[]
  readonly userId?: string
  /** Of the password that was verified for it. */
  readonly passwordDigest?: TokenDigest
  readonly sessionId?: string
  readonly facts?: GrantFacts
  /** Of the access token, where it is for less than the authorization (RFC 8707 §2.2). */
  readonly access?: Narrowed
  /** The resources of the access token, where they have been looked up already. */
  readonly described?: readonly Resource[]
  /** Also issue a refresh token. */
  readonly refresh: boolean
  /** Id for the new authorization; fresh when absent. */
  readonly authorizationId?: string
  /** Epoch seconds: the access token ends no later. */
  readonly until?: number
  readonly spend?: Spend
  readonly consent?: Consent
}

/** Where tokens are saved: the ledger as the request sees it. */
export interface IssueLedger {
  /** Whether the request was made with something that the next commit uses up. */
  readonly hasUses: boolean
  /** As `Ledger.commit`, with what the request was made with. */
  commit(entry: LedgerEntry): Promise<StepOutcome>
}

/** Tokens, or why there are none: what they were to be bought with was spent meanwhile, or has ended. */
export type IssueOutcome =
  | { readonly outcome: 'done'; readonly issued: IssuedTokens }
  | { readonly outcome: 'spent' }
  | { readonly outcome: 'revoked' }

function authorizationFor(engine: Engine, issuance: Issuance, now: number, lifetime: number): Authorization {
  const { lifetimes } = engine.settings
  const { facts, grantType, refresh, sessionId, userId } = issuance
  const shortest = refresh ? lifetimeOf(lifetimes, 'accessToken', grantType) : lifetime
  const end = shortest === 0 ? neverEnds : now + (refresh ? Math.max(lifetimes.authorization, shortest) : shortest)
  return {
    id: issuance.authorizationId ?? newAuthorizationId(),
    clientId: issuance.client.client_id,
    grantType,
    scope: issuance.scope,
    createdAt: now,
    expiresAt: end,
    ...(facts !== undefined && { facts }),
    ...(userId !== undefined && { userId }),
    ...(sessionId !== undefined && { sessionId }),
  }
}

/** The refresh token record: idle lifetime, never beyond the family's end. */
export function refreshTokenFor(engine: Engine, text: string, authorization: Authorization, now: number): RefreshToken {
  const lifetime = lifetimeOf(engine.settings.lifetimes, 'refreshToken', authorization.grantType)
  return {
    digest: digestOf(text),
    authorizationId: authorization.id,
    clientId: authorization.clientId,
    scope: authorization.scope,
    issuedAt: now,
    expiresAt: Math.min(now + lifetime, authorization.expiresAt),
    ...(authorization.facts !== undefined && { facts: authorization.facts }),
    ...(authorization.userId !== undefined && { userId: authorization.userId }),
  }
}

/** One value for both would make an access token redeemable as a refresh token. */
function mustDiffer(accessToken: string, refreshToken: string | undefined): void {
  if (accessToken === refreshToken) throw new TypeError('tokenGenerators: access and refresh token are the same')
}

/**
 * Mints, then makes the one commit: what is spent together with the new authorization and its tokens.
 * A machine token without refresh token needs no authorization: it is its own family, and has no row where its resources
 * want none.
 */
export async function issueTokens(engine: Engine, ledger: IssueLedger, asked: Issuance): Promise<IssueOutcome> {
  const { grantType, refresh, spend, consent, userId } = asked
  const finding = accessTokenRules(engine, (asked.access?.facts ?? asked.facts)?.resources, asked.described)
  const rules = finding instanceof Promise ? await finding : finding
  const longest = lifetimeOf(engine.settings.lifetimes, 'accessToken', grantType)
  const usual = lifetimeWithin(engine, longest, rules, asked.until)
  const changing = changeFor(engine, asked, { lifetime: usual, originalGrantType: grantType, rules })
  const change = changing === undefined ? undefined : await changing
  const issuance = changed(asked, change)
  const lifetime = change?.lifetime ?? usual
  const now = engine.clock.now()
  if (rules !== undefined && needsNoRow(issuance, rules))
    return await issueUnkept(engine, ledger, issuance, { now, lifetime, rules, authorization: undefined, change })
  const family = userId !== undefined || refresh ? authorizationFor(engine, issuance, now, lifetime) : undefined
  const making = newAccessToken(engine, issuance, { now, lifetime, rules, authorization: family, change })
  const { access, accessToken } = making instanceof Promise ? await making : making
  const makingRefresh = refresh ? newTokenText(engine, 'refresh', issuance) : undefined
  const refreshToken = typeof makingRefresh === 'object' ? await makingRefresh : makingRefresh
  mustDiffer(accessToken, refreshToken)
  const outcome = await ledger.commit({
    at: now,
    accessToken: access,
    ...requirements(engine, issuance.client.client_id, userId, issuance.passwordDigest),
    ...(spend !== undefined && { spend }),
    ...(consent !== undefined && { consent }),
    ...(family !== undefined && { authorization: family }),
    ...(refreshToken !== undefined &&
      family !== undefined && { refreshToken: refreshTokenFor(engine, refreshToken, family, now) }),
  })
  if (outcome !== 'done') return { outcome }
  return { outcome, issued: issuedTokens(accessToken, access, refreshToken, change?.members) }
}

export interface Renewal {
  readonly grantType: string
  readonly client: Client
  readonly authorization: Authorization
  readonly scope: readonly string[]
  /** Of the access token. Default: those of the authorization. */
  readonly facts?: GrantFacts
  /** The rotation, where there is one. */
  readonly spend?: Spend
  readonly successor?: string
  /** Epoch seconds: the access token ends no later. */
  readonly until?: number
  /** What its holder has proved: the refresh token that follows is bound to it. */
  readonly confirmation?: Confirmation
}

/** RFC 9449 §5: also where the one before was bound to nothing. */
const boundTo = (authorization: Authorization, confirmation: Confirmation | undefined): Authorization =>
  confirmation === undefined ? authorization : { ...authorization, facts: { ...authorization.facts, confirmation } }

function issuanceFrom({ authorization, client, facts, grantType, scope, successor }: Renewal): Issuance {
  const kept = facts ?? authorization.facts
  return {
    grantType,
    client,
    scope,
    refresh: successor !== undefined,
    ...(authorization.userId !== undefined && { userId: authorization.userId }),
    ...(kept !== undefined && { facts: kept }),
  }
}

/** A new access token under an existing authorization, and the successor of the refresh token it was bought with. */
export async function renewTokens(engine: Engine, ledger: IssueLedger, renewal: Renewal): Promise<IssueOutcome> {
  const { authorization, client, confirmation, spend, successor } = renewal
  const asked = issuanceFrom(renewal)
  const finding = accessTokenRules(engine, asked.facts?.resources)
  const rules = finding instanceof Promise ? await finding : finding
  const originalGrantType = authorization.grantType
  const longest = lifetimeOf(engine.settings.lifetimes, 'accessToken', originalGrantType)
  const usual = lifetimeWithin(engine, longest, rules, renewal.until)
  const changing = changeFor(engine, asked, { lifetime: usual, originalGrantType, rules })
  const change = changing === undefined ? undefined : await changing
  const issuance = changed(asked, change)
  const now = engine.clock.now()
  const lifetime = change?.lifetime ?? usual
  const making = newAccessToken(engine, issuance, { now, lifetime, rules, authorization, change })
  const { access, accessToken } = making instanceof Promise ? await making : making
  mustDiffer(accessToken, successor)
  const outcome = await ledger.commit({
    at: now,
    under: authorization.id,
    accessToken: access,
    ...requirements(engine, client.client_id, authorization.userId),
    ...(spend !== undefined && { spend }),
    ...(spend !== undefined &&
      successor !== undefined && {
        refreshToken: refreshTokenFor(engine, successor, boundTo(authorization, confirmation), now),
      }),
  })
  if (outcome !== 'done') return { outcome }
  return { outcome, issued: issuedTokens(accessToken, access, successor, change?.members) }
}
