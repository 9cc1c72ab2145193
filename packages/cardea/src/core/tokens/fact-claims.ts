import { audiencesOf } from '../crypto/jose/check-claims.ts'
import type { JwtClaims } from '../crypto/jose/jwt-policy.ts'
import type { GrantFacts } from '../model/grant-facts.ts'

/** Facts under the names that introspection and JWT access tokens have for them (RFC 7662 §2.2, RFC 9068 §2.2). */
export function factClaims(facts: GrantFacts | undefined): Record<string, unknown> {
  const claims: Record<string, unknown> = {}
  if (facts === undefined) return claims
  const { resources, confirmation, authorizationDetails, actor, mayAct, authTime, acr, amr } = facts
  // RFC 7519 §4.1.3: one audience may be a plain string, and older resource servers expect it so.
  if (resources !== undefined) claims.aud = resources.length === 1 ? resources[0] : resources
  if (confirmation !== undefined) claims.cnf = confirmation
  if (authorizationDetails !== undefined) claims.authorization_details = authorizationDetails
  if (actor !== undefined) claims.act = actor
  if (mayAct !== undefined) claims.may_act = mayAct
  if (authTime !== undefined) claims.auth_time = authTime
  if (acr !== undefined) claims.acr = acr
  if (amr !== undefined) claims.amr = amr
  return claims
}

/** The way back, of claims that this server has signed. */
export function factsIn(claims: JwtClaims): GrantFacts {
  const { acr, act, amr, auth_time, authorization_details, cnf, may_act } = claims
  const facts = {
    resources: audiencesOf(claims),
    confirmation: cnf,
    authorizationDetails: authorization_details,
    actor: act,
    mayAct: may_act,
    authTime: auth_time,
    acr,
    amr,
  }
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as GrantFacts
}
