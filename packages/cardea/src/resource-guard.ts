import type { User } from './core/model/user.ts'
import type { Engine } from './core/ports/engine.ts'
import { isSameResource } from './core/rules/resource.ts'
import { challenge } from './oauth1/answers.ts'
import type { OAuth1Feature } from './oauth1-feature.ts'
import type { ChallengeAttributes } from './oauth2/protection/challenge.ts'
import { localDpop } from './oauth2/protection/dpop-protection.ts'
import { type ResourceGuard, type SignedRequests, tokenGuardOf } from './oauth2/protection/guard.ts'
import { localTokens } from './oauth2/protection/local-token.ts'
import { protectedResource } from './oauth2/protection/protected-resource.ts'
import type { TokenInfo } from './oauth2/protection/token-info.ts'
import { resourcesIn, type ScopeNeed } from './oauth2/protection/token-need.ts'
import type { Refusals } from './refusals.ts'

export type { ResourceGuard } from './oauth2/protection/guard.ts'
export type { KnownNeed } from './oauth2/protection/known-need.ts'
export type { TokenInfo } from './oauth2/protection/token-info.ts'
export type { ScopeNeed } from './oauth2/protection/token-need.ts'

/** What accepts tokens: a provider, an `AuthorizationServer`, or what `resourceProtector` makes. */
export interface Protects<Token extends TokenInfo<unknown> = TokenInfo, Name extends string = string> {
  /** The guard of a protected resource, for requests that need this. Throws TypeError for a need that names nothing. */
  protect(need?: ScopeNeed): ResourceGuard<Token>
  /** Names of its scopes, where the program knows them: no other compiles. */
  readonly scopeNames?: readonly Name[]
  /** Hears of handlers that fail. */
  readonly engine?: Pick<Engine, 'emit'>
}

interface GuardParts {
  readonly engine: Engine
  readonly refusals: Refusals
  readonly oauth1: OAuth1Feature | undefined
}

/** RFC 9728 §5.1: of several resources beside this server, that of the one which the route says it is. */
function challengeFor({ settings }: Engine, need: ScopeNeed): ChallengeAttributes {
  const { describedResources, resourceMetadata } = settings
  const described = describedResources.find((one) => resourcesIn(need).some((name) => isSameResource(name, one)))
  if (described !== undefined) return protectedResource({ resource: described }).challenge
  return resourceMetadata === undefined ? {} : { resource_metadata: resourceMetadata }
}

/** Bearer tokens of our own and, where OAuth 1 is on, signed requests, on one route. */
export function resourceGuard(
  { engine, refusals, oauth1 }: GuardParts,
  need: ScopeNeed,
): ResourceGuard<TokenInfo<User>> {
  const { issuer: realm } = engine.settings
  const oauth1Challenge = challenge(realm)
  const signed: SignedRequests | undefined = oauth1 && {
    challenge: () => oauth1Challenge,
    authenticate: oauth1.protect,
    refuse: (error) => refusals.asOAuth1Json(error, 'resource'),
  }
  return tokenGuardOf<User>(
    {
      validators: [localTokens(engine)],
      realm,
      attributes: challengeFor(engine, need),
      tokenInFormOrQuery: engine.settings.compatibility.bearerTokenInFormOrQuery,
      findUser: (userId) => engine.accounts.find(userId),
      signed,
      dpop: localDpop(engine),
      emit: engine.emit,
      clock: engine.clock,
      toProtocolError: (error) => refusals.toProtocolError(error, 'resource'),
    },
    need,
  )
}
