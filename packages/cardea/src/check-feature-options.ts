import { isSigningAlgorithm } from './core/crypto/jose/algorithms.ts'
import { shown } from './core/spec/shown.ts'
import type { ClientAssertionOptions } from './oauth2/client-auth/client-assertion-options.ts'
import type { MutualTlsOptions } from './oauth2/client-auth/mutual-tls-options.ts'
import type { TokenExchangeOptions } from './oauth2/exchange/exchange-options.ts'
import type { DpopOptions } from './oauth2/proof/dpop-options.ts'
import type { PushedRequestsOptions } from './oauth2/pushed/pushed-requests-options.ts'
import type { RequestObjectsOptions } from './oauth2/request-object/request-objects-options.ts'
import type { SignedResponsesOptions } from './oauth2/signed-response/signed-responses-options.ts'
import type { JwtBearerOptions } from './oauth2/token/grants/jwt-bearer-options.ts'
import type { ProviderOptions } from './options.ts'

/** Features that are a switch or an object, with the members there are. */
interface Features {
  readonly clientAssertions: ClientAssertionOptions
  readonly dpop: DpopOptions
  readonly jwtBearer: JwtBearerOptions
  readonly mutualTls: MutualTlsOptions
  readonly pushedRequests: PushedRequestsOptions
  readonly requestObjects: RequestObjectsOptions
  readonly signedResponses: SignedResponsesOptions
  readonly tokenExchange: TokenExchangeOptions
}

const members: { readonly [Name in keyof Features]: Readonly<Record<keyof Features[Name], true>> } = {
  clientAssertions: { maxLifetime: true, algorithms: true },
  dpop: { required: true, algorithms: true, maxAge: true, nonce: true, nonceLifetime: true, resourceOrigin: true },
  jwtBearer: { ownAssertions: true, requireId: true, hasGrantedPermission: true },
  mutualTls: { certificateAuthorities: true, selfSigned: true, endpointOrigin: true },
  pushedRequests: { required: true, redirectUriRequired: true, lifetime: true },
  requestObjects: {
    required: true,
    algorithms: true,
    byReference: true,
    encryption: true,
    maxLifetime: true,
    strict: true,
    singleUse: true,
  },
  signedResponses: { lifetime: true },
  tokenExchange: { policy: true, maxActors: true },
}

function mustBeFlag(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean')
    throw new TypeError(`${option}: must be true or false, got ${shown(value)}`)
}

/** A misspelled `required` would leave out what it was to demand. */
function checkMembers(name: keyof Features, given: unknown): void {
  if (given === undefined || typeof given === 'boolean') return
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new TypeError(`${name}: must be true, false or an object, got ${shown(given)}`)
  const valid = Object.keys(members[name])
  const unknown = Object.keys(given).find((member) => !valid.includes(member))
  if (unknown !== undefined)
    throw new TypeError(`${name}: there is no ${shown(unknown)}; valid are ${valid.join(', ')}`)
}

function checkAssertions({ algorithms, maxLifetime = 1 }: ClientAssertionOptions): void {
  // Compared with NaN no assertion lives too long.
  if (!Number.isInteger(maxLifetime) || maxLifetime < 1)
    throw new TypeError(`clientAssertions.maxLifetime: must be whole seconds from 1, got ${shown(maxLifetime)}`)
  if (algorithms === undefined) return
  const isList = Array.isArray(algorithms) && algorithms.length > 0
  if (!isList || !algorithms.every(isSigningAlgorithm))
    throw new TypeError(`clientAssertions.algorithms: needs names such as ES256, got ${shown(algorithms)}`)
}

/** @throws TypeError that names the option, what it got and what is valid */
export function checkFeatureOptions(options: ProviderOptions): void {
  for (const name of Object.keys(members) as (keyof Features)[]) checkMembers(name, options[name])
  const { certificateBoundTokens, clientAssertions, describedResources = [], jwtBearer, mutualTls } = options
  if (typeof clientAssertions === 'object') checkAssertions(clientAssertions)
  if (typeof mutualTls === 'object') mustBeFlag('mutualTls.selfSigned', mutualTls.selfSigned)
  if (typeof jwtBearer === 'object') {
    mustBeFlag('jwtBearer.ownAssertions', jwtBearer.ownAssertions)
    mustBeFlag('jwtBearer.requireId', jwtBearer.requireId)
  }
  if (![undefined, true, false, 'required'].includes(certificateBoundTokens))
    throw new TypeError(
      `certificateBoundTokens: must be true, false or 'required', got ${shown(certificateBoundTokens)}`,
    )
  if (!Array.isArray(describedResources))
    throw new TypeError(`describedResources: must be a list of addresses, got ${shown(describedResources)}`)
}
