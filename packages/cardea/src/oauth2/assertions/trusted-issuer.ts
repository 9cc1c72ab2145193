import { publicKeyAlgorithms, type SigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'
import type { JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import { jwkSet, type KeySource } from '../../core/crypto/jose/key-source.ts'
import type { PublicJwk } from '../../core/model/signing-key.ts'
import { shown } from '../../core/spec/shown.ts'
import { mustBeAskable } from '../../http/outgoing/askable-url.ts'
import type { Outgoing } from '../../http/outgoing/outgoing.ts'

/** Another server whose JWTs stand for users here (RFC 7523 §3, RFC 8693 §2.1). */
export interface TrustedIssuer {
  /** Value of `iss`, compared character by character. */
  readonly issuer: string
  /** Its public keys by value. */
  readonly jwks?: { readonly keys: readonly PublicJwk[] }
  /** Where it publishes them; one of the two is needed. */
  readonly jwksUri?: string
  /** Algorithms it signs with. Default: every one that fits its keys. */
  readonly algorithms?: readonly SigningAlgorithm[]
  /**
   * Values of `typ` that are taken; `none`: a JWT without any. Default `['JWT', 'none']`. Identity assertion grants have
   * `oauth-id-jag+jwt`.
   */
  readonly types?: readonly string[]
  /** Values of `aud` by which it means this server, besides our issuer. Default: none. */
  readonly audience?: readonly string[]
  /** Seconds its JWTs may live at most, from their `iat` and from now. Default 3600. */
  readonly maxLifetime?: number
  /** Clients that may bring them. Default: every client that is registered for the grant. */
  readonly clients?: readonly string[]
  /** Most that they are good for. Default: what the client may have. */
  readonly scope?: readonly string[]
  /**
   * The id of the user they stand for; undefined: nobody here, and the JWT is refused. Default: `sub`. The user must
   * exist.
   */
  authenticateUser?(claims: JwtClaims): string | undefined | Promise<string | undefined>
}

/** A trusted issuer as it is asked. */
export interface KnownIssuer extends TrustedIssuer {
  readonly keys: KeySource
  readonly algorithms: readonly SigningAlgorithm[]
  readonly types: readonly string[]
  readonly maxLifetime: number
}

const members: readonly string[] = [
  'issuer',
  'jwks',
  'jwksUri',
  'algorithms',
  'types',
  'audience',
  'maxLifetime',
  'clients',
  'scope',
  'authenticateUser',
] satisfies readonly (keyof TrustedIssuer)[]

/** How keys of other servers are had. */
export interface RemoteKeysParts {
  readonly keysAt: (url: string) => KeySource
  readonly outgoing: Outgoing
}

function known(given: TrustedIssuer, where: string, { keysAt, outgoing }: RemoteKeysParts): KnownIssuer {
  const { issuer, jwks, jwksUri, algorithms = publicKeyAlgorithms, types = ['JWT', 'none'], maxLifetime = 3600 } = given
  const unknown = Object.keys(given).find((name) => !members.includes(name))
  if (unknown !== undefined)
    throw new TypeError(`${where}.${unknown}: there is no such option; valid are ${members.join(', ')}`)
  if (typeof issuer !== 'string' || issuer === '')
    throw new TypeError(`${where}.issuer: must be a text, got ${shown(issuer)}`)
  if ((jwks === undefined) === (jwksUri === undefined))
    throw new TypeError(`${where}: needs jwks or jwksUri, one of them`)
  const unfit = algorithms.find((name) => !publicKeyAlgorithms.includes(name))
  if (unfit !== undefined || algorithms.length === 0)
    throw new TypeError(`${where}.algorithms: needs names such as ES256, got ${shown(unfit ?? [])}`)
  if (!Number.isInteger(maxLifetime) || maxLifetime < 1)
    throw new TypeError(`${where}.maxLifetime: must be whole seconds from 1, got ${shown(maxLifetime)}`)
  if (jwksUri !== undefined) mustBeAskable(`${where}.jwksUri`, jwksUri, outgoing)
  const keys = jwks === undefined ? keysAt(jwksUri ?? '') : jwkSet(jwks)
  return { ...given, keys, algorithms, types, maxLifetime }
}

/**
 * By `iss`.
 * @throws TypeError that names the option, what it got and what is valid; JwtRefused for `jwks` that are none
 */
export function knownIssuers(
  list: readonly TrustedIssuer[],
  remote: RemoteKeysParts,
  ownIssuer: string,
): ReadonlyMap<string, KnownIssuer> {
  if (!Array.isArray(list)) throw new TypeError(`trustedIssuers: must be a list, got ${shown(list)}`)
  const issuers = new Map<string, KnownIssuer>()
  list.forEach((given, index) => {
    const where = `trustedIssuers[${index}]`
    const issuer = known(given, where, remote)
    if (issuers.has(issuer.issuer)) throw new TypeError(`${where}.issuer: stands twice`)
    if (issuer.issuer === ownIssuer) throw new TypeError(`${where}.issuer: is this server itself`)
    issuers.set(issuer.issuer, issuer)
  })
  return issuers
}
