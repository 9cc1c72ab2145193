import type { Engine } from './core/ports/engine.ts'
import type { Extension, ServerMetadata } from './extension.ts'
import { metadataOfAll, ofAll } from './extensions.ts'
import type { HttpRequest } from './http/request.ts'
import { json } from './http/response.ts'
import type { Handler, Route } from './http/router.ts'
import { interactionEndpoint } from './interaction/endpoint.ts'
import { formPostScript } from './interaction/pages/form-post.ts'
import type { Present } from './interaction/presenter.ts'
import { signOutEndpoint } from './interaction/sign-out.ts'
import { type NamedEndpoints, namedEndpoints } from './named-endpoints.ts'
import type { OAuth1Feature } from './oauth1-feature.ts'
import { authorizationEndpoint, oauth2Interaction } from './oauth2/authorize/endpoint.ts'
import { hostConsent } from './oauth2/authorize/host-consent.ts'
import type { HostConsent } from './oauth2/authorize/open-consent.ts'
import type { AuthorizationRules, ResponseTypeName } from './oauth2/authorize/request.ts'
import { responder } from './oauth2/authorize/respond.ts'
import type { ResponseMode, ResponseModeName } from './oauth2/authorize/response-mode.ts'
import type { ClientAuthMethod } from './oauth2/client-auth/method.ts'
import type { CompiledHooks } from './oauth2/compile-hooks.ts'
import type { KeySetAt } from './oauth2/encrypted-for.ts'
import type { Endpoint } from './oauth2/endpoint.ts'
import { withEndpointHooks } from './oauth2/endpoint-chain.ts'
import { introspection } from './oauth2/introspect.ts'
import { metadataFrom } from './oauth2/metadata.ts'
import { revocation } from './oauth2/revoke.ts'
import { tokenEndpoint } from './oauth2/token/endpoint.ts'
import type { Grant } from './oauth2/token/grant.ts'
import type { Paths } from './paths.ts'
import type { Refusals } from './refusals.ts'

/** The parts a provider is put together from. */
export interface Parts {
  readonly engine: Engine
  readonly paths: Paths
  /** Every address of the token endpoint that clients may have called. */
  readonly tokenUrls: readonly string[]
  readonly grants: readonly Grant[]
  readonly responseTypes: readonly ResponseTypeName[]
  /** Every mode there is: an error about a mode that is not enabled still has to travel. */
  readonly responseModes: readonly ResponseMode[]
  readonly enabledModes: readonly ResponseModeName[]
  readonly clientAuthMethods: readonly ClientAuthMethod[]
  readonly keySetAt: KeySetAt
  readonly oauth1: OAuth1Feature | undefined
  readonly extensions: readonly Extension[]
  /** The host's own. */
  readonly endpoints: readonly Endpoint[]
  readonly hooks: CompiledHooks
  /** Metadata at every address that clients try. */
  readonly discoveryAliases: boolean
  readonly present: Present
  readonly refusals: Refusals
}

const first = (paths: readonly string[]): string => paths[0] as string

/** @throws TypeError when an endpoint of the host says of itself what is the server's to say */
function metadataReader(parts: Parts, named: NamedEndpoints): () => Promise<ServerMetadata> {
  const { engine, extensions, paths, grants, responseTypes, enabledModes, clientAuthMethods } = parts
  const { issuer } = engine.settings
  const at = (name: 'authorize' | 'token' | 'revoke' | 'introspect'): string =>
    new URL(issuer).origin + first(paths[name])
  const endpoints = {
    authorize: at('authorize'),
    token: at('token'),
    revoke: at('revoke'),
    introspect: at('introspect'),
  }
  const source = {
    issuer,
    endpoints,
    grants,
    clientAuthMethods,
    responseTypes,
    responseModes: enabledModes,
  }
  // Whatever is left out for now: nobody else may say it.
  const own = metadataFrom({ ...source, scopes: ['any'], responseTypes: ['code'], responseModes: ['query'] })
  const taken = Object.keys(named.metadata).find((member) => Object.hasOwn(own, member))
  if (taken !== undefined) throw new TypeError(`endpoints: the metadata member ${taken} is the server's own`)
  return async () => {
    const scopes = (await engine.store.scopes.all()).map(({ name }) => name)
    const own = { ...metadataFrom({ ...source, scopes }), ...named.metadata }
    const metadata = await metadataOfAll(extensions, own)
    return metadata
  }
}

const metadataHandler =
  (metadata: () => Promise<ServerMetadata>): Handler =>
  async () =>
    // CORS headers answer an Origin only: a cached answer to a request without one must not be given to a script.
    json(200, await metadata(), { 'cache-control': 'public, max-age=300', vary: 'Origin', pragma: [] })

/** RFC 8414 §3.1: the well-known part comes before the issuer's own path. */
const metadataPath = (issuer: string): string =>
  `/.well-known/oauth-authorization-server${new URL(issuer).pathname.replace(/\/+$/, '')}`

/**
 * Where clients look for the metadata that know OpenID Connect Discovery §4, or put the well-known part last, or look at the
 * root only, as older MCP clients do.
 */
function metadataAliases(issuer: string): readonly string[] {
  const path = new URL(issuer).pathname.replace(/\/+$/, '')
  const names = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']
  return names.flatMap((name) => (path === '' ? [name] : [name + path, path + name, name]))
}

const metadataPaths = ({ discoveryAliases, engine: { settings } }: Parts): readonly string[] => [
  ...new Set([metadataPath(settings.issuer), ...(discoveryAliases ? metadataAliases(settings.issuer) : [])]),
]

const script: Handler = async (_request: HttpRequest) => ({
  status: 200,
  headers: {
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=3600',
  },
  body: formPostScript,
})

/** The exchange of OAuth 1 credentials is proved by their signature, which no other endpoint takes. */
const tokenAuthMethods = ({ clientAuthMethods, extensions, oauth1 }: Parts): readonly ClientAuthMethod[] => [
  ...clientAuthMethods,
  ...ofAll(extensions, 'tokenAuthMethods'),
  ...(oauth1?.clientAuthMethods ?? []),
]

const hooked = (hooks: CompiledHooks, route: Route): Route => ({
  ...route,
  methods: Object.fromEntries(
    Object.entries(route.methods).map(([method, handle]) => [method, withEndpointHooks(hooks, route.name, handle)]),
  ),
})

function authorizationRules({ enabledModes, extensions, responseModes, responseTypes }: Parts): AuthorizationRules {
  return {
    responseTypes,
    responseModes: enabledModes,
    modeAliases: Object.fromEntries(
      responseModes.flatMap(({ name, standsFor }) => (standsFor === undefined ? [] : [[name, standsFor]])),
    ),
    tokenModes: responseModes.filter(({ carriesTokens }) => carriesTokens).map(({ name }) => name),
    factReaders: ofAll(extensions, 'factReaders'),
    sources: ofAll(extensions, 'requestSources'),
    originRules: ofAll(extensions, 'originRules'),
    proofReaders: ofAll(extensions, 'proofReaders'),
  }
}

/** What the provider serves, and what a host serves by itself. */
export interface Endpoints {
  readonly routes: readonly Route[]
  /** The authorization endpoint where a page of the host asks for consent. */
  readonly consent: HostConsent
}

/** Every endpoint there is: a new one is one line here. */
export function endpoints(parts: Parts): Endpoints {
  const { engine, extensions, hooks, paths, grants, oauth1, clientAuthMethods, responseModes, present, refusals } =
    parts
  const answers = responder(engine, responseModes, hooks)
  const rules = authorizationRules(parts)
  const interactionPath = first(paths.interaction)
  const protocol = oauth2Interaction(engine, answers)
  const authorize = authorizationEndpoint(engine, {
    rules,
    hooks,
    responder: answers,
    present,
    path: first(paths.authorize),
    interactionPath,
  })
  const interaction = interactionEndpoint(engine, {
    path: interactionPath,
    protocols: [
      protocol,
      ...(oauth1 === undefined ? [] : [oauth1.interaction(present)]),
      ...ofAll(extensions, 'interactions'),
    ],
    present,
  })
  const api = { refuse: refusals.asJson, cors: true }
  const page = { refuse: refusals.asPage }
  const named = namedEndpoints({ engine, clientAuthMethods, hooks, refuse: refusals.asJson }, parts.endpoints, [
    { endpoint: introspection(engine, parts.keySetAt), paths: paths.introspect },
    { endpoint: revocation, paths: paths.revoke },
    ...ofAll(extensions, 'endpoints').map((endpoint) => ({ endpoint, paths: [] })),
    ...extensions.flatMap((extension) => extension.checkingEndpoints?.({ rules, hooks }) ?? []),
    ...extensions.flatMap((extension) => extension.describedEndpoints?.(() => metadata()) ?? []),
  ])
  const metadata = metadataReader(parts, named)
  const routes: readonly Route[] = [
    {
      name: 'token',
      paths: paths.token,
      methods: {
        POST: tokenEndpoint(engine, {
          grants,
          hooks,
          clientAuthMethods: tokenAuthMethods(parts),
          proofReaders: ofAll(extensions, 'proofReaders'),
          urls: parts.tokenUrls,
        }),
      },
      ...api,
    },
    {
      name: 'metadata',
      paths: metadataPaths(parts),
      methods: { GET: metadataHandler(metadata) },
      ...api,
    },
    { name: 'authorize', paths: paths.authorize, methods: authorize, ...page, getHasEffects: true },
    { name: 'interaction', paths: [`${interactionPath}/*`], methods: interaction, ...page, getHasEffects: true },
    {
      name: 'sign-out',
      paths: paths.signOut,
      methods: signOutEndpoint(engine, { path: first(paths.signOut), present }),
      ...page,
    },
    { name: 'form-post-script', paths: paths.formPostScript, methods: { GET: script }, ...api, cors: false },
    ...(oauth1?.routes({ paths, refusals, clientAuthMethods }) ?? []),
    ...ofAll(extensions, 'routes'),
  ]
  const twice = named.routes.find(({ name }) => routes.some((route) => route.name === name))
  if (twice !== undefined) throw new TypeError(`endpoints.${twice.name}: the name is the server's own; choose another`)
  return {
    routes: [...routes.map((route) => hooked(hooks, route)), ...named.routes],
    consent: hostConsent(engine, { rules, hooks, responder: answers, present, protocol }),
  }
}
