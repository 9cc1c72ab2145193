import { digestOf } from '../crypto/digest.ts'
import type { Authorization } from '../model/authorization.ts'
import type { Client } from '../model/client.ts'
import type { TokenDigest } from '../model/digest.ts'
import type { GrantFacts } from '../model/grant-facts.ts'
import type { AccessToken } from '../model/token.ts'
import type { Engine } from '../ports/engine.ts'
import type { TokenIssueChange } from '../ports/hooks.ts'
import { digestOfTokenId, jwtToSign, mustBeOfUse, newTokenId } from './jwt-access-token.ts'
import { neverEnds } from './lifetime.ts'
import type { AccessTokenRules } from './token-rules.ts'
import { newTokenText } from './token-texts.ts'

/** What an access token is for, where that is less than what was allowed. */
export interface Narrowed {
  readonly scope: readonly string[]
  readonly facts: GrantFacts
}

interface Subject {
  readonly grantType: string
  readonly client: Client
  readonly scope: readonly string[]
  readonly userId?: string
  readonly facts?: GrantFacts
  readonly access?: Narrowed
}

/** What there is to say of a token besides what it is for. */
export interface Making {
  readonly now: number
  /** Seconds; 0: it does not expire. */
  readonly lifetime: number
  readonly rules: AccessTokenRules | undefined
  /** It ends no later than this. */
  readonly authorization: Authorization | undefined
  readonly change: TokenIssueChange | undefined
}

interface Made {
  /** As the client gets it. */
  readonly accessToken: string
  /** What is kept of it. */
  readonly access: AccessToken
}

type Draft = { -readonly [Member in keyof AccessToken]: AccessToken[Member] }

function recordOf(subject: Subject, making: Making, digest: TokenDigest): AccessToken {
  const { authorization, lifetime, now } = making
  const { client, userId } = subject
  const { facts, scope } = subject.access ?? subject
  const wanted = lifetime === 0 ? neverEnds : now + lifetime
  const end = authorization === undefined ? wanted : Math.min(wanted, authorization.expiresAt)
  const record: Draft = { digest, clientId: client.client_id, scope, issuedAt: now }
  if (facts !== undefined) record.facts = facts
  if (end < neverEnds) record.expiresAt = end
  if (userId !== undefined) record.userId = userId
  if (authorization !== undefined) record.authorizationId = authorization.id
  return record
}

/**
 * A new JWT with its record.
 * @param jti names it; one of its own
 * @throws ProtocolError `invalid_request` for one that would be too long
 */
export async function jwtOf(
  engine: Engine,
  subject: Subject,
  making: Making & { readonly rules: AccessTokenRules },
  jti: string,
): Promise<Made> {
  const { change, rules } = making
  const access = recordOf(subject, making, digestOfTokenId(jti))
  const accessToken = await engine.keys.sign(jwtToSign(engine, access, jti, change?.jwtClaims), rules.algorithm)
  mustBeOfUse(accessToken)
  return { access, accessToken }
}

/** A new access token in the format of its resources, with its record. A promise only where one is waited for. */
export function newAccessToken(engine: Engine, subject: Subject, making: Making): Made | Promise<Made> {
  const { rules } = making
  if (rules?.format === 'jwt') return jwtOf(engine, subject, { ...making, rules }, newTokenId())
  const text = newTokenText(engine, 'access', subject)
  const made = (accessToken: string): Made => ({
    accessToken,
    access: recordOf(subject, making, digestOf(accessToken)),
  })
  return typeof text === 'string' ? made(text) : text.then(made)
}
