import type { Client } from '../../../core/model/client.ts'
import type { Actor, GrantFacts } from '../../../core/model/grant-facts.ts'
import { narrowedScope, scopeStillAllowed } from '../../../core/rules/scope.ts'
import { invalidRequest, invalidScope, unauthorizedClient } from '../../../core/spec/errors.ts'
import type { IssueOutcome } from '../../../core/tokens/issue.ts'
import { rulesAt } from '../../../core/tokens/token-rules.ts'
import { required } from '../../../http/params.ts'
import { actorOf, chained, clientAsActor, mayActAs } from '../../exchange/actors.ts'
import type { ExchangeDecision, ExchangeQuestion, TokenExchangeOptions } from '../../exchange/exchange-options.ts'
import { type FoundParty, type PartySources, partyOf } from '../../exchange/party.ts'
import { mustBeConfirmed } from '../../proof/confirmation.ts'
import { targetOf } from '../../resources/target.ts'
import type { Grant, GrantAnswer, TokenRequest } from '../grant.ts'
import { accessTokenType, jwtType, tokenExchangeGrant } from '../token-exchange-names.ts'
import { exchangeOAuth1, type OAuth1ExchangeOptions, oauth1Signature, oauth1TokenType } from './oauth1-exchange.ts'

export interface TokenExchangeParts extends PartySources {
  readonly policy: TokenExchangeOptions['policy']
  /** How many may act for each other in a row. */
  readonly maxActors: number
  /** Undefined: credentials of OAuth 1 are not exchanged. */
  readonly oauth1: OAuth1ExchangeOptions | undefined
}

const targetsOf = ({ params }: TokenRequest): readonly string[] =>
  ['resource', 'audience'].flatMap((name) => params.all(name)).filter(Boolean)

/** RFC 8693 §2.1: a token and its type come together. */
async function actorIn(request: TokenRequest, sources: PartySources): Promise<FoundParty | undefined> {
  const [token, type] = [request.params.get('actor_token'), request.params.get('actor_token_type')]
  if (token === undefined && type === undefined) return undefined
  if (token === undefined || type === undefined)
    throw invalidRequest('actor_token_incomplete', 'actor_token and actor_token_type come together')
  const actor = await partyOf(request, 'actor_token', token, type, sources)
  // As with the subject: of its own tokens, a client has to prove the key.
  if (actor.clientId === request.client.client_id) mustBeConfirmed(actor.facts?.confirmation, request.confirmation)
  return actor
}

/** Scope only narrows: what the subject's token is not good for, and what the client may not have, is not to be had. */
async function scopeFor(request: TokenRequest, { scope }: FoundParty): Promise<readonly string[]> {
  const { client, engine, params } = request
  const requested = params.get('scope')
  if (scope === undefined) return request.allowedScope(requested)
  return scopeStillAllowed(client, await engine.store.scopes.all(), narrowedScope(scope, requested))
}

function decisionFrom(answer: unknown, scope: readonly string[]): ExchangeDecision {
  if (answer !== true && (typeof answer !== 'object' || answer === null))
    throw invalidRequest('exchange_not_allowed', 'This exchange is not allowed')
  const decision: ExchangeDecision = answer === true ? {} : answer
  if (decision.scope !== undefined && !decision.scope.every((name) => scope.includes(name)))
    throw new TypeError('tokenExchange.policy: may leave scope out, and not add to it')
  if (decision.scope?.length === 0 && scope.length > 0)
    throw invalidScope('scope_refused_by_policy', 'The scope is not allowed in this exchange')
  return decision
}

/** RFC 8693 §4.4: where the subject's token says who may act, nobody else does. */
function actingNow(
  { client, engine }: TokenRequest,
  subject: FoundParty,
  actor: FoundParty | undefined,
  { delegation = false }: ExchangeDecision,
): Actor | undefined {
  const { issuer } = engine.settings
  const now = actor === undefined ? clientAsActor(client) : actorOf(actor, issuer)
  const isOwnUse = actor === undefined && !delegation && subject.clientId === client.client_id
  if (subject.mayAct !== undefined && !isOwnUse && !mayActAs(subject.mayAct, now, issuer, subject.issuer))
    throw invalidRequest('actor_not_allowed', 'The actor may not act for this subject')
  return actor !== undefined || delegation ? now : undefined
}

/** What of the subject's token goes on in the new one. */
function factsFrom(
  client: Client,
  { clientId, facts = {}, sub, userId }: FoundParty,
  keepsResources: boolean,
  actor: Actor | undefined,
  mayAct: Actor | undefined,
): GrantFacts | undefined {
  const { actor: _1, confirmation, mayAct: _2, resources, subject: _3, ...kept } = facts
  const all = {
    ...kept,
    // Of a machine's token it would otherwise be forgotten whose it was.
    ...(userId === undefined && sub !== client.client_id && { subject: sub }),
    ...(resources !== undefined && keepsResources && { resources }),
    // The key of another client proves nothing of this one.
    ...(confirmation !== undefined && clientId === client.client_id && { confirmation }),
    ...(actor !== undefined && { actor }),
    ...(mayAct !== undefined && { mayAct }),
  }
  return Object.keys(all).length === 0 ? undefined : all
}

interface Derived {
  readonly scope: readonly string[]
  readonly facts?: GrantFacts
  readonly until?: number
}

/** Under the subject's own authorization where there is one, so that whatever ends that ends this. */
async function derive(request: TokenRequest, subject: FoundParty, derived: Derived): Promise<IssueOutcome> {
  const { authorizationId, userId } = subject
  if (authorizationId === undefined)
    return request.tryIssue({ ...derived, refresh: false, ...(userId !== undefined && { userId }) })
  const authorization = await request.engine.store.authorizations.find(authorizationId)
  if (authorization === undefined) return { outcome: 'revoked' }
  return request.renew({ authorization, ...derived, facts: derived.facts ?? {} })
}

async function issuedType(
  { client, engine, params }: TokenRequest,
  targets: readonly string[],
  granted: readonly string[] | undefined,
): Promise<string> {
  const asked = params.get('requested_token_type') ?? accessTokenType
  if (asked === accessTokenType) return asked
  // Of our access tokens some are JWTs; no other is made for exchanges.
  if (asked === jwtType) {
    const resources = await targetOf(engine, { client, asked: targets, granted })
    if (rulesAt(engine.settings, resources ?? []).format === 'jwt') return asked
  }
  throw invalidRequest('unsupported_requested_token_type', 'This requested_token_type is not issued here')
}

async function exchange(request: TokenRequest, type: string, parts: TokenExchangeParts): Promise<GrantAnswer> {
  const { client, params } = request
  const { maxActors, policy } = parts
  if (client.token_endpoint_auth_method === 'none')
    throw unauthorizedClient('public_client', 'This exchange is for clients that authenticate')
  const subject = await partyOf(request, 'subject_token', required(params, 'subject_token'), type, parts)
  const actor = await actorIn(request, parts)
  const targets = targetsOf(request)
  const wanted = await scopeFor(request, subject)
  const isOwn = subject.clientId === client.client_id && actor === undefined
  const question: ExchangeQuestion = {
    client,
    subject,
    scope: wanted,
    targets,
    isOwn,
    ...(actor !== undefined && { actor }),
  }
  const decision = decisionFrom(policy === undefined ? isOwn : await policy(question), wanted)
  const acting = chained(actingNow(request, subject, actor, decision), subject.actor, maxActors)
  // Without a policy that knows better, a token for one resource buys none for another.
  const keepsResources = targets.length === 0 || policy === undefined
  const facts = factsFrom(client, subject, keepsResources, acting, decision.mayAct ?? subject.mayAct)
  const issued_token_type = await issuedType(request, targets, facts?.resources)
  const result = await derive(request, subject, {
    scope: decision.scope ?? wanted,
    ...(facts !== undefined && { facts }),
    ...(subject.expiresAt !== undefined && { until: subject.expiresAt }),
  })
  // RFC 8693 §2.2.2.
  if (result.outcome !== 'done') throw invalidRequest('subject_gone', 'The subject_token is not acceptable')
  return { ...result.issued, members: { ...result.issued.members, issued_token_type } }
}

/**
 * RFC 8693: our own tokens, credentials of OAuth 1 and JWTs of trusted issuers buy an access token that can do no more and
 * lives no longer. There is no refresh token.
 */
export const tokenExchange = (parts: TokenExchangeParts): Grant => ({
  type: tokenExchangeGrant,
  publicClients: true,
  ...(parts.oauth1 !== undefined && { alsoTakes: oauth1Signature }),
  async handle(request) {
    const type = required(request.params, 'subject_token_type')
    const isOAuth1 = type === oauth1TokenType || request.clientAuthMethod === oauth1Signature
    if (isOAuth1 && parts.oauth1 !== undefined) return exchangeOAuth1(request, parts.oauth1)
    return exchange(request, type, parts)
  },
})
