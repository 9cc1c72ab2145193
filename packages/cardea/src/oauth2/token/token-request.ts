import type { Client } from '../../core/model/client.ts'
import type { Confirmation, GrantFacts } from '../../core/model/grant-facts.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { invalidGrant } from '../../core/spec/errors.ts'
import { type Issuance, type IssueOutcome, issueTokens, renewTokens } from '../../core/tokens/issue.ts'
import type { RequestLedger } from '../../core/tokens/request-ledger.ts'
import type { Params } from '../../http/params.ts'
import type { HttpRequest } from '../../http/request.ts'
import type { AuthenticatedClient } from '../client-auth/authenticate.ts'
import type { CompiledHooks } from '../compile-hooks.ts'
import { mayRefresh, mustBeConfirmed } from '../proof/confirmation.ts'
import { isUntargeted, type TargetRequest, targetAmong, targeted, targetOf } from '../resources/target.ts'
import { type DetailRequest, detailsOfToken, isUndetailed, withDetails } from '../rich-authorization/token-details.ts'
import { scopeFor } from '../scope-policy.ts'
import type { Allowance, Continuation, GrantAnswer, TokenRequest } from './grant.ts'
import { grantsRefreshToken } from './refresh-policy.ts'
import { tokenExchangeGrant } from './token-exchange-names.ts'

type NarrowedAllowance = Allowance & Pick<Issuance, 'access' | 'described'>

/** One token request. Every grant issues through it, which is why no grant can pass a hook by. */
export class ReceivedTokenRequest implements TokenRequest {
  readonly engine: Engine
  readonly client: Client
  readonly grantType: string
  readonly params: Params
  readonly request: HttpRequest
  readonly clientAuthMethod: string
  readonly signedToken: string | undefined
  readonly confirmation: Confirmation | undefined
  readonly #hooks: CompiledHooks
  readonly #ledger: RequestLedger

  constructor(
    engine: Engine,
    hooks: CompiledHooks,
    { client, method, signedToken }: AuthenticatedClient,
    received: Pick<TokenRequest, 'confirmation' | 'grantType' | 'params' | 'request'>,
    ledger: RequestLedger,
  ) {
    this.engine = engine
    this.client = client
    this.grantType = received.grantType
    this.params = received.params
    this.request = received.request
    this.confirmation = received.confirmation
    this.#ledger = ledger
    this.clientAuthMethod = method
    this.signedToken = signedToken
    this.#hooks = hooks
  }

  get remoteAddress(): string | undefined {
    return this.request.remoteAddress
  }

  allowedScope(requested?: string): Promise<readonly string[]> {
    return scopeFor(this.engine, this.client, requested)
  }

  async issue(allowance: Allowance): Promise<GrantAnswer> {
    const result = await this.tryIssue(allowance)
    if (result.outcome === 'done') return result.issued
    throw invalidGrant(result.outcome === 'spent' ? 'spent_before' : 'client_or_user_gone', 'The grant is not valid')
  }

  tryIssue(allowed: Allowance): Promise<IssueOutcome> {
    // Whoever has no id would be everybody.
    if (allowed.userId === '') throw new TypeError(`the grant ${this.grantType} issues to a user without an id`)
    mustBeConfirmed(allowed.facts?.confirmation, this.confirmation)
    const allowance = this.#bound(allowed, allowed.facts)
    const target = this.#target(allowance.facts)
    return isUntargeted(this.engine, target) ? this.#issue(allowance) : this.#issueTargeted(allowance, target)
  }

  renew(continued: Continuation): Promise<IssueOutcome> {
    const { authorization, facts = authorization.facts } = continued
    mayRefresh(this.client, facts?.confirmation, this.confirmation)
    const continuation = this.#bound(continued, facts)
    const target = this.#target(continuation.facts ?? authorization.facts)
    return isUntargeted(this.engine, target) ? this.#renew(continuation) : this.#renewTargeted(continuation, target)
  }

  proven(): Promise<void> {
    return this.#ledger.settleAll()
  }

  /** Bound to what the request has proved (RFC 9449 §5), here, so that no grant can forget about it. */
  #bound<T extends Allowance | Continuation>(allowed: T, facts: GrantFacts | undefined): T {
    const { confirmation } = this
    return confirmation === undefined ? allowed : { ...allowed, facts: { ...facts, confirmation } }
  }

  /** RFC 8707 §2.2: here, so that no grant can forget about it. */
  #target(facts: GrantFacts | undefined): TargetRequest {
    const { client, params } = this
    const named = params.all('resource')
    // RFC 8693 §2.1: the other name for the same thing, in that grant only.
    const asked = this.grantType === tokenExchangeGrant ? [...named, ...params.all('audience')] : named
    return { client, asked: asked.every(Boolean) ? asked : asked.filter(Boolean), granted: facts?.resources }
  }

  async #issueTargeted(allowance: Allowance, target: TargetRequest): Promise<IssueOutcome> {
    const { engine } = this
    const resources = targetAmong(await engine.resources.all(), engine, target)
    if (resources === undefined) return await this.#issue(allowance)
    return await this.#issue({ ...allowance, ...targeted(allowance, resources), described: resources })
  }

  async #renewTargeted(continuation: Continuation, target: TargetRequest): Promise<IssueOutcome> {
    const resources = await targetOf(this.engine, target)
    if (resources === undefined) return this.#renew(continuation)
    const { authorization, facts = authorization.facts, scope } = continuation
    const { access, ...whole } = targeted({ facts, scope }, resources)
    return this.#renew({ ...continuation, ...(access ?? whole) })
  }

  /** RFC 9396 §6: here, so that no grant can forget about it. */
  #details(facts: GrantFacts | undefined, userId: string | undefined): DetailRequest {
    const { client, params } = this
    return { client, asked: params.get('authorization_details'), granted: facts?.authorizationDetails, userId }
  }

  #issue(allowance: NarrowedAllowance): Promise<IssueOutcome> {
    const details = this.#details(allowance.facts, allowance.userId)
    return isUndetailed(this.engine, details) ? this.#issueChecked(allowance) : this.#issueDetailed(allowance, details)
  }

  async #issueDetailed(allowance: NarrowedAllowance, request: DetailRequest): Promise<IssueOutcome> {
    const details = await detailsOfToken(this.engine, request)
    const { access = allowance, facts } = allowance
    const narrowed = { scope: access.scope, facts: withDetails(access.facts, details) }
    const whole = request.granted === undefined ? { facts: withDetails(facts, details) } : {}
    return this.#issueChecked({ ...allowance, ...whole, access: narrowed })
  }

  async #renewDetailed(continuation: Continuation, request: DetailRequest): Promise<IssueOutcome> {
    const details = await detailsOfToken(this.engine, request)
    const { authorization, facts = authorization.facts } = continuation
    return this.#renewChecked({ ...continuation, facts: withDetails(facts, details) })
  }

  #issueChecked(allowance: NarrowedAllowance): Promise<IssueOutcome> {
    const { client, engine, grantType } = this
    const refreshes =
      allowance.userId === undefined
        ? engine.settings.compatibility.refreshTokenForEveryGrant
        : grantsRefreshToken(engine, client)
    const issuance = { ...allowance, client, grantType, refresh: allowance.refresh ?? refreshes }
    const validated = this.#isWatched ? this.#tell({ ...allowance, ...allowance.access }) : undefined
    const issue = () => issueTokens(engine, this.#ledger, issuance)
    return validated === undefined ? issue() : validated.then(issue)
  }

  #renew(continuation: Continuation): Promise<IssueOutcome> {
    const { authorization, facts = authorization.facts } = continuation
    const details = this.#details(facts, authorization.userId)
    return isUndetailed(this.engine, details)
      ? this.#renewChecked(continuation)
      : this.#renewDetailed(continuation, details)
  }

  #renewChecked(continuation: Continuation): Promise<IssueOutcome> {
    const { client, engine, grantType } = this
    const { userId } = continuation.authorization
    const bound = this.confirmation === undefined ? {} : { confirmation: this.confirmation }
    const renewal = { ...continuation, ...bound, client, grantType }
    const told = { scope: continuation.scope, ...(userId !== undefined && { userId }) }
    const validated = this.#isWatched ? this.#tell(told) : undefined
    const renew = () => renewTokens(engine, this.#ledger, renewal)
    return validated === undefined ? renew() : validated.then(renew)
  }

  /** Context of the hooks that come once it is known what is allowed. */
  allowed({ scope, userId }: Pick<Allowance, 'scope' | 'userId'>) {
    const { client, grantType, params, request } = this
    return { client, grantType, params, request, scope, ...(userId !== undefined && { userId }) }
  }

  /** Where no hook has anything to say, nothing is waited for. */
  get #isWatched(): boolean {
    const { afterValidateTokenRequest: validated, beforeCreateTokenResponse: creating } = this.#hooks
    return validated !== undefined || creating !== undefined
  }

  async #tell(allowed: Pick<Allowance, 'scope' | 'userId'>): Promise<void> {
    await this.#hooks.afterValidateTokenRequest?.(this.allowed(allowed))
    await this.#hooks.beforeCreateTokenResponse?.(this.allowed(allowed))
  }
}
