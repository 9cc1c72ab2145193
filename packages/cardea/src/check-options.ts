import { checkFeatureOptions } from './check-feature-options.ts'
import { checkTokenOptions } from './check-token-options.ts'
import { shown } from './core/spec/shown.ts'
import type { ProviderOptions } from './options.ts'
import { defaultLimits, noCompatibility } from './settings.ts'

const optionNames: Readonly<Record<keyof ProviderOptions, true>> = {
  issuer: true,
  store: true,
  secrets: true,
  hasher: true,
  accounts: true,
  authenticateUser: true,
  title: true,
  profile: true,
  grants: true,
  pushedRequests: true,
  registration: true,
  clientDocuments: true,
  authorizationDetails: true,
  requestObjects: true,
  signedResponses: true,
  dpop: true,
  acrValues: true,
  tellSignIn: true,
  certificateBoundTokens: true,
  resourceMetadata: true,
  responseTypes: true,
  responseModes: true,
  oauth1: true,
  deviceGrant: true,
  errorUris: true,
  refuseScopeNotAllowed: true,
  clientAuthMethods: true,
  authMethods: true,
  requireS256: true,
  discoveryAliases: true,
  describedResources: true,
  preset: true,
  clientAssertions: true,
  mutualTls: true,
  trustedIssuers: true,
  jwtBearer: true,
  tokenExchange: true,
  outgoing: true,
  rotateRefreshTokens: true,
  accessTokenFormat: true,
  resources: true,
  defaultResource: true,
  signatureAlgorithms: true,
  signingKeys: true,
  lifetimes: true,
  limits: true,
  compatibility: true,
  ignoreClientRequestedScope: true,
  paths: true,
  pages: true,
  pageStyles: true,
  clock: true,
  onEvent: true,
  endpoints: true,
  hooks: true,
  tokenGenerators: true,
  tokenLengths: true,
}

function mustBeKnown(where: string, names: Iterable<string>, valid: readonly string[]): void {
  for (const name of names) {
    if (!valid.includes(name))
      throw new TypeError(`${where}: there is no ${shown(name)}; valid are ${valid.join(', ')}`)
  }
}

function mustHaveMethod(option: string, value: unknown, method: string, example: string): void {
  const found = typeof value === 'object' && value !== null && method in value ? Reflect.get(value, method) : undefined
  if (typeof found !== 'function') throw new TypeError(`${option}: must be ${example}, got ${shown(value)}`)
}

function mustBeList(option: string, value: unknown): void {
  if (!Array.isArray(value)) throw new TypeError(`${option}: must be a list, got ${shown(value)}`)
}

function checkSecrets(secrets: readonly unknown[]): void {
  mustBeList('secrets', secrets)
  // What it got is not told: it may be one.
  if (!secrets.every((secret) => typeof secret === 'string')) throw new TypeError('secrets: must be a list of strings')
}

function checkGrants(grants: ProviderOptions['grants']): void {
  if (grants === undefined) return
  mustBeList('grants', grants)
  const types = new Set<string>()
  for (const grant of grants) {
    mustHaveMethod('grants', grant, 'handle', 'a list of grants such as clientCredentials()')
    if (types.has(grant.type)) throw new TypeError(`grants: ${shown(grant.type)} is there twice`)
    types.add(grant.type)
  }
}

function checkClientAuthMethods({ clientAuthMethods = [] }: ProviderOptions): void {
  mustBeList('clientAuthMethods', clientAuthMethods)
  for (const method of clientAuthMethods) {
    mustHaveMethod('clientAuthMethods', method, 'verify', 'a list of client authentication methods')
    if (typeof method.name !== 'string' || method.name === '')
      throw new TypeError(`clientAuthMethods: each needs a name, got ${shown(method.name)}`)
  }
}

function checkSwitches({
  compatibility = {},
  discoveryAliases,
  ignoreClientRequestedScope,
  refuseScopeNotAllowed,
  requireS256,
  tellSignIn,
}: ProviderOptions): void {
  mustBeKnown('compatibility', Object.keys(compatibility), Object.keys(noCompatibility))
  const switches = Object.entries(compatibility).map(([name, value]) => [`compatibility.${name}`, value] as const)
  const others = Object.entries({
    discoveryAliases,
    ignoreClientRequestedScope,
    refuseScopeNotAllowed,
    requireS256,
    tellSignIn,
  })
  for (const [name, value] of [...switches, ...others]) {
    if (value !== undefined && typeof value !== 'boolean')
      throw new TypeError(`${name}: must be true or false, got ${shown(value)}`)
  }
}

function checkResponses({ responseTypes, responseModes }: ProviderOptions): void {
  if (responseTypes !== undefined) mustBeList('responseTypes', responseTypes)
  if (responseModes !== undefined) mustBeList('responseModes', responseModes)
  mustBeKnown('responseTypes', responseTypes ?? [], ['code', 'token'])
}

// Each is one word of a header: blanks, semicolons and commas would begin something else. No 'unsafe-inline', which
// would let injected styles in, and no nonce, which is none when it is always the same.
const styleSource =
  /^(?:'self'|'sha(?:256|384|512)-[A-Za-z0-9+/]{43,86}={0,2}'|https:\/\/[a-z0-9.-]+(?::\d{1,5})?(?:\/[\w./~%-]*)?)$/

function checkPageStyles({ pageStyles = [] }: ProviderOptions): void {
  mustBeList('pageStyles', pageStyles)
  const wrong = pageStyles.find((source) => typeof source !== 'string' || !styleSource.test(source))
  if (wrong === undefined) return
  throw new TypeError(
    `pageStyles: got ${shown(wrong)}; valid are "'self'", hashes such as "'sha256-…'" (with the single quotes) and https origins`,
  )
}

/**
 * What types would refuse, for hosts that have none, and what types cannot see.
 * @throws TypeError that names the option, what it got and what is valid
 */
export function checkOptions(options: ProviderOptions): void {
  mustBeKnown('options', Object.keys(options), Object.keys(optionNames))
  mustHaveMethod('store', options.store?.ledger, 'commit', 'a store such as memoryStore()')
  checkSecrets(options.secrets)
  if (options.hasher !== undefined) mustHaveMethod('hasher', options.hasher, 'verify', 'a SecretHasher')
  if (options.accounts !== undefined) mustHaveMethod('accounts', options.accounts, 'authenticate', 'an Accounts')
  if (options.authenticateUser !== undefined && typeof options.authenticateUser !== 'function')
    throw new TypeError(`authenticateUser: must be a function, got ${shown(options.authenticateUser)}`)
  if (options.preset !== undefined) mustHaveMethod('preset', options.preset, 'complete', 'a preset such as oauth21()')
  if (options.clock !== undefined) mustHaveMethod('clock', options.clock, 'now', 'a Clock')
  if (options.title !== undefined && typeof options.title !== 'string')
    throw new TypeError(`title: must be a text, got ${shown(options.title)}`)
  if (options.resourceMetadata !== undefined && !/^https?:\/\//.test(options.resourceMetadata))
    throw new TypeError(`resourceMetadata: must be a URL, got ${shown(options.resourceMetadata)}`)
  mustBeKnown('rotateRefreshTokens', [options.rotateRefreshTokens ?? 'all'], ['all', 'public'])
  mustBeKnown('limits', Object.keys(options.limits ?? {}), Object.keys(defaultLimits))
  checkTokenOptions(options)
  checkFeatureOptions(options)
  checkGrants(options.grants)
  checkClientAuthMethods(options)
  checkSwitches(options)
  checkResponses(options)
  checkPageStyles(options)
}
