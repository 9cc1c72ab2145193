import type { Interaction } from '../../core/model/interaction.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { covers, mayHaveScope } from '../../core/rules/scope.ts'
import { accessDenied, invalidRequest, ProtocolError } from '../../core/spec/errors.ts'
import { RequestLedger } from '../../core/tokens/request-ledger.ts'
import { formOf, type Params, parseParams } from '../../http/params.ts'
import type { HttpRequest } from '../../http/request.ts'
import { type HttpResponse, seeOther } from '../../http/response.ts'
import { beginInteraction, type InteractionRequest } from '../../interaction/begin.ts'
import { browserOf, type SignedIn, signedInHere } from '../../interaction/browser.ts'
import type { InteractionProtocol } from '../../interaction/protocol.ts'
import { isAllUsable } from '../rich-authorization/usable-details.ts'
import { mayRedirectTo } from './client-redirect.ts'
import { checkedNeeds, demandsSignIn, isTooOld, unanswerable } from './consent-needs.ts'
import { repeatableOf } from './fact-reader.ts'
import { pendingOf } from './once-only.ts'
import { openRequest } from './open-request.ts'
import { RedirectedError } from './redirected-error.ts'
import { type AuthorizationRequest, mayUseResponseType } from './request.ts'
import type { Responder } from './respond.ts'
import { isAcrMet } from './sign-in-facts.ts'
import { answerableFrom, answerableOf, lacksAcrOnly, storedFrom } from './stored-request.ts'
import { type ClientTeller, tellClient } from './tell-client.ts'
import type { AuthorizationChecks } from './validate.ts'

export interface AuthorizationEndpointOptions extends AuthorizationChecks, ClientTeller {
  readonly path: string
  readonly interactionPath: string
}

const protocolName = 'oauth2'

/** What is kept of a request while a person decides. */
export const askedFrom = (request: AuthorizationRequest): InteractionRequest => ({
  protocol: protocolName,
  clientId: request.client.client_id,
  scope: request.scope,
  ...(request.facts !== undefined && { facts: request.facts }),
  redirectUri: request.redirectUri,
  freshSignIn: false,
  askConsent: request.prompt.includes('consent'),
  request: storedFrom(request),
})

async function decide(
  engine: Engine,
  options: AuthorizationEndpointOptions,
  http: HttpRequest,
  request: AuthorizationRequest,
): Promise<HttpResponse> {
  const signedIn = await signedInHere(engine, http, request)
  const needs = await checkedNeeds(engine, options, request, signedIn)
  const ledger = new RequestLedger(engine, request.once && [pendingOf(request.once)])
  if (!needs.signIn && !needs.consent && signedIn !== undefined) {
    const { scope } = request
    const granting = () => options.responder.granted(answerableFrom(request), { by: signedIn, scope, ledger })
    const response = await ledger.through(granting)
    if (response !== undefined) return response
  }
  await ledger.settle()
  if (request.prompt.includes('none')) throw unanswerable(needs)
  const kept = askedFrom(request)
  const isStrongerWanted = signedIn !== undefined && needs.signIn && !isTooOld(engine, request, signedIn)
  const asked = {
    ...kept,
    ...(isStrongerWanted && { request: { ...kept.request, ...lacksAcrOnly } }),
    freshSignIn: demandsSignIn(request) || (signedIn !== undefined && needs.signIn),
    ...(signedIn !== undefined && needs.signIn && { staleSession: signedIn.session.digest }),
  }
  return beginInteraction(engine, http, asked, options.interactionPath)
}

/** Characters of an address that browsers, proxies and servers surely take. */
const longestAddress = 8192

function sentRound(path: string, params: Params): HttpResponse {
  const query = [...params.names()]
    .flatMap((name) => params.all(name).map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`))
    .join('&')
  if (query.length > longestAddress) throw invalidRequest('request_too_long', 'The request is too long to be sent on')
  return seeOther(`${path}?${query}`)
}

/**
 * RFC 6749 §3.1. GET and POST. A POST from another site arrives without our SameSite cookies, so it is sent round as a
 * GET: otherwise it would look like a new browser and void what the person is doing in another tab.
 */
export function authorizationEndpoint(engine: Engine, options: AuthorizationEndpointOptions) {
  const parsing = { repeatable: repeatableOf(options.rules.factReaders) }
  const handle = async (http: HttpRequest, received: Params): Promise<HttpResponse> => {
    try {
      return await openRequest(engine, options, http, received, (request) => decide(engine, options, http, request))
    } catch (error) {
      if (!(error instanceof RedirectedError)) throw error
      const { code, reason, redirect } = error
      await engine.emit({ type: 'request_refused', endpoint: 'authorize', code, reason, clientId: redirect.clientId })
      return tellClient(engine, options, error, () => signedInHere(engine, http))
    }
  }
  return {
    GET: (http: HttpRequest): Promise<HttpResponse> => handle(http, parseParams(http.query, parsing)),
    POST: async (http: HttpRequest): Promise<HttpResponse> => {
      const params = await formOf(http, parsing)
      return browserOf(engine, http) === undefined ? sentRound(options.path, params) : handle(http, params)
    },
  }
}

export const deniedByUser = (): ProtocolError =>
  accessDenied('denied_by_user', 'The user denied access to your application')

/** A hook that refuses what the person decided: the client is told, and the request does not stay open. */
async function refusedDecision(
  engine: Engine,
  responder: Responder,
  interaction: Interaction,
  error: unknown,
): Promise<HttpResponse> {
  if (!(error instanceof ProtocolError)) throw error
  const { code, reason } = error
  const { clientId } = interaction
  await engine.store.interactions.take(interaction.id, engine.clock.now())
  await engine.emit({ type: 'request_refused', endpoint: 'authorize', code, reason, clientId })
  return responder.refused(answerableOf(interaction), error)
}

/** Resources once allowed stay allowed, beside those of this request (RFC 8707 §2). */
async function rememberedFacts(engine: Engine, { clientId, facts }: Interaction, { user }: SignedIn) {
  const before = await engine.store.consents.find(user.id, clientId)
  const resources = new Set([...(before?.facts?.resources ?? []), ...(facts?.resources ?? [])])
  return resources.size === 0 ? {} : { facts: { resources: [...resources] } }
}

/** How an OAuth 2 request is answered once the person has decided. */
export function oauth2Interaction(engine: Engine, responder: Responder): InteractionProtocol {
  return {
    name: protocolName,
    wanted(interaction) {
      const { acrValues, maxAge } = answerableOf(interaction)
      return { acrValues, maxAge }
    },
    steppedUp: (interaction, by) =>
      interaction.request.sign_in === lacksAcrOnly.sign_in &&
      isAcrMet(engine.settings, answerableOf(interaction), by.session),
    async stands(interaction, client) {
      const { facts, redirectUri, responseType } = answerableOf(interaction)
      return (
        isAllUsable(engine, client, facts) &&
        (await mayRedirectTo(client, redirectUri)) &&
        mayUseResponseType(client, responseType) &&
        mayHaveScope(client, await engine.store.scopes.all(), interaction.scope)
      )
    },
    async granted(interaction, by, scope, remember) {
      if (!covers(interaction.scope, scope)) throw new TypeError('granted scope exceeds the interaction')
      const { clientId, id } = interaction
      const updatedAt = engine.clock.now()
      const consent =
        remember === undefined
          ? undefined
          : {
              userId: by.user.id,
              clientId,
              scope: remember,
              updatedAt,
              ...(await rememberedFacts(engine, interaction, by)),
            }
      try {
        return await responder.granted(answerableOf(interaction), {
          by,
          scope,
          spend: { kind: 'interaction', id },
          ...(consent !== undefined && { consent }),
        })
      } catch (error) {
        return refusedDecision(engine, responder, interaction, error)
      }
    },
    async denied(interaction) {
      try {
        return await responder.denied(answerableOf(interaction), deniedByUser())
      } catch (error) {
        return refusedDecision(engine, responder, interaction, error)
      }
    },
  }
}
