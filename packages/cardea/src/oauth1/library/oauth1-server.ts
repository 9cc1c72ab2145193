import {
  type AnswerTo,
  answerTo,
  httpRequestOf,
  type Incoming,
  type IncomingOptions,
  isFetchRequest,
} from '../../adapters/incoming.ts'
import type { HttpRequest } from '../../http/request.ts'
import type { HttpResponse } from '../../http/response.ts'
import { accessTokenEndpoint } from '../access-token.ts'
import { refusalAsForm } from '../answers.ts'
import { type AuthorizationCheck, checkAuthorization } from '../authorization.ts'
import type { OAuth1Context } from '../context.ts'
import { OAuth1Error } from '../errors.ts'
import { refusalOf } from '../refusal-of.ts'
import { requestTokenEndpoint } from '../request-token.ts'
import { sealedAs } from '../secret-purposes.ts'
import { builtInSignatureMethods, type SignatureMethod } from '../signature-methods.ts'
import { authorizationAnswer, type Decision, oauthTokenOf } from './authorization-answer.ts'
import { libraryContext } from './context.ts'
import { type HookName, type HookTable, mustBeHook, type OAuth1Hooks } from './hooks.ts'
import type { OAuth1LibraryOptions } from './options.ts'

/** What an `OAuth1Server` is made from: `issuer`, `secrets`, and a store or models of the host. */
export interface OAuth1ServerOptions extends OAuth1LibraryOptions {
  /** Shown on the page with the verifier of a client that cannot receive a redirect. Default: the issuer's host. */
  readonly title?: string
}

/**
 * An OAuth 1.0a authorization server (RFC 5849 §2) inside an application that has its own sign-in and its own pages.
 * Every method takes a Web `Request` and answers with a `Response`, or an `IncomingMessage` and answers with what `send`
 * writes.
 */
export class OAuth1Server {
  readonly #hooks: HookTable = {}
  readonly #options: OAuth1ServerOptions
  readonly #incoming: IncomingOptions
  #context: OAuth1Context

  /** @throws TypeError that names the option, what it got and what is valid */
  constructor(options: OAuth1ServerOptions) {
    const { trustProxy, maxBodyBytes } = options
    this.#options = { ...options }
    this.#incoming = {
      ...(trustProxy !== undefined && { trustProxy }),
      ...(maxBodyBytes !== undefined && { maxBodyBytes }),
    }
    this.#context = libraryContext(options, this.#hooks)
  }

  /**
   * Lets the host keep something by itself, instead of `shortTerm` and `tokens`.
   * @throws TypeError for a name that is none, for what is no function, and beside a store, which keeps everything
   */
  registerHook<Name extends HookName>(name: Name, hook: OAuth1Hooks[Name]): this {
    mustBeHook(name)
    if (typeof hook !== 'function') throw new TypeError(`registerHook: ${name} must be a function`)
    if (this.#options.store !== undefined) throw new TypeError('registerHook: a store keeps everything; pass clients')
    this.#hooks[name] = hook
    return this
  }

  /**
   * Adds a signature method and switches it on. `verify` must compare in constant time and answer true or false.
   * @throws TypeError for a name that is taken
   */
  registerSignatureMethod(name: string, verify: SignatureMethod['verify']): this {
    const { ownSignatureMethods = [], signatureMethods = this.#context.settings.signatureMethods } = this.#options
    const own = [...ownSignatureMethods, { name, keyKind: 'shared_secret', verify } as const]
    if ([...builtInSignatureMethods, ...ownSignatureMethods].some((method) => method.name === name))
      throw new TypeError(`registerSignatureMethod: ${name} is there already`)
    Object.assign(this.#options, { ownSignatureMethods: own, signatureMethods: [...signatureMethods, name] })
    this.#context = libraryContext(this.#options, this.#hooks, this.#context)
    return this
  }

  /**
   * Makes `ClientModel.sealedSecret` of a client's shared secret: whoever reads the database learns nothing from it, and
   * it is of no use for another client.
   */
  sealClientSecret(clientId: string, secret: string): string {
    return this.#context.engine.keyring.seal(sealedAs.client, secret, clientId)
  }

  /** RFC 5849 §2.1, `POST`. Never rejects: refusals are answers. */
  createTemporaryCredentialsResponse<Asked extends Incoming>(request: Asked): Promise<AnswerTo<Asked>> {
    return this.#answer(request, 'oauth1-initiate', requestTokenEndpoint(this.#context))
  }

  /**
   * RFC 5849 §2.2: what to ask the resource owner, before the page that asks it.
   * @throws OAuth1Error for the host's page: nothing is redirected on behalf of a token that nobody asked for
   */
  async checkAuthorizationRequest(request: Incoming): Promise<AuthorizationCheck> {
    return checkAuthorization(this.#context, await this.#tokenOf(request))
  }

  /**
   * RFC 5849 §2.2: sends the resource owner back, with a verifier when somebody grants, or shows the verifier to whoever
   * has to type it in. The host has made sure who that is, and that the form came from its own page.
   * @throws OAuth1Error for the host's page, TypeError for a user without an id
   */
  async createAuthorizationResponse<Asked extends Incoming>(
    request: Asked,
    decision: Decision,
  ): Promise<AnswerTo<Asked>> {
    const token = decision.token ?? (await this.#tokenOf(request))
    const title = this.#options.title ?? new URL(this.#context.engine.issuer).host
    return answerTo(request, await authorizationAnswer(this.#context, token, decision, title))
  }

  /** RFC 5849 §2.3, `POST`. Never rejects: refusals are answers. */
  createTokenResponse<Asked extends Incoming>(request: Asked): Promise<AnswerTo<Asked>> {
    return this.#answer(request, 'oauth1-token', accessTokenEndpoint(this.#context))
  }

  /** Of a copy, where there can be one: the host reads the same form, before or after. */
  #tokenOf(request: Incoming): Promise<string | undefined> {
    const copied = isFetchRequest(request) && !request.bodyUsed ? request.clone() : request
    return oauthTokenOf(httpRequestOf(copied, this.#incoming))
  }

  async #answer<Asked extends Incoming>(
    asked: Asked,
    endpoint: string,
    handle: (http: HttpRequest) => Promise<HttpResponse>,
  ): Promise<AnswerTo<Asked>> {
    const { emit, issuer } = this.#context.engine
    try {
      const request = httpRequestOf(asked, this.#incoming)
      if (request.method !== 'POST') throw postOnly()
      return answerTo(asked, await handle(request))
    } catch (error) {
      return answerTo(asked, refusalAsForm(refusalOf(emit, error, endpoint), issuer))
    }
  }
}

const postOnly = (): OAuth1Error =>
  new OAuth1Error('method_not_allowed', 'method_not_allowed', { description: 'Use POST', allow: ['POST'] })
