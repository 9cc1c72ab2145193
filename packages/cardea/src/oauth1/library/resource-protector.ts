import {
  type FetchHandler,
  type FetchListener,
  guarded,
  type NodeHandler,
  type NodeListener,
} from '../../adapters/guarded.ts'
import type { Guard } from '../../adapters/guarded-node.ts'
import { httpRequestOf, type Incoming, type IncomingOptions } from '../../adapters/incoming.ts'
import type { TokenCredential } from '../../core/model/token-credential.ts'
import type { HttpRequest } from '../../http/request.ts'
import { refusalAsJson } from '../answers.ts'
import type { OAuth1Context } from '../context.ts'
import { type OAuth1Protector, oauth1Protector, type ScopeNeed } from '../protect.ts'
import { missingParameter } from '../protocol-parameters.ts'
import { refusalOf } from '../refusal-of.ts'
import { libraryContext } from './context.ts'
import type { HookTable, OAuth1Hooks } from './hooks.ts'
import type { OAuth1LibraryOptions } from './options.ts'

export interface ResourceProtectorOptions<User = unknown> extends OAuth1LibraryOptions<User> {
  /** How nonces are claimed, when there is neither a store nor `shortTerm`. */
  readonly claimNonce?: OAuth1Hooks['claimNonce']
}

/** What a protected handler learns. */
export interface Access<User> {
  readonly credential: TokenCredential
  /** Who granted it, from `users`; undefined when there are none to ask. */
  readonly user: User | undefined
}

/** `requireOAuth(handler)` lets every valid token in, `requireOAuth('read', handler)` only those with the scope. */
export interface RequireOAuth<User> {
  (handler: FetchHandler<Access<User>>): FetchListener
  (need: ScopeNeed, handler: FetchHandler<Access<User>>): FetchListener
  (handler: NodeHandler<Access<User>>): NodeListener
  (need: ScopeNeed, handler: NodeHandler<Access<User>>): NodeListener
}

function checked<User>(options: ResourceProtectorOptions<User>): HookTable {
  const { claimNonce, shortTerm, store, tokens } = options
  if (store === undefined && tokens?.find === undefined)
    throw new TypeError('tokens: are needed, with find(token, digest), or a store')
  if (store === undefined && shortTerm === undefined && typeof claimNonce !== 'function')
    throw new TypeError('claimNonce: is needed, or shortTerm or a store: without it, requests could be replayed')
  return claimNonce === undefined ? {} : { claimNonce }
}

/** Protects the resources of an OAuth 1.0a server (RFC 5849 §3), in its process or in another with the same data. */
export class ResourceProtector<User = unknown> {
  readonly #context: OAuth1Context
  readonly #options: ResourceProtectorOptions<User>

  /** @throws TypeError that names the option, what it got and what is valid */
  constructor(options: ResourceProtectorOptions<User>) {
    const hooks = checked(options)
    const { claimNonce: _, ...rest } = options
    this.#options = options
    this.#context = libraryContext(rest, hooks)
  }

  /**
   * Who a request comes from.
   * @throws OAuth1Error, `missing_required_parameter` for a request that is not signed at all
   * @throws StorageUnavailable
   */
  check(request: Incoming, need?: ScopeNeed): Promise<Access<User>> {
    return this.#access(httpRequestOf(request, this.#incoming()), oauth1Protector(this.#context, need))
  }

  /** Protects a handler of fetch or of node:http, which is called with the credential and its user. */
  readonly requireOAuth: RequireOAuth<User> = (
    ...given: readonly [unknown] | readonly [unknown, unknown]
  ): FetchListener & NodeListener => {
    const [need, handler] = given.length === 1 ? [undefined, given[0]] : given
    const { emit, issuer } = this.#context.engine
    const protector = oauth1Protector(this.#context, need as ScopeNeed)
    const guard: Guard<Access<User>> = async (request) => {
      try {
        return { granted: await this.#access(request, protector) }
      } catch (error) {
        return { refused: refusalAsJson(refusalOf(emit, error, 'resource'), issuer) }
      }
    }
    const failed = (error: unknown): void => emit({ type: 'internal_error', endpoint: 'resource', error })
    return guarded(guard, handler as FetchHandler<Access<User>>, failed, this.#incoming())
  }

  async #access(request: HttpRequest, protector: OAuth1Protector): Promise<Access<User>> {
    const credential = await protector(request)
    if (credential === undefined) throw missingParameter('oauth_consumer_key')
    const user = await this.#options.users?.find(credential.userId)
    return { credential, user: user ?? undefined }
  }

  #incoming(): IncomingOptions {
    const { maxBodyBytes, trustProxy } = this.#options
    return {
      ...(trustProxy !== undefined && { trustProxy }),
      ...(maxBodyBytes !== undefined && { maxBodyBytes }),
    }
  }
}
