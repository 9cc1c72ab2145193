import type { User } from './core/model/user.ts'
import { type Clock, systemClock } from './core/ports/clock.ts'
import type { Emit, EventSink } from './core/ports/events.ts'
import type { ProtocolError } from './core/spec/errors.ts'
import { eventHub } from './event-hub.ts'
import { protocolErrorOf } from './http/protocol-error-of.ts'
import type { HttpRequest } from './http/request.ts'
import type { HttpResponse } from './http/response.ts'
import { challenge as challengeOfOAuth1 } from './oauth1/answers.ts'
import { type ChallengeAttributes, checkAttributes } from './oauth2/protection/challenge.ts'
import { type DpopProtectionOptions, dpopProtection, localDpop } from './oauth2/protection/dpop-protection.ts'
import { type SignedRequests, tokenGuardOf } from './oauth2/protection/guard.ts'
import { type IntrospectionOptions, introspectionValidator } from './oauth2/protection/introspected-token.ts'
import { type JwtAccessTokenOptions, jwtValidator } from './oauth2/protection/jwt-access-token.ts'
import { localTokens } from './oauth2/protection/local-token.ts'
import type { FindUser, TokenInfo } from './oauth2/protection/token-info.ts'
import type { TokenValidator } from './oauth2/protection/token-validator.ts'
import type { Provider } from './provider.ts'
import type { Protects } from './resource-guard.ts'

/** Which tokens are accepted, and what is made of them. At least one kind must be named. */
export interface ResourceProtectorOptions<Person = User> {
  /** JWTs of other issuers (RFC 9068). */
  readonly jwt?: JwtAccessTokenOptions | readonly JwtAccessTokenOptions[]
  /** Tokens that another server is asked about (RFC 7662). Asked after the JWTs, since it knows every token. */
  readonly introspection?: IntrospectionOptions
  /** The tokens of an authorization server in this process, OAuth 1 too where it speaks it. */
  readonly provider?: Pick<Provider, 'engine' | 'protect'>
  /** Tokens of the host's own kinds, asked first; several schemes may stand side by side. */
  readonly validators?: readonly TokenValidator[]
  /** Finds the user of a token, when a handler first asks for it. Default: the users of `provider`, otherwise nobody. */
  readonly users?: FindUser<Person>
  /** Of the challenges. Default: the issuer of `provider` or of `jwt`, otherwise `api`. */
  readonly realm?: string
  /** More attributes of every challenge, such as `resource_metadata` (RFC 9728 §5.1). */
  readonly attributes?: ChallengeAttributes
  /** Tokens bound to keys (RFC 9449). Default: as `provider` has it; otherwise they are refused. */
  readonly dpop?: DpopProtectionOptions
  /** Also take the token from form or query (RFC 6750 §2.2, §2.3), where it ends up in logs. Default false. */
  readonly tokenInFormOrQuery?: boolean
  /** Before anything else is looked at. Throws `ProtocolError` to refuse. */
  readonly checkRequest?: (request: HttpRequest) => void | Promise<void>
  /** After a token was found to hold. Throws `ProtocolError` to refuse. */
  readonly checkToken?: (token: TokenInfo<Person>, request: HttpRequest) => void | Promise<void>
  /** The answer in place of ours. `error` is absent where no token came, or a signature of OAuth 1 does not hold. */
  readonly refusal?: (
    answer: HttpResponse,
    error: ProtocolError | undefined,
    request: HttpRequest,
  ) => HttpResponse | Promise<HttpResponse>
  /** By which the age of a sign-in is told (RFC 9470). Default: that of `provider`, or of the system. */
  readonly clock?: Clock
  /** Hears of tokens that were accepted and requests that were refused. */
  readonly onEvent?: EventSink
}

/** Protects resources with tokens of several kinds. */
export interface ResourceProtector<Person = User> extends Protects<TokenInfo<Person>> {
  /**
   * Accepts one more kind of token, after those there are.
   * @throws TypeError once a route is protected: it would not know of it
   */
  registerTokenValidator(validator: TokenValidator): void
}

const listOf = <T>(given: T | readonly T[] | undefined): readonly T[] =>
  given === undefined ? [] : Array.isArray(given) ? given : [given as T]

/** A refusal that is an answer already. */
class Refused extends Error {
  readonly answer: HttpResponse

  constructor(answer: HttpResponse) {
    super('refused')
    this.answer = answer
  }
}

const oauth1Challenge = ({ headers }: HttpResponse): string | undefined =>
  [headers['www-authenticate'] ?? []].flat().find((challenge) => challenge.startsWith('OAuth '))

/** What is not of a scheme of ours goes to the guard of the provider, which knows the signatures of OAuth 1. */
function signedBy(provider: Pick<Provider, 'engine' | 'protect'>, tells: boolean): SignedRequests {
  // What is needed is for this protector to check: its users may be others, and its challenges are.
  const guard = provider.protect()
  let challenge: string | undefined
  return {
    tells,
    challenge: () => challenge,
    async authenticate(request) {
      const result = await guard(request)
      if ('token' in result) {
        if (result.token.scheme === 'OAuth') challenge ??= challengeOfOAuth1(provider.engine.settings.issuer)
        return result.token
      }
      challenge ??= oauth1Challenge(result.refused)
      const authorization = request.header('authorization')
      const isSigned = authorization === undefined ? !result.anonymous : /^oauth(?:\s|$)/i.test(authorization)
      if (isSigned) throw new Refused(result.refused)
      return undefined
    },
    async refuse(error) {
      if (error instanceof Refused) return error.answer
      throw error
    },
  }
}

function realmOf<Person>({ realm, provider, jwt }: ResourceProtectorOptions<Person>): string {
  const [first] = listOf(jwt)
  return realm ?? provider?.engine.settings.issuer ?? first?.issuer ?? 'api'
}

function usersOf<Person>({ users, provider }: ResourceProtectorOptions<Person>): FindUser<Person> | undefined {
  if (users !== undefined || provider === undefined) return users
  // Without users of the host's own, `Person` is what the provider calls a user.
  return ((userId: string) => provider.engine.accounts.find(userId)) as FindUser<never>
}

function emitOf<Person>({ onEvent, provider }: ResourceProtectorOptions<Person>): Emit {
  return onEvent === undefined && provider !== undefined ? provider.engine.emit : eventHub(onEvent).emit
}

/**
 * Protects resources with the tokens of any issuer: JWTs, tokens that are asked about, those of a provider in this
 * process, and kinds of the host's own, on one route. Hand it to `protector()` of any adapter.
 * @throws TypeError that names the option and what is valid
 */
export function resourceProtector<Person = User>(options: ResourceProtectorOptions<Person>): ResourceProtector<Person> {
  const { provider, introspection, attributes = {}, tokenInFormOrQuery = false } = options
  checkAttributes(attributes)
  const registered: TokenValidator[] = [
    ...(options.validators ?? []),
    ...(provider === undefined ? [] : [localTokens(provider.engine)]),
    ...listOf(options.jwt).map((jwt) => jwtValidator(jwt)),
  ]
  // Asked last: it knows every token, and each question is a request.
  const last = introspection === undefined ? [] : [introspectionValidator(introspection)]
  let inUse = false
  const emit = emitOf(options)
  const parts = {
    realm: realmOf(options),
    attributes,
    tokenInFormOrQuery,
    findUser: usersOf(options),
    clock: options.clock ?? provider?.engine.clock ?? systemClock,
    dpop: options.dpop === undefined ? provider && localDpop(provider.engine) : dpopProtection(options.dpop),
    emit,
    async toProtocolError(error: unknown) {
      let telling: Promise<void> | undefined
      const tell: Emit = (event) => {
        telling = emit(event)
        return telling
      }
      const told = protocolErrorOf(tell, error, 'resource')
      await telling
      return told
    },
    ...(options.checkRequest && { checkRequest: options.checkRequest }),
    ...(options.checkToken && { checkToken: options.checkToken }),
    ...(options.refusal && { refusal: options.refusal }),
  }
  return {
    engine: { emit },
    registerTokenValidator(validator) {
      if (inUse) throw new TypeError('registerTokenValidator: register before the first route is protected')
      registered.push(validator)
    },
    protect(need) {
      inUse = true
      const validators = [...registered, ...last]
      if (validators.length === 0)
        throw new TypeError('resourceProtector: needs jwt, introspection, provider or validators')
      const signed = provider === undefined ? undefined : signedBy(provider, options.onEvent === undefined)
      return tokenGuardOf<Person>({ ...parts, validators, signed }, need)
    },
  }
}
