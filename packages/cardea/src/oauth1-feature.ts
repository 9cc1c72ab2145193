import type { Engine } from './core/ports/engine.ts'
import { invalidRequest, ProtocolError } from './core/spec/errors.ts'
import { formOf } from './http/params.ts'
import type { HttpRequest } from './http/request.ts'
import { json } from './http/response.ts'
import type { Handler, Route } from './http/router.ts'
import type { Present } from './interaction/presenter.ts'
import type { InteractionProtocol } from './interaction/protocol.ts'
import { countAttempt } from './interaction/sign-in-limits.ts'
import { accessTokenEndpoint } from './oauth1/access-token.ts'
import { refusalMembers } from './oauth1/answers.ts'
import { isOAuth1Header } from './oauth1/authorization-header.ts'
import { oauth1AuthorizeEndpoint, oauth1Interaction } from './oauth1/authorize.ts'
import { type OAuth1Context, oauth1Context } from './oauth1/context.ts'
import { OAuth1Error } from './oauth1/errors.ts'
import { resolvedOAuth1 } from './oauth1/options.ts'
import { parametersOf } from './oauth1/parameters.ts'
import { credentialOf, oauth1Protector } from './oauth1/protect.ts'
import { providerEngine } from './oauth1/provider-engine.ts'
import { requestTokenEndpoint } from './oauth1/request-token.ts'
import { unverifiedRequest } from './oauth1/signed-request.ts'
import { splitStorage, storeStorage } from './oauth1/store-storage.ts'
import { verifyReceived } from './oauth1/verify.ts'
import { type OAuth1FeatureOptions, resolvedFeature } from './oauth1-feature-options.ts'
import { authenticateClient } from './oauth2/client-auth/authenticate.ts'
import type { ClientAuthMethod } from './oauth2/client-auth/method.ts'
import type { TokenFacts } from './oauth2/protection/token-info.ts'
import { oauth1Signature } from './oauth2/token/grants/oauth1-exchange.ts'
import { tokenExchangeGrant } from './oauth2/token/token-exchange-names.ts'
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

/**
 * Protocol parameters of the header, held to the rules of every OAuth 1 request: each once, none too long, no control
 * characters. Undefined for another scheme. Throws `ProtocolError` for a header that cannot be read.
 */
function protocolOf(request: HttpRequest): ReadonlyMap<string, string> | undefined {
  const authorization = request.header('authorization')
  if (!isOAuth1Header(authorization)) return undefined
  try {
    return parametersOf({ query: '', authorization, contentType: undefined, body: undefined })?.protocol
  } catch (error) {
    if (error instanceof OAuth1Error) throw invalidRequest(error.reason, error.description)
    throw error
  }
}

/**
 * The signature of a token credential as client authentication: for the exchange, which is the only grant that takes
 * it. A client needs no other secret to move on to OAuth 2.
 */
function signatureMethod(context: OAuth1Context): ClientAuthMethod {
  return {
    name: oauth1Signature,
    suits: (client) => client.oauth1 !== undefined && client.grant_types.includes(tokenExchangeGrant),
    present(request) {
      const protocol = protocolOf(request)
      if (protocol === undefined) return undefined
      const signedToken = protocol.get('oauth_token')
      const clientId = protocol.get('oauth_consumer_key') ?? ''
      return signedToken === undefined ? { clientId } : { clientId, signedToken }
    },
    async verify(_engine, _client, presented, _beforeGuess, request) {
      try {
        const read = await unverifiedRequest(request)
        if (read === undefined || read.place !== 'header') return false
        if (read.protocol.get('oauth_token') !== presented.signedToken) return false
        await credentialOf(context, read)
        return true
      } catch (error) {
        if (error instanceof OAuth1Error) return false
        throw error
      }
    },
  }
}

function verifyHandler(
  engine: Engine,
  context: OAuth1Context,
  methods: readonly ClientAuthMethod[],
  perMinute: number,
): Handler {
  return async (request) => {
    const params = await formOf(request)
    const { client } = await authenticateClient(engine, methods, request, params)
    if (client.token_endpoint_auth_method === 'none') {
      throw new ProtocolError('invalid_client', 'public_client', { description: 'Invalid client credentials' })
    }
    await countAttempt(engine, `oauth1 verify ${client.client_id}`, { attempts: perMinute, window: 60 })
    const mayAsk = (clientId: string): boolean => client.introspect_any === true || clientId === client.client_id
    const { credential, problem } = await verifyReceived(context, params, mayAsk)
    if (problem !== undefined) return json(200, { active: false, ...refusalMembers(problem) })
    if (credential === undefined) return json(200, { active: false })
    const user = await engine.accounts.find(credential.userId)
    return json(200, {
      active: true,
      client_id: credential.clientId,
      sub: credential.userId,
      ...(user !== undefined && { username: user.username }),
      scope: credential.scope.join(' '),
      iat: credential.issuedAt,
      ...(credential.expiresAt !== undefined && { exp: credential.expiresAt }),
      token_type: 'oauth1',
      iss: engine.settings.issuer,
    })
  }
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
    clientAuthMethods: exchange === undefined ? [] : [signatureMethod(context)],
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
          methods: { POST: verifyHandler(engine, context, clientAuthMethods, verificationsPerMinute) },
          refuse: refusals.asJson,
        },
      ]
    },
  }
}
