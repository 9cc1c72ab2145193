import {
  type AnswerTo,
  answerTo,
  httpRequestOf,
  type Incoming,
  type IncomingOptions,
  isFetchRequest,
} from '../adapters/incoming.ts'
import type { Client } from '../core/model/client.ts'
import type { Engine } from '../core/ports/engine.ts'
import type { EventListener, EventType } from '../core/ports/events.ts'
import type { HostUser } from '../core/ports/host-sign-in.ts'
import type { TokenGenerator } from '../core/ports/token-generator.ts'
import { listFrom } from '../core/rules/text-list.ts'
import type { HostPages } from '../host-pages.ts'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import { signedInAtHost, userIdOf } from '../interaction/host-session.ts'
import type { OpenConsent } from '../oauth2/authorize/open-consent.ts'
import type { ResponseMode } from '../oauth2/authorize/response-mode.ts'
import type { ClientAuthMethod } from '../oauth2/client-auth/method.ts'
import type { Endpoint } from '../oauth2/endpoint.ts'
import type { Hook, HookName } from '../oauth2/hooks.ts'
import type { Grant } from '../oauth2/token/grant.ts'
import type { Provider } from '../provider.ts'
import type { KnownNeed, ResourceGuard, ScopeNeed, TokenInfo } from '../resource-guard.ts'
import { assembled } from './assembled.ts'
import type { HostClient } from './client-model.ts'
import { type ConsentGrant, consentGrant } from './consent-grant.ts'
import type { ConsentOptions, GrantDecision } from './decision.ts'
import type { Originals } from './host-clients.ts'
import { hostGuard } from './host-guard.ts'
import { Listeners } from './listeners.ts'
import type { AuthorizationServerOptions } from './options.ts'
import { refusedAccess } from './refused-access.ts'
import { Registrations } from './registrations.ts'

/** A grant, or the class of one. */
export type GrantOrClass = Grant | (new () => Grant)

/**
 * An OAuth 2 authorization server inside an application that has its own sign-in and its own pages. Every verb takes a Web
 * `Request` and answers with a `Response`, or an `IncomingMessage` and answers with what `send` writes. It is a `Provider`
 * too: adapters mount it, and protect routes with its tokens.
 *
 * What is registered has to be there before the first request; the first verb puts the server together.
 */
export class AuthorizationServer<
  const Name extends string = string,
  User extends HostUser = HostUser,
  Row extends HostClient = Client,
> implements Pick<Provider, 'engine' | 'handle' | 'handleAt' | 'handles' | 'hostPages' | 'issuer' | 'on' | 'sweep'>
{
  readonly #options: AuthorizationServerOptions<Name, User, Row>
  readonly #incoming: IncomingOptions
  readonly #registered = new Registrations()
  readonly #listeners = new Listeners()
  readonly #originals: Originals<Row> = new WeakMap()
  readonly #open = new WeakMap<object, OpenConsent>()
  #assembled: Provider | undefined

  /** Names of the scopes given as an option; empty where the store has them. */
  readonly scopeNames: readonly Name[]

  /** @throws TypeError for what no server can be made from */
  constructor(options: AuthorizationServerOptions<Name, User, Row>) {
    const { trustProxy, maxBodyBytes } = options
    this.#options = { ...options }
    this.#incoming = {
      ...(trustProxy !== undefined && { trustProxy }),
      ...(maxBodyBytes !== undefined && { maxBodyBytes }),
    }
    this.scopeNames = Object.keys(options.scopes ?? {}) as Name[]
  }

  /**
   * Adds a grant: an object, or a class such as one that extends `PasswordGrant`. Once one is registered, or given as
   * option `grants`, there are only these; before, there are authorization code, refresh token and client credentials.
   * @throws TypeError once the server is in use
   */
  registerGrant(grant: GrantOrClass): this {
    this.#registered.grant(typeof grant === 'function' ? new grant() : grant)
    return this
  }

  /**
   * Adds an endpoint. Those of one name are tried in order; `revocation` and `introspection` come before Cardea's own.
   * @throws TypeError once the server is in use
   */
  registerEndpoint(endpoint: Endpoint): this {
    this.#registered.endpoint(endpoint)
    return this
  }

  /**
   * Adds a hook, called at its point on every grant and endpoint, or on those of one grant type; several of one name are
   * called in their order, each awaited.
   * @throws TypeError once the server is in use
   */
  registerHook<N extends HookName>(name: N, hook: Hook<N>, { grantType }: { readonly grantType?: string } = {}): this {
    this.#registered.hook(name, hook, grantType)
    return this
  }

  /** Hears of events of one type, in order and awaited; at any time. Returns what ends it. */
  on<T extends EventType>(type: T, listener: EventListener<T>): () => void {
    return this.#listeners.add(type, listener, this.#assembled)
  }

  /** Adds a way for clients to prove themselves. @throws TypeError once the server is in use */
  registerClientAuthMethod(method: ClientAuthMethod): this {
    this.#registered.clientAuthMethod(method)
    return this
  }

  /** Makes the texts of tokens of one grant type, or of all others: `default`. @throws TypeError once the server is in use */
  registerTokenGenerator(grantType: string, generator: TokenGenerator): this {
    this.#registered.tokenGenerator(grantType, generator)
    return this
  }

  /** Adds a response mode. @throws TypeError once the server is in use */
  registerResponseMode(mode: ResponseMode): this {
    this.#registered.responseMode(mode)
    return this
  }

  /**
   * Checks an authorization request for the page that asks, and keeps it; for the request that answers the page, finds it
   * by its ticket, whatever else the form says.
   * @throws ProtocolError, with `redirect` where the client is to be told: `handleErrorResponse` answers it
   */
  async getConsentGrant(
    request: Incoming,
    { endUser, ticket, ...signIn }: ConsentOptions<User>,
  ): Promise<ConsentGrant<Name, User, Row>> {
    const { engine, hostPages } = this.#provider()
    const isThere = endUser != null && !endUser.disabled
    const session = isThere ? { user: endUser, ...signIn } : undefined
    const signedIn = session === undefined ? undefined : signedInAtHost(session, 'endUser')
    const open = await hostPages.open(this.#requestOf(request), signedIn, ticket)
    const client = this.#originals.get(open.client) ?? (open.client as unknown as Row)
    const known = await engine.store.scopes.all()
    const grant = consentGrant<Name, User, Row>(open, known, session?.user, client)
    this.#open.set(grant, open)
    return grant
  }

  /**
   * Answers the client with what the user decided: once, a second answer to the same page is refused.
   * @throws TypeError for a grant of another server, for another user than the one who was asked, and for a grant that
   * needs a page which was not answered
   */
  async createAuthorizationResponse<Asked extends Incoming>(
    request: Asked,
    decision: GrantDecision<Name, User, Row>,
  ): Promise<AnswerTo<Asked>> {
    const { grant, grantUser, scope, remember = true, skipConsent = false } = decision
    const open = this.#open.get(grant)
    if (open === undefined) throw new TypeError('grant: must be what getConsentGrant of this server returned')
    if (grantUser !== null && userIdOf(grantUser, 'grantUser') !== open.signedIn?.user.id)
      throw new TypeError('grantUser: must be the user who was asked (endUser), or null to deny')
    const by = grantUser === null ? undefined : open.signedIn
    const answer = await this.#provider().hostPages.decide(this.#requestOf(request), open, {
      by,
      remember,
      skipConsent,
      ...(scope !== undefined && { scope: listFrom(scope) ?? [] }),
    })
    return answerTo(request, answer)
  }

  /** RFC 6749 §3.2. Never rejects: refusals are answers. */
  createTokenResponse<Asked extends Incoming>(request: Asked): Promise<AnswerTo<Asked>> {
    return this.createEndpointResponse('token', request)
  }

  /**
   * Answers at an endpoint by its name: `revocation`, `introspection`, `metadata`, `form-post-script` … or one of yours.
   * Rejects with TypeError for a name there is not, and with nothing else.
   */
  async createEndpointResponse<Asked extends Incoming>(name: string, request: Asked): Promise<AnswerTo<Asked>> {
    return answerTo(request, await this.#provider().handleAt(name, httpRequestOf(request, this.#incoming)))
  }

  /** The answer to what a verb has thrown: to the client where it is to be told, otherwise a page, or JSON. */
  async handleErrorResponse<Asked extends Incoming>(request: Asked, error: unknown): Promise<AnswerTo<Asked>> {
    return answerTo(request, await this.#provider().hostPages.refuse(this.#requestOf(request), error))
  }

  /**
   * The token a request to a protected resource comes with, in the words of `requireOAuth`.
   * @throws ProtocolError where it may not go on: `handleErrorResponse` answers it with the challenge of RFC 6750 §3
   */
  async validateRequest<const Need extends ScopeNeed>(
    request: Incoming,
    need: Need & KnownNeed<Name, Need>,
  ): Promise<TokenInfo<User>> {
    const result = await this.protect(need)(this.#requestOf(request))
    if ('refused' in result) throw refusedAccess(result.refused)
    return result.token
  }

  /** Puts the server together, if no request has yet: what is wrong with the options or registrations is thrown here. */
  configure(): this {
    this.#provider()
    return this
  }

  /** The provider behind the verbs, put together if it is not yet. */
  get provider(): Provider {
    return this.#provider()
  }

  /** What every part of the server is handed. */
  get engine(): Engine {
    return this.#provider().engine
  }

  /** Its identifier. */
  get issuer(): string {
    return this.#provider().issuer
  }

  /** The authorization endpoint in steps. */
  get hostPages(): HostPages {
    return this.#provider().hostPages
  }

  /** Whether a path belongs to one of the endpoints. */
  readonly handles = (path: string): boolean => this.#provider().handles(path)

  /** Answers a request. Never rejects. */
  readonly handle = (request: HttpRequest): Promise<HttpResponse> => this.#provider().handle(request)

  /** Answers at an endpoint by its name. @throws TypeError at once, for a name there is not */
  readonly handleAt = (endpoint: string, request: HttpRequest): Promise<HttpResponse> =>
    this.#provider().handleAt(endpoint, request)

  /** The guard of a protected resource, for requests that need this scope. */
  protect(need?: ScopeNeed): ResourceGuard<TokenInfo<User>> {
    const guard = this.#provider().protect(need)
    const { users } = this.#options
    // Without `users`, nobody said of which type they are, and the store's are what HostUser says.
    return users === undefined ? (guard as unknown as ResourceGuard<TokenInfo<User>>) : hostGuard(guard, users)
  }

  /** Lets the next signing keys sign. */
  readonly rotateKeys: Provider['rotateKeys'] = (options) => this.#provider().rotateKeys(options)

  /** One housekeeping step: deletes at most `limit` (default 100) expired rows of each kind; returns how many went. */
  sweep(limit?: number): Promise<number> {
    return this.#provider().sweep(limit)
  }

  #provider(): Provider {
    if (this.#assembled === undefined) {
      this.#assembled = assembled(this.#options, this.#registered, this.#originals)
      this.#listeners.attach(this.#assembled)
    }
    return this.#assembled
  }

  /** Of a copy, where there can be one: the host reads the same form, before or after. */
  #requestOf(request: Incoming): HttpRequest {
    const copied = isFetchRequest(request) && !request.bodyUsed ? request.clone() : request
    return httpRequestOf(copied, this.#incoming)
  }
}
