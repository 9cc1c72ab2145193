import type { Engine } from './core/ports/engine.ts'
import type { HttpRequest } from './http/request.ts'
import type { Route } from './http/router.ts'
import type { Present } from './interaction/presenter.ts'
import type { InteractionProtocol } from './interaction/protocol.ts'
import { accessTokenEndpoint } from './oauth1/access-token.ts'
import { oauth1AuthorizeEndpoint, oauth1Interaction } from './oauth1/authorize.ts'
import { type OAuth1Context, oauth1Context } from './oauth1/context.ts'
import { resolvedOAuth1 } from './oauth1/options.ts'
import { oauth1Protector } from './oauth1/protect.ts'
import { providerEngine } from './oauth1/provider-engine.ts'
import { requestTokenEndpoint } from './oauth1/request-token.ts'
import { splitStorage, storeStorage } from './oauth1/store-storage.ts'
import { oauth1ClientAuth } from './oauth1-client-auth.ts'
import { type OAuth1FeatureOptions, resolvedFeature } from './oauth1-feature-options.ts'
import { oauth1VerifyEndpoint } from './oauth1-verify-endpoint.ts'
import type { ClientAuthMethod } from './oauth2/client-auth/method.ts'
import type { TokenFacts } from './oauth2/protection/token-info.ts'
import type { Paths } from './paths.ts'
import type { Refusals } from './refusals.ts'

export type { OAuth1FeatureOptions } from './oauth1-feature-options.ts'

/** OAuth 1.0a as a provider speaks it, beside OAuth 2. */
export interface OAuth1Feature {
  /** For the token endpoint only. */
  readonly clientAuthMethods: readonly ClientAuthMethod[]
  /** Of a signed request; undefined for any other. Throws `OAuth1Error` for one that does not hold. */
  readonly protect: (request: HttpRequest) => Promise<TokenFacts | undefined>
  interaction(present: Present): InteractionProtocol
  routes(parts: OAuth1RouteParts): readonly Route[]
}

export interface OAuth1RouteParts {
  readonly paths: Paths
  readonly refusals: Refusals
  readonly clientAuthMethods: readonly ClientAuthMethod[]
}

function protectorOf(context: OAuth1Context): OAuth1Feature['protect'] {
  const protector = oauth1Protector(context)
  return async (request) => {
    const proven = await protector(request)
    if (proven === undefined) return undefined
    const { clientId, userId, scope, expiresAt, authorizationId } = proven.credential
    return { scheme: 'OAuth', clientId, userId, scope, authorizationId, ...(expiresAt !== undefined && { expiresAt }) }
  }
}

/** Undefined when it is off. Throws TypeError for options that cannot be meant. */
export function oauth1From(
  engine: Engine,
  given: boolean | OAuth1FeatureOptions | undefined,
): OAuth1Feature | undefined {
  const resolved = resolvedFeature(given)
  if (resolved === undefined) return undefined
  const { exchange, options, shortTerm, verificationsPerMinute } = resolved
  const storage = shortTerm === undefined ? storeStorage(engine) : splitStorage(engine, shortTerm)
  const context = oauth1Context({ engine: providerEngine(engine), storage, ...resolvedOAuth1(options) })
  return {
    clientAuthMethods: exchange === undefined ? [] : [oauth1ClientAuth(context)],
    protect: protectorOf(context),
    interaction: (present) => oauth1Interaction(context, present),
    routes: ({ paths, refusals, clientAuthMethods }) => {
      const judgesTransport = context.settings.allowInsecureTransport
      const form = { refuse: refusals.asOAuth1Form, judgesTransport }
      const interactionPath = paths.interaction[0] as string
      return [
        {
          name: 'oauth1-initiate',
          paths: paths.oauth1Initiate,
          methods: { POST: requestTokenEndpoint(context) },
          ...form,
        },
        { name: 'oauth1-token', paths: paths.oauth1Token, methods: { POST: accessTokenEndpoint(context) }, ...form },
        {
          name: 'oauth1-authorize',
          getHasEffects: true,
          paths: paths.oauth1Authorize,
          methods: oauth1AuthorizeEndpoint(engine, context, interactionPath),
          refuse: refusals.asPage,
          judgesTransport,
        },
        {
          name: 'oauth1-verify',
          paths: paths.oauth1Verify,
          methods: { POST: oauth1VerifyEndpoint(engine, context, clientAuthMethods, verificationsPerMinute) },
          refuse: refusals.asJson,
        },
      ]
    },
  }
}
