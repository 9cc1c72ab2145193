import { enabledAccounts } from './accounts/enabled-accounts.ts'
import { scryptHasher } from './accounts/scrypt-hasher.ts'
import { storedAccounts } from './accounts/stored-accounts.ts'
import { checkOptions } from './check-options.ts'
import { keyringFrom } from './core/crypto/keyring.ts'
import { systemClock } from './core/ports/clock.ts'
import type { Engine } from './core/ports/engine.ts'
import type { EventSink } from './core/ports/events.ts'
import { methodNotAllowed, notFound, ProtocolError } from './core/spec/errors.ts'
import { endpoints } from './endpoints.ts'
import type { HttpRequest } from './http/request.ts'
import { type HttpResponse, noStore, type ResponseHeaders } from './http/response.ts'
import { type Route, routeFinder } from './http/router.ts'
import { defaultPages } from './interaction/pages/pages.ts'
import { presenter } from './interaction/presenter.ts'
import { oauth1From } from './oauth1-feature.ts'
import type { ResponseTypeName } from './oauth2/authorize/request.ts'
import {
  formPost,
  fragment,
  query,
  type ResponseMode,
  type ResponseModeName,
} from './oauth2/authorize/response-mode.ts'
import { clientAuthMethods } from './oauth2/client-auth/methods.ts'
import type { Grant } from './oauth2/token/grant.ts'
import { authorizationCode } from './oauth2/token/grants/authorization-code.ts'
import { clientCredentials } from './oauth2/token/grants/client-credentials.ts'
import { password } from './oauth2/token/grants/password.ts'
import { refreshToken } from './oauth2/token/grants/refresh-token.ts'
import type { ProviderOptions } from './options.ts'
import { profiles } from './profiles/profiles.ts'
import { type Refusals, refusals } from './refusals.ts'
import { type ResourceGuard, resourceGuard, type ScopeNeed } from './resource-guard.ts'
import { pathsFrom, settingsFrom } from './settings.ts'

export interface Provider {
  readonly engine: Engine
  readonly issuer: string
  /** Whether a path belongs to one of the endpoints. */
  handles(path: string): boolean
  /** Answers a request. Never rejects. */
  handle(request: HttpRequest): Promise<HttpResponse>
  /** The guard of a protected resource, for requests that need this scope. */
  protect(need?: ScopeNeed): ResourceGuard
  /** One housekeeping step: deletes at most `limit` (default 100) expired rows of each kind; returns how many went. */
  sweep(limit?: number): Promise<number>
}

/** A sink that throws must not break the request it was told of. */
const safeSink = (sink: EventSink | undefined): EventSink => {
  if (sink === undefined) return () => {}
  return (event) => {
    try {
      sink(event)
    } catch (error) {
      console.error('cardea: onEvent threw', error)
    }
  }
}

function engineFrom(options: ProviderOptions): Engine {
  checkOptions(options)
  const hasher = options.hasher ?? scryptHasher
  return Object.freeze({
    settings: settingsFrom(options),
    store: options.store,
    hasher,
    accounts: enabledAccounts(options.accounts ?? storedAccounts(options.store.users, hasher)),
    keyring: keyringFrom(options.secrets),
    clock: options.clock ?? systemClock,
    emit: safeSink(options.onEvent),
  })
}

function grantsFrom({ grants, profile }: ProviderOptions): readonly Grant[] {
  if (grants !== undefined) return grants
  const byDefault = [authorizationCode(), refreshToken(), clientCredentials()]
  return profile !== undefined && profiles[profile].grantTypes.includes('password')
    ? [...byDefault, password()]
    : byDefault
}

/** A code that no grant redeems is neither promised nor issued. */
function responseTypesFrom(
  { responseTypes, profile }: ProviderOptions,
  grants: readonly Grant[],
): readonly ResponseTypeName[] {
  const redeemable = grants.some(({ type }) => type === 'authorization_code')
  if (responseTypes?.includes('code') && !redeemable) {
    throw new TypeError('responseTypes: code needs the authorization code grant among grants')
  }
  const wanted = responseTypes ?? (profile === undefined ? ['code' as const] : profiles[profile].responseTypes)
  return wanted.filter((type) => type !== 'code' || redeemable)
}

function enabledModes({ responseModes }: ProviderOptions, all: readonly ResponseMode[]): readonly ResponseModeName[] {
  const names = all.map(({ name }) => name)
  const unknown = responseModes?.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new TypeError(`responseModes: there is no ${JSON.stringify(unknown)}; valid are ${names.join(', ')}`)
  }
  return responseModes ?? names
}

/** RFC 9700 §2.6: any site may read, none gets credentials with it; the authorization endpoint is not for scripts at all. */
const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'www-authenticate, retry-after',
} as const

function preflight(route: Route): HttpResponse {
  return {
    status: 204,
    headers: {
      ...corsHeaders,
      'access-control-allow-methods': Object.keys(route.methods).join(', '),
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '3600',
    },
    body: '',
  }
}

/** RFC 9110 §10.2.1: HEAD stands beside GET wherever it is answered. */
const allowedMethods = ({ methods, getHasEffects }: Route): string[] =>
  Object.keys(methods).flatMap((method) => (method === 'GET' && !getHasEffects ? ['GET', 'HEAD'] : [method]))

async function respond(engine: Engine, route: Route, request: HttpRequest): Promise<HttpResponse> {
  try {
    if (!route.judgesTransport) mustBeSecure(engine, request)
    const { method } = request
    // The adapter leaves the body of an answer to HEAD out, since its length is still told (RFC 9110 §8.6).
    const named = method === 'HEAD' && !route.getHasEffects ? 'GET' : method
    const handler = Object.hasOwn(route.methods, named) ? route.methods[named] : undefined
    if (handler !== undefined) return await handler(request)
    throw methodNotAllowed(allowedMethods(route))
  } catch (error) {
    return route.refuse(error, route.name)
  }
}

async function handleAt(engine: Engine, route: Route, request: HttpRequest): Promise<HttpResponse> {
  if (!route.cors || request.header('origin') === undefined) return respond(engine, route, request)
  if (request.method === 'OPTIONS') return preflight(route)
  const response = await respond(engine, route, request)
  return { ...response, headers: { ...response.headers, ...corsHeaders } }
}

function notFoundResponse(request: HttpRequest, answers: Refusals): HttpResponse {
  const error = notFound('no_such_endpoint', 'There is no such endpoint')
  return request.header('accept')?.includes('text/html') ? answers.asPage(error, 'none') : answers.asJson(error, 'none')
}

/** What every answer says, redirects and errors included: stay on https, and never guess what a body is. */
function headersOfAll({ secureCookies }: Engine['settings']): ResponseHeaders {
  return {
    'x-content-type-options': 'nosniff',
    ...(secureCookies && { 'strict-transport-security': 'max-age=31536000' }),
  }
}

/** A request that surely came without TLS may have been read and changed on its way (RFC 6749 §3.1, §3.2). */
function mustBeSecure(engine: Engine, request: HttpRequest): void {
  if (request.secure !== false || !engine.settings.secureCookies) return
  throw new ProtocolError('insecure_transport', 'insecure_transport', { description: 'Use https' })
}

/**
 * Puts an authorization server together.
 * @throws TypeError that names the option, what it got and what is valid
 */
export function createProvider(options: ProviderOptions): Provider {
  const engine = engineFrom(options)
  const paths = pathsFrom(options)
  const present = presenter(engine.settings, { ...defaultPages, ...options.pages }, options.pageStyles)
  const answers = refusals(engine, present)
  const responseModes = [query, fragment, formPost(present, paths.formPostScript[0] ?? '')]
  const grants = grantsFrom(options)
  const oauth1 = oauth1From(engine, options.oauth1)
  const routes = endpoints({
    engine,
    paths,
    oauth1,
    grants: [...grants, ...(oauth1?.grants ?? [])],
    responseTypes: responseTypesFrom(options, grants),
    responseModes,
    enabledModes: enabledModes(options, responseModes),
    clientAuthMethods: [...clientAuthMethods(engine.hasher), ...(options.clientAuthMethods ?? [])],
    present,
    refusals: answers,
  })
  const find = routeFinder(routes)
  const always = headersOfAll(engine.settings)
  return {
    engine,
    issuer: engine.settings.issuer,
    handles: (path) => find(path) !== undefined,
    async handle(request) {
      const route = find(request.path)
      try {
        const answer = route === undefined ? notFoundResponse(request, answers) : handleAt(engine, route, request)
        const { status, headers, body } = await answer
        return { status, headers: { ...headers, ...always }, body }
      } catch (error) {
        // A page or sink of the host failed while an error was being told.
        engine.emit({ type: 'internal_error', endpoint: route?.name ?? 'none', error })
        return { status: 500, headers: { 'content-type': 'text/plain', ...noStore, ...always }, body: 'server_error' }
      }
    },
    protect: (need) => resourceGuard({ engine, refusals: answers, oauth1 }, need),
    sweep: (limit = 100) => engine.store.housekeeping.sweep(engine.clock.now(), limit),
  }
}
