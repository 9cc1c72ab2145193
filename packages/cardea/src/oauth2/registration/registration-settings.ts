import { isSigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'
import { jwkSet, type KeySource } from '../../core/crypto/jose/key-source.ts'
import { isRedirectScheme } from '../../core/rules/redirect-scheme.ts'
import { shown } from '../../core/spec/shown.ts'
import { mustBeAskable } from '../../http/outgoing/askable-url.ts'
import type { RemoteKeysParts } from '../assertions/trusted-issuer.ts'
import type { RegistrationOptions, RegistrationPolicy, SoftwareStatementIssuer } from './registration-options.ts'

/** An issuer whose statements count, with its keys at hand. */
export interface TrustedIssuer extends SoftwareStatementIssuer {
  readonly keys: KeySource
}

/** The options, checked, with defaults filled in. */
export interface RegistrationSettings extends Pick<RegistrationOptions, 'mode' | 'approve'> {
  readonly rotateRegistrationToken: boolean
  readonly inferApplicationType: boolean
  readonly localhostAnyPort: boolean
  readonly issuers: readonly TrustedIssuer[]
  /** By name; the default for one there is not, under which nothing is registered. */
  policyOf(name: string): RegistrationPolicy
  isPolicy(name: string): boolean
}

export const defaultPolicy = 'default'
const ninetyDays = 7_776_000

const names: readonly (keyof RegistrationOptions)[] = [
  'mode',
  'policies',
  'softwareStatements',
  'rotateRegistrationToken',
  'inferApplicationType',
  'localhostAnyPort',
  'approve',
]

const policyNames: Readonly<Record<keyof RegistrationPolicy, 'text' | 'texts' | 'seconds' | 'flag'>> = {
  scope: 'text',
  grantTypes: 'texts',
  applicationTypes: 'texts',
  redirectHosts: 'texts',
  redirectSchemes: 'texts',
  authMethods: 'texts',
  resources: 'texts',
  clientLifetime: 'seconds',
  secretLifetime: 'seconds',
  approved: 'flag',
  softwareStatementRequired: 'flag',
}

const isKind = {
  text: (value: unknown) => typeof value === 'string',
  texts: (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  seconds: (value: unknown) => Number.isInteger(value) && (value as number) >= 0,
  flag: (value: unknown) => typeof value === 'boolean',
}

/** @throws TypeError for what is no scheme of an app's own */
export function schemesMustBeOfApps(where: string, schemes: readonly string[] = []): void {
  const wrong = schemes.find((scheme) => !isRedirectScheme(scheme))
  if (wrong !== undefined)
    throw new TypeError(`${where}.redirectSchemes: must be private-use schemes such as "myapp", got ${shown(wrong)}`)
}

function checkPolicy(name: string, policy: RegistrationPolicy): void {
  for (const [member, value] of Object.entries(policy)) {
    const kind = Object.hasOwn(policyNames, member) ? policyNames[member as keyof RegistrationPolicy] : undefined
    const valid = Object.keys(policyNames).join(', ')
    if (kind === undefined)
      throw new TypeError(`registration.policies.${name}: there is no ${shown(member)}; valid are ${valid}`)
    if (value !== undefined && !isKind[kind](value))
      throw new TypeError(`registration.policies.${name}.${member}: must be of kind ${kind}, got ${shown(value)}`)
  }
  schemesMustBeOfApps(`registration.policies.${name}`, policy.redirectSchemes)
}

function trusted(given: SoftwareStatementIssuer, index: number, { keysAt, outgoing }: RemoteKeysParts): TrustedIssuer {
  const where = `registration.softwareStatements[${index}]`
  const { issuer, jwks, jwksUri, algorithms = [], maxAge } = given
  if (typeof issuer !== 'string' || issuer === '') throw new TypeError(`${where}.issuer: must be a text`)
  if ((jwks === undefined) === (jwksUri === undefined))
    throw new TypeError(`${where}: needs jwks or jwksUri, one of them`)
  if (jwksUri !== undefined) mustBeAskable(`${where}.jwksUri`, jwksUri, outgoing)
  const unknown = algorithms.find((name) => !isSigningAlgorithm(name) || name.startsWith('HS'))
  if (unknown !== undefined)
    throw new TypeError(`${where}.algorithms: ${shown(unknown)} is no algorithm with a public key`)
  if (maxAge !== undefined && !(Number.isInteger(maxAge) && maxAge > 0))
    throw new TypeError(`${where}.maxAge: must be whole seconds above 0, got ${shown(maxAge)}`)
  return { ...given, keys: jwksUri === undefined ? jwkSet(jwks) : keysAt(jwksUri) }
}

/** @throws TypeError that names the option, what it got and what is valid */
export function registrationSettings(options: RegistrationOptions, remote: RemoteKeysParts): RegistrationSettings {
  const { mode, policies = {}, softwareStatements = [], approve } = options
  const unknown = Object.keys(options).find((name) => !names.some((known) => known === name))
  if (unknown !== undefined)
    throw new TypeError(`registration: there is no ${shown(unknown)}; valid are ${names.join(', ')}`)
  if (mode !== 'open' && mode !== 'initial-access-token')
    throw new TypeError(`registration.mode: must be open or initial-access-token, got ${shown(mode)}`)
  if (approve !== undefined && typeof approve !== 'function')
    throw new TypeError('registration.approve: must be a function')
  for (const [name, policy] of Object.entries(policies)) checkPolicy(name, policy)
  const isPolicy = (name: string): boolean => name === defaultPolicy || Object.hasOwn(policies, name)
  const issuers = softwareStatements.map((issuer, index) => trusted(issuer, index, remote))
  const lost = issuers.find(({ policy }) => policy !== undefined && !isPolicy(policy))
  if (lost !== undefined)
    throw new TypeError(`registration.softwareStatements: there is no policy ${shown(lost.policy)}`)
  const byDefault: RegistrationPolicy = mode === 'open' ? { clientLifetime: ninetyDays } : {}
  return {
    mode,
    ...(approve !== undefined && { approve }),
    issuers,
    rotateRegistrationToken: options.rotateRegistrationToken ?? false,
    inferApplicationType: options.inferApplicationType ?? false,
    localhostAnyPort: options.localhostAnyPort ?? false,
    isPolicy,
    policyOf: (name) => ({ ...byDefault, ...policies[isPolicy(name) ? name : defaultPolicy] }),
  }
}
