import { type AudienceRule, type ClaimName, defaultLeeway, type JwtClaims, type JwtPolicy } from './jwt-policy.ts'
import { type JwtProblem, JwtRefused } from './jwt-refused.ts'
import type { JsonObject } from './strict-json.ts'

/** 9999-12-31: nobody means more, and beyond 2^53 sums are wrong. */
const latest = 253_402_300_799
const mostAudiences = 64

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isTime = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= latest
const isAudience = (value: unknown): boolean =>
  isText(value) ||
  (Array.isArray(value) && value.length > 0 && value.length <= mostAudiences && value.every((entry) => isText(entry)))

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  iss: isText,
  sub: isText,
  jti: isText,
  aud: isAudience,
  exp: isTime,
  nbf: isTime,
  iat: isTime,
}

/** RFC 7519 §4.1: the registered claims have their types, wherever they stand. @throws JwtRefused `claim_malformed` */
export function claimsFrom(payload: JsonObject): JwtClaims {
  for (const [name, isSound] of Object.entries(kinds)) {
    if (Object.hasOwn(payload, name) && !isSound(payload[name])) throw new JwtRefused('claim_malformed', name)
  }
  return payload
}

/** `aud` as a list; empty: the token has none. */
export const audiencesOf = ({ aud }: JwtClaims): readonly string[] =>
  aud === undefined ? [] : typeof aud === 'string' ? [aud] : aud

function isOurs(claims: JwtClaims, rule: AudienceRule): boolean {
  const audiences = audiencesOf(claims)
  if ('among' in rule) return audiences.some((audience) => rule.among.includes(audience))
  const ours = 'text' in rule ? rule.text : rule.sole
  if ('text' in rule && typeof claims.aud !== 'string') return false
  return audiences.length === 1 && ours.includes(audiences[0] as string)
}

function timeProblem(claims: JwtClaims, policy: JwtPolicy): JwtProblem | undefined {
  const { leeway = defaultLeeway, maxAge, maxLifetime, mayBeExpired } = policy
  const { exp, nbf, iat } = claims
  const now = policy.clock.now()
  if (exp !== undefined && !mayBeExpired && now >= exp + leeway) return 'expired'
  if (exp !== undefined && maxLifetime !== undefined && exp - now > maxLifetime + leeway) return 'lifetime_too_long'
  if (nbf !== undefined && nbf > now + leeway) return 'not_yet_valid'
  if (iat !== undefined && iat > now + leeway) return 'not_yet_valid'
  if (iat !== undefined && maxAge !== undefined && now - iat > maxAge + leeway) return 'too_old'
  return undefined
}

function requiredBy({ required, issuer, audience, subject, maxAge }: JwtPolicy): ReadonlySet<ClaimName> {
  const names = new Set(required)
  if (issuer !== null) names.add('iss')
  if (audience !== null) names.add('aud')
  if (subject !== undefined) names.add('sub')
  if (maxAge !== undefined) names.add('iat')
  return names
}

/** RFC 7519 §4.1, by a policy. @throws JwtRefused */
export function checkClaims(claims: JwtClaims, policy: JwtPolicy): void {
  for (const name of requiredBy(policy)) {
    if (!Object.hasOwn(claims, name) || claims[name] === null) throw new JwtRefused('claim_missing', name)
  }
  const { issuer, audience, subject } = policy
  const issuers = typeof issuer === 'string' ? [issuer] : issuer
  if (issuers !== null && !issuers.includes(claims.iss as string)) throw new JwtRefused('wrong_issuer')
  if (subject !== undefined && claims.sub !== subject) throw new JwtRefused('wrong_subject')
  if (audience !== null && !isOurs(claims, audience)) throw new JwtRefused('wrong_audience')
  const problem = timeProblem(claims, policy)
  if (problem !== undefined) throw new JwtRefused(problem)
}
