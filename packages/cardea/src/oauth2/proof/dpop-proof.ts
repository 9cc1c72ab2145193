import { digestOf } from '../../core/crypto/digest.ts'
import type { SigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'
import type { HeaderKeys } from '../../core/crypto/jose/header-keys.ts'
import type { JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import { JwtRefused } from '../../core/crypto/jose/jwt-refused.ts'
import { jwkThumbprint } from '../../core/crypto/jose/thumbprint.ts'
import type { PublicJwk } from '../../core/crypto/jose/verification-key.ts'
import { type VerifiedJwt, verifyJwt } from '../../core/crypto/jose/verify-jwt.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { MarkUse } from '../../core/ports/ledger.ts'
import type { Replay } from '../../core/ports/replay.ts'
import { ProtocolError } from '../../core/spec/errors.ts'
import type { PendingUse } from '../../core/tokens/request-ledger.ts'
import type { DpopNonces } from './dpop-nonces.ts'
import { targetUri } from './target-uri.ts'

/** What a proof must be at one place. */
export interface DpopRules {
  readonly algorithms: readonly SigningAlgorithm[]
  /** Default: the key of each proof is read anew. */
  readonly headerKeys?: HeaderKeys
  readonly clock: Clock
  /** Seconds since `iat`. */
  readonly maxAge: number
  /** Where it is remembered which proofs have been used. */
  readonly replay: Pick<Replay, 'claim'>
  /** Undefined: none is asked for. */
  readonly nonces: DpopNonces | undefined
  /** Of refusals: 400 of an authorization server, 401 of a protected resource (RFC 9449 §5, §7.1). */
  readonly status: 400 | 401
}

/** The request that a proof is for. */
export interface ProvedRequest {
  readonly method: string
  /** Every address that it may name, by configuration. */
  readonly urls: readonly string[]
  /** What it goes with, at a protected resource. */
  readonly accessToken?: string
}

/** A proof that holds and may have been used before. */
export interface DpopProof {
  /** RFC 7638: thumbprint of the key. */
  readonly jkt: string
  /** To be used up at every instance on the same store. */
  readonly pending: PendingUse & { readonly use: MarkUse }
}

/** Seconds by which the clock of a client may differ from ours. */
const clockTolerance = 60
const longestId = 512

/** RFC 9449 §8: whoever is refused learns the nonce to try again with. */
export const nonceHeader = ({ nonces }: Pick<DpopRules, 'nonces'>): { readonly 'dpop-nonce'?: string } =>
  nonces === undefined ? {} : { 'dpop-nonce': nonces.current() }

export const dpopRefused = (rules: DpopRules, reason: string, description: string, cause?: unknown): ProtocolError =>
  new ProtocolError('invalid_dpop_proof', reason, {
    description,
    status: rules.status,
    headers: nonceHeader(rules),
    cause,
  })

async function verified(rules: DpopRules, header: string): Promise<VerifiedJwt> {
  const { algorithms, clock, headerKeys, maxAge } = rules
  try {
    return await verifyJwt(header, {
      keys: 'in-header',
      ...(headerKeys !== undefined && { headerKeys }),
      algorithms,
      typ: ['dpop+jwt'],
      issuer: null,
      audience: null,
      required: ['jti', 'htm', 'htu', 'iat'],
      clock,
      leeway: clockTolerance,
      maxAge,
    })
  } catch (cause) {
    if (!(cause instanceof JwtRefused)) throw cause
    throw dpopRefused(rules, `dpop_${cause.problem}`, 'The DPoP proof is not valid', cause)
  }
}

function checkTarget(rules: DpopRules, { htm, htu }: JwtClaims, { method, urls }: ProvedRequest): void {
  if (htm !== method) throw dpopRefused(rules, 'dpop_wrong_method', 'The DPoP proof is for another method')
  const target = typeof htu === 'string' ? targetUri(htu) : undefined
  if (target === undefined || !urls.some((url) => targetUri(url) === target))
    throw dpopRefused(rules, 'dpop_wrong_uri', 'The DPoP proof is for another address')
}

function checkNonce({ nonces, status }: DpopRules, { nonce }: JwtClaims): void {
  if (nonces === undefined || nonces.accepts(nonce)) return
  throw new ProtocolError('use_dpop_nonce', nonce === undefined ? 'dpop_nonce_missing' : 'dpop_nonce_unknown', {
    description: 'Use the nonce of the header DPoP-Nonce in the DPoP proof',
    status,
    headers: nonceHeader({ nonces }),
  })
}

function checkToken(rules: DpopRules, { ath }: JwtClaims, { accessToken }: ProvedRequest): void {
  if (accessToken !== undefined && ath !== digestOf(accessToken))
    throw dpopRefused(rules, 'dpop_wrong_token', 'The DPoP proof is for another access token')
}

/**
 * RFC 9449 §4.3, all but the replay, which whoever uses up `pending` decides.
 * @param header the whole value of the header DPoP
 * @throws ProtocolError `invalid_dpop_proof` or `use_dpop_nonce`
 */
export async function readDpopProof(
  rules: DpopRules,
  header: string | undefined,
  request: ProvedRequest,
): Promise<DpopProof> {
  if (header === undefined) throw dpopRefused(rules, 'dpop_missing', 'The request needs a DPoP proof')
  // What is sent twice arrives as one, with a comma between.
  if (header.includes(',')) throw dpopRefused(rules, 'dpop_twice', 'Send one DPoP proof')
  const { claims, key } = await verified(rules, header)
  checkTarget(rules, claims, request)
  checkNonce(rules, claims)
  checkToken(rules, claims, request)
  const jti = claims.jti as string
  if (jti.length > longestId) throw dpopRefused(rules, 'dpop_long_jti', 'The jti of the DPoP proof is too long')
  const jkt = jwkThumbprint(key.jwk as PublicJwk)
  return {
    jkt,
    pending: {
      use: {
        kind: 'mark',
        key: `dpop ${jkt} ${jti}`,
        until: Math.ceil(claims.iat as number) + rules.maxAge + clockTolerance,
      },
      refusal: () => dpopRefused(rules, 'dpop_replayed', 'The DPoP proof has been used'),
    },
  }
}
