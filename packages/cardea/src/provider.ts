import { enabledAccounts } from './accounts/enabled-accounts.ts'
import { scryptHasher } from './accounts/scrypt-hasher.ts'
import { storedAccounts } from './accounts/stored-accounts.ts'
import { checkExtensions } from './check-extensions.ts'
import { clientFinder } from './client-documents-feature.ts'
import { completed } from './completed-options.ts'
import { keyringFrom } from './core/crypto/keyring.ts'
import { decryptionKeys } from './core/keys/decryption-keys.ts'
import { rotateAll } from './core/keys/rotate-all.ts'
import { serverKeys } from './core/keys/server-keys.ts'
import type { User } from './core/model/user.ts'
import { systemClock } from './core/ports/clock.ts'
import { noDecryptionKeys } from './core/ports/decryption-keys.ts'
import type { Engine } from './core/ports/engine.ts'
import type { EventListener, EventType } from './core/ports/events.ts'
import type { KeyRotation, RotateOptions } from './core/ports/server-keys.ts'
import type { TokenTexts } from './core/ports/token-generator.ts'
import { methodNotAllowed, notFound } from './core/spec/errors.ts'
import { enabledAuthMethods } from './enabled-auth-methods.ts'
import { addressesOf } from './endpoint-addresses.ts'
import { endpoints } from './endpoints.ts'
import { type EventHub, eventHub } from './event-hub.ts'
import { extensionsFrom, ofAll } from './extensions.ts'
import { type HostPages, hostPages } from './host-pages.ts'
import { keysElsewhere } from './http/outgoing/keys-elsewhere.ts'
import { type Outgoing, outgoing } from './http/outgoing/outgoing.ts'
import type { HttpRequest } from './http/request.ts'
import { type HttpResponse, noStore, type ResponseHeaders } from './http/response.ts'
import { type Route, routeFinder } from './http/router.ts'
import { defaultPages } from './interaction/pages/pages.ts'
import { presenter } from './interaction/presenter.ts'
import { oauth1From } from './oauth1-feature.ts'
import type { ResponseTypeName } from './oauth2/authorize/request.ts'
import { formPost, fragment, query } from './oauth2/authorize/response-mode.ts'
import { type CompiledHooks, compiledHooks } from './oauth2/compile-hooks.ts'
import { takesEncryptedObjects } from './oauth2/request-object/request-objects-options.ts'
import { knownResources } from './oauth2/resources/known-resources.ts'
import { checkedDetailTypes } from './oauth2/rich-authorization/detail-options.ts'
import type { Grant } from './oauth2/token/grant.ts'
import { authorizationCode } from './oauth2/token/grants/authorization-code.ts'
import { clientCredentials } from './oauth2/token/grants/client-credentials.ts'
import { password } from './oauth2/token/grants/password.ts'
import { refreshToken } from './oauth2/token/grants/refresh-token.ts'
import type { ProviderOptions } from './options.ts'
import { profiles } from './profiles/profiles.ts'
import { type Refusals, refusals } from './refusals.ts'
import { type ResourceGuard, resourceGuard, type ScopeNeed, type TokenInfo } from './resource-guard.ts'
import { enabledModes, modesFrom } from './response-modes.ts'
import { mustBeSecure } from './secure-transport.ts'
import { pathsFrom, settingsFrom } from './settings.ts'
import { type Supported, supportedBy } from './supported.ts'
import { sweepAll } from './sweep.ts'

/** An authorization server: what adapters serve and what guards the resources beside it. */
export interface Provider {
  /** Store, clock and settings, for grants, endpoints and scripts of the host. */
  readonly engine: Engine
  /** As it was configured. */
  readonly issuer: string
  /** What clients may be registered for. */
  readonly supports: Supported
  /** Whether a path belongs to one of the endpoints. */
  handles(path: string): boolean
  /** Answers a request. Never rejects. */
  handle(request: HttpRequest): Promise<HttpResponse>
  /**
   * Answers at the endpoint of that name, whatever the path: `token`, `revocation`, `introspection`, `metadata`,
   * `authorize` … or one of the host's. Never rejects.
   * @throws TypeError at once, for a name there is not
   */
  handleAt(endpoint: string, request: HttpRequest): Promise<HttpResponse>
  /** The authorization endpoint in steps, for hosts with pages of their own; `AuthorizationServer` has it as verbs. */
  readonly hostPages: HostPages
  /** Hears of events of one type, after `onEvent`; returns what ends it. A promise it returns is awaited. */
  on<T extends EventType>(type: T, listener: EventListener<T>): () => void
  /** The guard of a protected resource, for requests that need this scope. */
  protect(need?: ScopeNeed): ResourceGuard<TokenInfo<User>>
  /**
   * Lets the next signing keys sign, and publishes those that follow them; what the old ones signed holds as long as it
   * would have. Keys that others encrypt to are replaced too. Every instance on the same store follows within a minute.
   */
  rotateKeys(options?: RotateOptions): Promise<readonly KeyRotation[]>
  /** One housekeeping step: deletes at most `limit` (default 100) expired rows of each kind; returns how many went. */
  sweep(limit?: number): Promise<number>
}

interface EngineParts {
  readonly events: EventHub
  readonly hooks: CompiledHooks
  readonly door: Outgoing
}

function engineFrom(options: ProviderOptions, { door, events, hooks }: EngineParts): Engine {
  const hasher = options.hasher ?? scryptHasher
  const { signingKeys, replay } = options.store
  const keyring = keyringFrom(options.secrets)
  const clock = options.clock ?? systemClock
  const keyParts = { signingKeys, replay, keyring, clock, emit: events.emit }
  const engine: Engine = Object.freeze({
    settings: settingsFrom(options),
    store: options.store,
    hasher,
    accounts: enabledAccounts(options.accounts ?? storedAccounts(options.store.users, hasher)),
    keyring,
    keys: serverKeys(keyParts, options.signingKeys),
    decryptionKeys: takesEncryptedObjects(options.requestObjects)
      ? decryptionKeys(keyParts, options.signingKeys)
      : noDecryptionKeys,
    resources: knownResources(options.store.resources, options.resources),
    detailTypes: checkedDetailTypes(options.authorizationDetails),
    hostSignIn: options.authenticateUser,
    clock,
    emit: events.emit,
    beforeIssueToken: hooks.beforeIssueToken,
    tokenTexts: tokenTextsFrom(options),
    findClient: clientFinder(options, door, () => engine),
  })
  return engine
}

function tokenTextsFrom({ tokenGenerators = {}, tokenLengths = {} }: ProviderOptions): TokenTexts | undefined {
  const generators = new Map(Object.entries(tokenGenerators))
  return generators.size === 0 && Object.keys(tokenLengths).length === 0
    ? undefined
    : { generators, lengths: tokenLengths }
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

/** RFC 9700 §2.6: any site may read, none gets credentials with it; the authorization endpoint is not for scripts at all. */
const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'www-authenticate, retry-after, dpop-nonce',
} as const

function preflight(route: Route): HttpResponse {
  return {
    status: 204,
    headers: {
      ...corsHeaders,
      'access-control-allow-methods': Object.keys(route.methods).join(', '),
      'access-control-allow-headers': 'authorization, content-type, dpop',
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

function answerAt(engine: Engine, route: Route, request: HttpRequest): Promise<HttpResponse> {
  const isFromPage = route.cors && request.header('origin') !== undefined
  return isFromPage ? answerPageAt(engine, route, request) : respond(engine, route, request)
}

async function answerPageAt(engine: Engine, route: Route, request: HttpRequest): Promise<HttpResponse> {
  if (request.method === 'OPTIONS') return preflight(route)
  const response = await respond(engine, route, request)
  return { ...response, headers: { ...response.headers, ...corsHeaders } }
}

function notFoundResponse(request: HttpRequest, answers: Refusals): Promise<HttpResponse> {
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

/** Never rejects. */
const answering =
  (engine: Engine, answers: Refusals, always: ResponseHeaders) =>
  async (route: Route | undefined, request: HttpRequest): Promise<HttpResponse> => {
    try {
      const answered = route === undefined ? notFoundResponse(request, answers) : answerAt(engine, route, request)
      const { status, headers, body } = await answered
      return { status, headers: { ...headers, ...always }, body }
    } catch (error) {
      // A page of the host failed while an error was being told.
      await engine.emit({ type: 'internal_error', endpoint: route?.name ?? 'none', error })
      return { status: 500, headers: { 'content-type': 'text/plain', ...noStore, ...always }, body: 'server_error' }
    }
  }

/**
 * Puts an authorization server together.
 * @throws TypeError that names the option, what it got and what is valid
 */
export function createProvider(given: ProviderOptions): Provider {
  const options = completed(given)
  const events = eventHub(options.onEvent)
  const hooks = compiledHooks(options.hooks)
  const door = outgoing(options.outgoing)
  const engine = engineFrom(options, { events, hooks, door })
  const paths = pathsFrom(options)
  const present = presenter(engine.settings, { ...defaultPages, ...options.pages }, options.pageStyles)
  const answers = refusals(engine, present)
  const grants = grantsFrom(options)
  const oauth1 = oauth1From(engine, options.oauth1)
  const remote = keysElsewhere(door, engine.clock)
  const extensions = extensionsFrom({ engine, options, paths, present, refusals: answers, outgoing: door, ...remote })
  const allGrants = [...grants, ...ofAll(extensions, 'grants')]
  checkExtensions(
    options,
    allGrants.map(({ type }) => type),
  )
  const responseModes = modesFrom(options, [
    query,
    fragment,
    formPost(present, paths.formPostScript[0] ?? ''),
    ...ofAll(extensions, 'responseModes'),
  ])
  const parts = {
    engine,
    paths,
    tokenUrls: addressesOf(options, paths.token),
    keySetAt: remote.keySetAt,
    oauth1,
    grants: allGrants,
    hooks,
    extensions,
    endpoints: options.endpoints ?? [],
    responseTypes: responseTypesFrom(options, grants),
    responseModes,
    enabledModes: enabledModes(options, responseModes),
    clientAuthMethods: enabledAuthMethods(engine, options, extensions),
    discoveryAliases: options.discoveryAliases ?? false,
    present,
    refusals: answers,
  }
  const { routes, consent } = endpoints(parts)
  const find = routeFinder(routes)
  const always = headersOfAll(engine.settings)
  const answer = answering(engine, answers, always)
  return {
    engine,
    issuer: engine.settings.issuer,
    supports: supportedBy(parts),
    handles: (path) => find(path) !== undefined,
    handle: (request) => answer(find(request.path), request),
    handleAt(endpoint, request) {
      const route = routes.find(({ name }) => name === endpoint)
      if (route !== undefined) return answer(route, request)
      const names = routes.map(({ name }) => name).join(', ')
      throw new TypeError(`There is no endpoint ${JSON.stringify(endpoint)}; there are ${names}`)
    },
    hostPages: hostPages({ engine, consent, refusals: answers, always }),
    on: events.on,
    protect: (need) => resourceGuard({ engine, refusals: answers, oauth1 }, need),
    rotateKeys: (wanted) => rotateAll(engine, wanted),
    sweep: (limit = 100) => sweepAll(engine, extensions, limit),
  }
}
