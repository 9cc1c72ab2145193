import { publicKeyAlgorithms, type SigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'
import type { JwtClaims, JwtPolicy } from '../../core/crypto/jose/jwt-policy.ts'
import { JwtRefused } from '../../core/crypto/jose/jwt-refused.ts'
import { jwkSet, type KeySource } from '../../core/crypto/jose/key-source.ts'
import { jwtIn, verifyJwt } from '../../core/crypto/jose/verify-jwt.ts'
import { type Clock, systemClock } from '../../core/ports/clock.ts'
import { invalidToken } from '../../core/spec/errors.ts'
import { type Outgoing, outgoing } from '../../http/outgoing/outgoing.ts'
import { remoteKeySets, remoteKeys } from '../../http/outgoing/remote-keys.ts'
import { type ClaimNames, factsFromClaims } from './claimed-facts.ts'
import { addressIn, issuerMetadata } from './issuer-metadata.ts'
import type { TokenValidator } from './token-validator.ts'

/** Access tokens that are JWTs (RFC 9068), of one issuer. */
export interface JwtAccessTokenOptions {
  /** Exactly the `iss` of its tokens. Where `jwks` or `jwksUri` is not given, its metadata says where its keys are. */
  readonly issuer: string
  /** What this API is called; one of these must be in `aud`. */
  readonly audience: string | readonly string[]
  /** The issuer's public keys, where they are fixed (RFC 7517 §5). */
  readonly jwks?: { readonly keys: readonly object[] }
  /** Where the issuer publishes its keys, where its metadata does not say. */
  readonly jwksUri?: string
  /** Default: every algorithm with a public key. */
  readonly algorithms?: readonly SigningAlgorithm[]
  /**
   * Types that are taken for access tokens. Default `at+jwt`. Issuers before RFC 9068 write `JWT`, as in their ID tokens:
   * then it is `audience` alone that keeps those out.
   */
  readonly types?: readonly string[]
  /** Claims that must be there. Default `sub`, `client_id`, `iat`, `jti`, besides `iss`, `aud` and `exp`. */
  readonly requiredClaims?: readonly string[]
  /** What the issuer calls its claims, where not as RFC 9068 does. */
  readonly claimNames?: ClaimNames
  /** Most seconds until a token expires. Default 86400. */
  readonly maxLifetime?: number
  /** Seconds that clocks may differ. Default 10. */
  readonly leeway?: number
  /** The guarded door to the issuer. Default: only hosts on the Internet, by https. */
  readonly outgoing?: Outgoing
  /** Default: that of the system. */
  readonly clock?: Clock
}

function keysOf({ issuer, jwks, jwksUri, ...options }: JwtAccessTokenOptions): KeySource {
  if (jwks !== undefined) return jwkSet(jwks)
  const parts = { outgoing: options.outgoing ?? outgoing(), clock: options.clock ?? systemClock }
  if (jwksUri !== undefined) return remoteKeys(jwksUri, parts)
  const metadata = issuerMetadata(issuer, parts)
  const keySets = remoteKeySets(parts)
  return {
    async candidates(hint) {
      return keySets(addressIn(await metadata(), 'jwks_uri', issuer)).candidates(hint)
    },
  }
}

/** RFC 9068 §2.2.1: of their own kind, wherever they stand. */
function checkSession({ auth_time, acr, amr }: JwtClaims): void {
  const isSound =
    (auth_time === undefined || typeof auth_time === 'number') &&
    (acr === undefined || typeof acr === 'string') &&
    (amr === undefined || (Array.isArray(amr) && amr.every((method) => typeof method === 'string')))
  if (!isSound) throw new JwtRefused('claim_malformed', 'auth_time, acr or amr')
}

function policyOf(options: JwtAccessTokenOptions): JwtPolicy {
  const { audience, issuer, algorithms = publicKeyAlgorithms, types = ['at+jwt'], maxLifetime = 86_400 } = options
  const { requiredClaims = ['sub', options.claimNames?.clientId ?? 'client_id', 'iat', 'jti'], leeway } = options
  return {
    keys: keysOf(options),
    algorithms,
    typ: types,
    issuer,
    audience: { among: typeof audience === 'string' ? [audience] : audience },
    required: ['exp', ...requiredClaims],
    clock: options.clock ?? systemClock,
    maxLifetime,
    ...(leeway !== undefined && { leeway }),
  }
}

/**
 * Accepts the access tokens of an issuer that signs them (RFC 9068 §4). A token that was revoked holds until it
 * expires: nobody is asked about it.
 * @throws TypeError at once, for an issuer, audience or algorithm that cannot be meant
 */
export function jwtValidator(options: JwtAccessTokenOptions): TokenValidator {
  const { issuer, audience, algorithms = publicKeyAlgorithms } = options
  if (audience === undefined || audience.length === 0)
    throw new TypeError('audience: what is this API called in `aud`?')
  const unfit = algorithms.find((name) => !publicKeyAlgorithms.includes(name))
  if (unfit !== undefined || algorithms.length === 0) {
    throw new TypeError(`algorithms: needs names such as ES256, got ${JSON.stringify(unfit ?? [])}`)
  }
  const policy = policyOf(options)
  return {
    scheme: 'Bearer',
    async validate(token) {
      const read = jwtIn(token)
      // Another validator may know it.
      if (read?.claims.iss !== issuer) return undefined
      try {
        const { claims } = await verifyJwt(read, policy)
        checkSession(claims)
        return factsFromClaims(claims, options.claimNames)
      } catch (error) {
        if (!(error instanceof JwtRefused)) throw error
        throw invalidToken(`jwt_${error.problem}`, 'The access token provided is invalid or has expired', {
          cause: error,
        })
      }
    },
  }
}
