import type { Compatibility, Lifetimes, Limits, Settings } from './core/ports/settings.ts'
import { errorStatus } from './core/spec/errors.ts'
import { dpopSettings } from './oauth2/proof/dpop-options.ts'
import type { ProviderOptions } from './options.ts'
import { defaultPaths, type PathName, type Paths } from './paths.ts'
import { type ProfileName, profiles } from './profiles/profiles.ts'
import { signatureSettings } from './signature-algorithms.ts'
import { acrValuesFrom } from './step-up-feature.ts'

/** Lifetimes that hold where nothing is said. */
export const defaultLifetimes: Lifetimes = {
  accessToken: 3600,
  authorizationCode: 60,
  refreshToken: 1209600,
  authorization: 7776000,
  refreshReuseWindow: 10,
  session: 86400,
  interaction: 600,
}

/** Limits that hold where nothing is said. */
export const defaultLimits: Limits = {
  accountFromNetwork: { attempts: 10, window: 900 },
  account: { attempts: 100, window: 900 },
  network: { attempts: 100, window: 900 },
  interaction: { attempts: 1000, window: 600 },
  client: { attempts: 30, window: 300 },
  registrationFromNetwork: { attempts: 20, window: 3600 },
  registration: { attempts: 1000, window: 86_400 },
  clientDocumentFromNetwork: { attempts: 60, window: 600 },
  clientDocument: { attempts: 1000, window: 3600 },
  userCode: { attempts: 20, window: 900 },
  everyUserCode: { attempts: 1000, window: 900 },
}

/** Nothing that older deployments need: the default. */
export const noCompatibility: Compatibility = {
  tokenAnswerId: false,
  refreshTokenForEveryGrant: false,
  eitherSecretMethod: false,
  redirectUriOptionalAtToken: false,
  refreshEndsAccessTokens: false,
  dropUnknownScope: false,
  stateRequired: false,
  bearerTokenInFormOrQuery: false,
  implicitForConfidential: false,
  tokenEndpointAsAudience: false,
}

type LifetimeName = Exclude<keyof Lifetimes, 'perGrant'>

const longest: Readonly<Record<LifetimeName, number>> = {
  accessToken: 315360000,
  authorizationCode: 600,
  refreshToken: 315360000,
  authorization: 3153600000,
  refreshReuseWindow: 60,
  session: 31536000,
  interaction: 86400,
}

const mayBeZero: readonly string[] = ['accessToken', 'refreshReuseWindow']

const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** @throws TypeError that names the option, what it got and what is valid */
export function checkedIssuer(issuer: string): string {
  if (typeof issuer !== 'string' || !URL.canParse(issuer)) {
    throw new TypeError(`issuer: must be a URL such as https://auth.example.com, got ${JSON.stringify(issuer)}`)
  }
  const url = new URL(issuer)
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHost.test(url.hostname))
  if (!secure) throw new TypeError(`issuer: must use https, or http on loopback only, got ${JSON.stringify(issuer)}`)
  if (/[?#]/.test(issuer) || url.username !== '' || url.password !== '') {
    throw new TypeError(
      `issuer: must have no query, fragment or user name (RFC 8414 §2), got ${JSON.stringify(issuer)}`,
    )
  }
  return url.pathname === '/' ? url.origin : url.origin + url.pathname.replace(/\/+$/, '')
}

function checkLifetime(where: string, name: string, value: unknown, valid: readonly string[]): void {
  if (!valid.includes(name))
    throw new TypeError(`${where}.${name}: there is no such lifetime; valid are ${valid.join(', ')}`)
  const most = longest[name as LifetimeName]
  const least = mayBeZero.includes(name) ? 0 : 1
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
    throw new TypeError(
      `${where}.${name}: must be whole seconds from ${least} to ${most}, got ${JSON.stringify(value)}`,
    )
  }
}

function checkedLifetimes({ perGrant, ...lifetimes }: Lifetimes): Lifetimes {
  for (const [name, value] of Object.entries(lifetimes)) checkLifetime('lifetimes', name, value, Object.keys(longest))
  for (const [grantType, own] of Object.entries(perGrant ?? {})) {
    if (grantType === 'refresh_token') {
      throw new TypeError('lifetimes.perGrant.refresh_token: what a refresh issues follows the grant it came from')
    }
    for (const [name, value] of Object.entries(own ?? {}))
      checkLifetime(`lifetimes.perGrant.${grantType}`, name, value, ['accessToken', 'refreshToken'])
  }
  return perGrant === undefined ? lifetimes : { ...lifetimes, perGrant }
}

function checkedLimits(limits: Limits): Limits {
  for (const [name, limit] of Object.entries(limits)) {
    const positive = [limit?.attempts, limit?.window].every((value) => Number.isInteger(value) && value > 0)
    if (!positive) {
      throw new TypeError(
        `limits.${name}: attempts and window (seconds) must be whole numbers above 0, got ${JSON.stringify(limit)}`,
      )
    }
  }
  return limits
}

const profileOf = (name: ProfileName | undefined) => {
  if (name === undefined) return undefined
  if (!Object.hasOwn(profiles, name)) {
    throw new TypeError(`profile: there is no ${JSON.stringify(name)}; valid are ${Object.keys(profiles).join(', ')}`)
  }
  return profiles[name]
}

function checkedErrorUris(uris: Settings['errorUris']): Settings['errorUris'] {
  for (const [code, uri] of Object.entries(uris)) {
    if (!Object.hasOwn(errorStatus, code)) {
      throw new TypeError(`errorUris.${code}: there is no such error; valid are ${Object.keys(errorStatus).join(', ')}`)
    }
    // RFC 6749 §5.2: a URI reference, without the characters that would end the quoted string of a challenge.
    if (!/^https?:\/\/[\x21\x23-\x5b\x5d-\x7e]+$/.test(uri) || !URL.canParse(uri)) {
      throw new TypeError(`errorUris.${code}: must be an http(s) URL, got ${JSON.stringify(uri)}`)
    }
  }
  return uris
}

/** Access tokens end in the step that replaces the refresh token, and `public` leaves confidential clients theirs. */
function checkedRotation({ rotateRefreshTokens = 'all' }: ProviderOptions, { refreshEndsAccessTokens }: Compatibility) {
  if (rotateRefreshTokens === 'public' && refreshEndsAccessTokens) {
    throw new TypeError(
      "rotateRefreshTokens: 'public' does not go with compatibility.refreshEndsAccessTokens, which ends access tokens when their refresh token is replaced; use 'all', or switch that off",
    )
  }
  return rotateRefreshTokens
}

export function settingsFrom(options: ProviderOptions): Settings {
  const issuer = checkedIssuer(options.issuer)
  const profile = profileOf(options.profile)
  const signatures = signatureSettings(options)
  const compatibility = { ...noCompatibility, ...profile?.compatibility, ...options.compatibility }
  return {
    issuer,
    title: options.title ?? 'Cardea',
    lifetimes: checkedLifetimes({ ...defaultLifetimes, ...profile?.lifetimes, ...options.lifetimes }),
    limits: checkedLimits({ ...defaultLimits, ...options.limits }),
    compatibility,
    ignoreClientRequestedScope: options.ignoreClientRequestedScope ?? false,
    refuseScopeNotAllowed: options.refuseScopeNotAllowed ?? false,
    accessTokenFormat: options.accessTokenFormat ?? 'opaque',
    defaultResource: options.defaultResource,
    acrValues: acrValuesFrom(options.acrValues),
    tellSignIn: options.tellSignIn ?? false,
    resourceMetadata: options.resourceMetadata,
    describedResources: options.describedResources ?? [],
    dpop: dpopSettings(options.dpop ?? false, issuer, signatures.signatureAlgorithms),
    ...signatures,
    requireS256: options.requireS256 ?? false,
    errorUris: checkedErrorUris(options.errorUris ?? {}),
    rotateRefreshTokens: checkedRotation(options, compatibility),
    secureCookies: issuer.startsWith('https:'),
  }
}

/** Paths below the host, the issuer's own path in front. */
export function pathsFrom(options: ProviderOptions): Paths {
  const chosen = { ...defaultPaths, ...profileOf(options.profile)?.paths, ...options.paths }
  const prefix = new URL(checkedIssuer(options.issuer)).pathname.replace(/\/+$/, '')
  const absolute = (name: string, path: string): string => {
    if (!/^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+$/.test(path)) {
      throw new TypeError(`paths.${name}: must look like /token, without trailing slash, got ${JSON.stringify(path)}`)
    }
    return prefix + path
  }
  const entries = Object.entries(chosen).map(([name, value]) => {
    if (!Object.hasOwn(defaultPaths, name)) {
      throw new TypeError(`paths.${name}: there is no such endpoint; valid are ${Object.keys(defaultPaths).join(', ')}`)
    }
    const list = typeof value === 'string' ? [value] : value
    if (list === undefined || list.length === 0) throw new TypeError(`paths.${name}: at least one path is needed`)
    return [name, list.map((path) => absolute(name, path))] as const
  })
  return Object.fromEntries(entries) as unknown as Record<PathName, readonly string[]>
}
