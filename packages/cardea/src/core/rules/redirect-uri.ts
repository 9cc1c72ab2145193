import type { Brand } from '../model/brand.ts'
import type { Client } from '../model/client.ts'
import { invalidRequest } from '../spec/errors.ts'
import { isRedirectScheme } from './redirect-scheme.ts'

/** A redirect URI that was compared with the client's registration. Only such a one can be redirected to. */
export type VerifiedRedirectUri = Brand<string, 'VerifiedRedirectUri'>

// RFC 3986 characters only: blanks, control characters, backslashes and non-ASCII hosts are read differently by
// different parsers, and that difference is what redirect attacks live on. No fragment (RFC 6749 §3.1.2).
const uriCharacters = /^[A-Za-z][A-Za-z0-9+.-]*:[\w!$%&'()*+,./:;=?@[\]~-]*$/
const brokenPercent = /%(?![0-9A-Fa-f]{2})/
const userName = /^[^/]*\/\/[^/?]*@/
const loopbackHost = /^(?:127\.0\.0\.1|\[::1\]|localhost)$/

/** What we add to a redirect; a registered URI that already holds one of them would make the answer ambiguous. */
const responseParameters = [
  'code',
  'state',
  'error',
  'error_description',
  'iss',
  'access_token',
  'token_type',
  'response',
]

function webProblem(uri: string): string | undefined {
  if (!/^https?:\/\/[^/?]/i.test(uri)) return 'is not a valid URL'
  const { hostname, searchParams } = new URL(uri)
  if (hostname.includes('*')) return 'must name one host: nothing is matched by pattern'
  return responseParameters.some((name) => searchParams.has(name))
    ? 'must not hold a parameter of the response'
    : undefined
}

/**
 * What is wrong with a redirect URI for a client of that type, or undefined.
 * RFC 9700 §2.6 and RFC 8252 §7: https; http only on loopback and only for native clients; private-use schemes need a dot.
 * @param schemes private-use schemes that are allowed without one
 */
export function redirectUriProblem(
  uri: string,
  applicationType: Client['application_type'],
  schemes: readonly string[] = [],
): string | undefined {
  if (uri.includes('#')) return 'must not hold a fragment'
  if (!uriCharacters.test(uri) || brokenPercent.test(uri)) return 'holds characters that are not allowed in a URI'
  if (userName.test(uri)) return 'must not hold a user name'
  if (!URL.canParse(uri)) return 'is not a valid URL'
  const scheme = uri.slice(0, uri.indexOf(':')).toLowerCase()
  if (scheme === 'https') return webProblem(uri)
  if (scheme === 'http') {
    if (webProblem(uri) !== undefined) return webProblem(uri)
    if (!loopbackHost.test(new URL(uri).hostname)) return 'must use https'
    return applicationType === 'native'
      ? undefined
      : 'must use https; http on loopback is for clients of application_type native'
  }
  if (!scheme.includes('.') && !(schemes.includes(scheme) && isRedirectScheme(scheme)))
    return 'must use https, or a private-use scheme that holds a dot, such as com.example.app:/cb'
  return applicationType === 'native'
    ? undefined
    : 'must use https; a private-use scheme is for clients of application_type native'
}

const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::([0-9]{1,5}))?((?:[/?].*)?)$/

/** RFC 8252 §7.3: the port of a loopback redirect is chosen when the app starts. */
function sameLoopbackExceptPort(registered: string, requested: string, localhostToo: boolean): boolean {
  const ours = loopback.exec(registered)
  const theirs = loopback.exec(requested)
  if (ours === null || theirs === null || Number(theirs[2] ?? 80) > 65535) return false
  // RFC 8252 §8.3: a name may lead elsewhere than to this machine.
  if (ours[1] === 'localhost' && !localhostToo) return false
  return ours[1] === theirs[1] && ours[3] === theirs[3]
}

/** RFC 9700 §2.1: exact string match. RFC 8252 §7.3: a loopback redirect of a native client may differ in port only. */
export function matchesUri(
  registered: readonly string[],
  applicationType: Client['application_type'],
  requested: string,
  localhostToo = false,
): boolean {
  return registered.some(
    (uri) =>
      uri === requested || (applicationType === 'native' && sameLoopbackExceptPort(uri, requested, localhostToo)),
  )
}

export const matchesRedirectUri = (client: Client, requested: string): boolean =>
  matchesUri(client.redirect_uris, client.application_type, requested, client.localhost_any_port)

/** What a store or host let in unchecked, such as `javascript:` or a line break, is not redirected to either. */
function mustBeSafe(client: Client, uri: string): VerifiedRedirectUri {
  if (redirectUriProblem(uri, client.application_type, client.redirect_schemes) !== undefined)
    throw invalidRequest('unsafe_redirect_uri', 'The redirect_uri is one that nobody can be sent to safely')
  return uri as VerifiedRedirectUri
}

/**
 * RFC 6749 §3.1.2.3: the requested URI if it is registered, or the only registered one when none is requested.
 * @throws ProtocolError `invalid_request`, to be shown and never redirected
 */
export function redirectUriMustBeRegistered(client: Client, requested: string | undefined): VerifiedRedirectUri {
  if (requested !== undefined) {
    if (!matchesRedirectUri(client, requested)) {
      throw invalidRequest('redirect_uri_not_registered', 'The redirect_uri is not registered for this client')
    }
    return mustBeSafe(client, requested)
  }
  const [only, ...others] = client.redirect_uris
  if (only === undefined) throw invalidRequest('no_redirect_uri', 'No redirect URI was supplied or stored')
  if (others.length > 0) throw invalidRequest('missing_redirect_uri', "Missing 'redirect_uri': the client has several")
  return mustBeSafe(client, only)
}

/**
 * What the person may be shown of where they will be sent: the host, or the scheme of an app. Undefined: nowhere, they
 * type a code into the application (`oob`).
 */
export function redirectHost(uri: string): string | undefined {
  if (!uri.includes(':')) return undefined
  const scheme = uri.slice(0, uri.indexOf(':'))
  return scheme === 'https' || scheme === 'http' ? new URL(uri).host : scheme
}
