import { defaultMaxBodyBytes } from '../../adapters/fetch-request.ts'
import { type FetchHandler, type FetchListener, guardedFetch } from '../../adapters/guarded-fetch.ts'
import { type Guard, type GuardedNode, guardedNode } from '../../adapters/guarded-node.ts'
import { httpRequestOf, type Incoming, type IncomingOptions } from '../../adapters/incoming.ts'
import type { Protects, TokenInfo, ScopeNeed as TokenNeed } from '../../adapters/protection.ts'
import type { TokenCredential } from '../../core/model/token-credential.ts'
import type { HttpRequest } from '../../http/request.ts'
import type { HttpResponse } from '../../http/response.ts'
import { type Refusal, refusalAsJson } from '../answers.ts'
import type { OAuth1Context } from '../context.ts'
import { type OAuth1Protector, oauth1Protector, type Proven, type ScopeNeed } from '../protect.ts'
import { missingParameter } from '../protocol-parameters.ts'
import { refusalOf } from '../refusal-of.ts'
import { libraryContext } from './context.ts'
import type { HookTable, OAuth1Hooks } from './hooks.ts'
import type { OAuth1LibraryOptions } from './options.ts'
import { scopeOf } from './scope-of.ts'
import { tokenInfoOf } from './token-info.ts'

/** What a `ResourceProtector` is made from: the options of its server. */
export interface ResourceProtectorOptions<User = unknown> extends OAuth1LibraryOptions<User> {
  /** How nonces are claimed, when there is neither a store nor `shortTerm`. */
  readonly claimNonce?: OAuth1Hooks['claimNonce']
}

/** What a protected handler learns. */
export interface Access<User> {
  /** What the request was signed with. */
  readonly credential: TokenCredential
  /** Who granted it, from `users`; undefined when there are none to ask. */
  readonly user: User | undefined
}

type NodeHandler<Granted> = GuardedNode<Granted>['handler']
type NodeListener = ReturnType<typeof guardedNode>

/** With a handler alone, every valid token is let in; with a scope before it, only those that have it. */
export interface RequireOAuth<Handler, Listener> {
  (handler: Handler): Listener
  (need: ScopeNeed, handler: Handler): Listener
}

function checked<User>(options: ResourceProtectorOptions<User>): HookTable {
  const { claimNonce, shortTerm, store, tokens } = options
  if (store === undefined && tokens?.find === undefined)
    throw new TypeError('tokens: are needed, with find(token, digest), or a store')
  if (store === undefined && shortTerm === undefined && typeof claimNonce !== 'function')
    throw new TypeError('claimNonce: is needed, or shortTerm or a store: without it, requests could be replayed')
  return claimNonce === undefined ? {} : { claimNonce }
}

/** RFC 9110 §15.5.2: whoever brings nothing is asked for credentials, where other schemes could have been meant. */
const notSigned: Refusal = {
  code: 'missing_required_parameter',
  status: 401,
  description: 'The request must be signed by OAuth 1',
}

const reversed = (given: readonly unknown[]): readonly [unknown, unknown] => [given.at(-1), given.at(-2)]

/**
 * Protects the resources of an OAuth 1.0a server (RFC 5849 §3), in its process or in another with the same data: by its own
 * methods, or handed to `protector()` of any adapter.
 */
export class ResourceProtector<User = unknown> implements Protects<TokenInfo<User>> {
  /** Where adapters tell of handlers that fail. */
  readonly engine: NonNullable<Protects['engine']>
  readonly #context: OAuth1Context
  readonly #options: ResourceProtectorOptions<User>

  /** @throws TypeError that names the option, what it got and what is valid */
  constructor(options: ResourceProtectorOptions<User>) {
    const hooks = checked(options)
    const { claimNonce: _, ...rest } = options
    this.#options = options
    this.#context = libraryContext(rest, hooks)
    this.engine = { emit: this.#context.engine.emit }
  }

  /**
   * The guard of a protected resource, for `protector()` of the adapters: handlers get the token as with every other scheme,
   * with its `user`. Never rejects.
   * @throws TypeError at once, for a need that names nothing, or more than scope, which credentials of OAuth 1 do not have
   */
  protect(need?: TokenNeed): ReturnType<Protects<TokenInfo<User>>['protect']> {
    const protector = oauth1Protector(this.#context, scopeOf(need))
    return async (request) => {
      try {
        const proven = await protector(request)
        if (proven !== undefined) return { token: tokenInfoOf<User>(await this.#told(proven)) }
        const refused = refusalAsJson(notSigned, this.#context.engine.issuer)
        return request.header('authorization') === undefined ? { refused, anonymous: true } : { refused }
      } catch (error) {
        return { refused: this.#refusal(error) }
      }
    }
  }

  /**
   * Who a request comes from.
   * @throws OAuth1Error, `missing_required_parameter` for a request that is not signed at all
   * @throws StorageUnavailable
   */
  check(request: Incoming, need?: ScopeNeed): Promise<Access<User>> {
    return this.#access(httpRequestOf(request, this.#incoming()), oauth1Protector(this.#context, need))
  }

  /** Protects a handler of Web requests, which is called with the credential and its user. */
  readonly requireOAuth: RequireOAuth<FetchHandler<Access<User>>, FetchListener> = (...given: readonly unknown[]) => {
    const [handler, need] = reversed(given)
    const { maxBodyBytes = defaultMaxBodyBytes } = this.#options
    return guardedFetch(this.#guard(need as ScopeNeed), handler as FetchHandler<Access<User>>, maxBodyBytes)
  }

  /** Protects a handler of node:http, which is called with the credential and its user. */
  readonly requireOAuthOnNode: RequireOAuth<NodeHandler<Access<User>>, NodeListener> = (
    ...given: readonly unknown[]
  ) => {
    const [handler, need] = reversed(given)
    const { emit } = this.#context.engine
    return guardedNode({
      guard: this.#guard(need as ScopeNeed),
      handler: handler as NodeHandler<Access<User>>,
      failed: (error) => emit({ type: 'internal_error', endpoint: 'resource', error }),
      options: this.#incoming(),
    })
  }

  #guard(need: ScopeNeed): Guard<Access<User>> {
    const protector = oauth1Protector(this.#context, need)
    return async (request) => {
      try {
        return { granted: await this.#access(request, protector) }
      } catch (error) {
        return { refused: this.#refusal(error) }
      }
    }
  }

  #refusal(error: unknown): HttpResponse {
    const { emit, issuer } = this.#context.engine
    return refusalAsJson(refusalOf(emit, error, 'resource'), issuer)
  }

  async #access(request: HttpRequest, protector: OAuth1Protector): Promise<Access<User>> {
    const proven = await protector(request)
    if (proven === undefined) throw missingParameter('oauth_consumer_key')
    const { credential, user } = await this.#told(proven)
    return { credential, user: (user ?? undefined) as User | undefined }
  }

  async #told(proven: Proven): Promise<Proven> {
    const { clientId, userId } = proven.credential
    await this.#context.engine.emit({ type: 'token_authenticated', clientId, userId, scheme: 'OAuth' })
    return proven
  }

  #incoming(): IncomingOptions {
    const { maxBodyBytes, trustProxy } = this.#options
    return {
      ...(trustProxy !== undefined && { trustProxy }),
      ...(maxBodyBytes !== undefined && { maxBodyBytes }),
    }
  }
}
