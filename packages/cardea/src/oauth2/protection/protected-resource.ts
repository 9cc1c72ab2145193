import type { SigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'
import type { HttpRequest } from '../../http/request.ts'
import { type HttpResponse, json } from '../../http/response.ts'
import { proofAlgorithms } from '../proof/dpop-options.ts'
import type { ChallengeAttributes } from './challenge.ts'

/** How a protected resource takes DPoP tokens (RFC 9449 §6, RFC 9728 §2). */
export interface ResourceDpop {
  /** Of proofs. Default: every one whose key has a public half. */
  readonly algorithms?: readonly SigningAlgorithm[]
  /** It takes no others. Default false. */
  readonly required?: boolean
}

/** What a protected resource says of itself (RFC 9728 §2). */
export interface ProtectedResourceOptions {
  /** Its identifier, which is also where it is: an https URL without query or fragment; http on loopback only. */
  readonly resource: string
  /** Issuers of the authorization servers whose tokens it takes. */
  readonly authorizationServers?: readonly string[]
  /** Names of scope that are of use here. */
  readonly scopes?: readonly string[]
  /** Where Bearer tokens may stand (RFC 6750 §2). Default: the Authorization header. */
  readonly bearerMethods?: readonly ('header' | 'body' | 'query')[]
  /** What people call it. */
  readonly name?: string
  /** A page for developers. */
  readonly documentation?: string
  /** A page about what is done with data. */
  readonly policy?: string
  /** A page of terms. */
  readonly terms?: string
  /** Keys by which it signs its own answers. */
  readonly jwksUri?: string
  /** How it takes DPoP tokens; `true` for all algorithms. Default: it says nothing of them. */
  readonly dpop?: boolean | ResourceDpop
  /** It takes tokens that are bound to certificates (RFC 8705). Default false. */
  readonly certificateBoundTokens?: boolean
  /** RFC 9396: types of details that it understands. */
  readonly authorizationDetailsTypes?: readonly string[]
  /**
   * Makes `signed_metadata` (RFC 9728 §2.2) out of the members: a JWT of whoever stands for them, with `iss`, which clients may
   * believe more than the rest. Asked at every request for the document. Default: it is not signed.
   */
  readonly sign?: (members: Readonly<Record<string, unknown>>) => string | Promise<string>
  /** More members, as they are sent, such as `resource_name#de`. */
  readonly more?: Readonly<Record<string, unknown>>
}

/** The metadata of a protected resource, for `mount` of any adapter and for challenges. */
export interface ProtectedResource {
  /** Where the metadata is (RFC 9728 §3.1). */
  readonly metadataUrl: string
  /** The document. */
  readonly metadata: Readonly<Record<string, unknown>>
  /** RFC 9728 §5.1: `attributes` for `resourceProtector`. */
  readonly challenge: ChallengeAttributes
  /** Whether a path is that of the metadata. */
  handles(path: string): boolean
  /** Answers with the metadata, to scripts of any site too. */
  handle(request: HttpRequest): Promise<HttpResponse>
}

const wellKnown = '/.well-known/oauth-protected-resource'
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

function urlFrom(option: string, given: unknown): URL {
  const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined
  const isSecure = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.test(url.hostname))
  if (url !== undefined && isSecure && url.username === '' && url.password === '') return url
  throw new TypeError(`protectedResource: ${option} must be an https URL, got ${JSON.stringify(given)}`)
}

/** RFC 9728 §1.2, §3.1: no query, which would have to stand in the well-known address. */
function resourceFrom(given: string): URL {
  const url = urlFrom('resource', given)
  if (!/[?#]/.test(given)) return url
  throw new TypeError(`protectedResource: resource must have no query or fragment, got ${JSON.stringify(given)}`)
}

function dpopMembers(dpop: ProtectedResourceOptions['dpop']): Record<string, unknown> {
  if (dpop === undefined || dpop === false) return {}
  const { algorithms, required = false } = dpop === true ? {} : dpop
  return {
    dpop_signing_alg_values_supported: proofAlgorithms('protectedResource: dpop.algorithms', algorithms),
    ...(required && { dpop_bound_access_tokens_required: true }),
  }
}

function pages({ documentation, jwksUri, policy, terms }: ProtectedResourceOptions): Record<string, string> {
  const members = {
    resource_documentation: documentation,
    resource_policy_uri: policy,
    resource_tos_uri: terms,
    jwks_uri: jwksUri,
  }
  const given = Object.entries(members).filter(([, page]) => page !== undefined)
  return Object.fromEntries(given.map(([name, page]) => [name, urlFrom(name, page).href]))
}

/** RFC 9728 §3.2: lists of nothing are left out; `bearer_methods_supported` alone means something without entries (§2). */
const listed = (name: string, values: readonly string[] | undefined) =>
  values === undefined || values.length === 0 ? {} : { [name]: values }

function metadataFrom(options: ProtectedResourceOptions): Readonly<Record<string, unknown>> {
  const { authorizationServers, authorizationDetailsTypes, bearerMethods = ['header'], more, name, scopes } = options
  for (const issuer of authorizationServers ?? []) urlFrom('authorizationServers', issuer)
  return {
    ...more,
    resource: options.resource,
    ...listed('authorization_servers', authorizationServers),
    ...listed('scopes_supported', scopes),
    bearer_methods_supported: bearerMethods,
    ...(name !== undefined && { resource_name: name }),
    ...pages(options),
    ...dpopMembers(options.dpop),
    ...(options.certificateBoundTokens && { tls_client_certificate_bound_access_tokens: true }),
    ...listed('authorization_details_types_supported', authorizationDetailsTypes),
  }
}

const anySite = { 'access-control-allow-origin': '*' } as const

const preflight: HttpResponse = {
  status: 204,
  headers: { ...anySite, 'access-control-allow-methods': 'GET', 'access-control-max-age': '3600' },
  body: '',
}

/**
 * Tells clients which authorization servers a resource takes tokens of (RFC 9728): hand it to `mount` of any adapter, and
 * `challenge` to the protector.
 * @throws TypeError that names the option, what it got and what is valid
 */
export function protectedResource(options: ProtectedResourceOptions): ProtectedResource {
  const { origin, pathname } = resourceFrom(options.resource)
  const path = pathname === '/' ? wellKnown : wellKnown + pathname
  const metadata = metadataFrom(options)
  const headers = { ...anySite, 'cache-control': 'public, max-age=300', pragma: [] }
  const unsigned = json(200, metadata, headers)
  const { sign } = options
  return {
    metadataUrl: origin + path,
    metadata,
    challenge: { resource_metadata: origin + path },
    handles: (asked) => asked === path,
    async handle({ method }) {
      if (method === 'OPTIONS') return preflight
      if (method === 'GET' || method === 'HEAD')
        return sign === undefined
          ? unsigned
          : json(200, { ...metadata, signed_metadata: await sign(metadata) }, headers)
      return json(405, { error: 'method_not_allowed' }, { allow: 'GET, HEAD' })
    },
  }
}
