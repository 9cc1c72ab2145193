import { audiencesOf } from '../crypto/jose/check-claims.ts'
import type { JwtClaims } from '../crypto/jose/jwt-policy.ts'
import type { GrantFacts } from '../model/grant-facts.ts'

/** Facts under the names that introspection and JWT access tokens have for them (RFC 7662 §2.2, RFC 9068 §2.2). */
export function factClaims(facts: GrantFacts | undefined): Readonly<Record<string, unknown>> {
  if (facts === undefined) return {}
  const { resources, confirmation, authorizationDetails, actor, mayAct, authTime, acr, amr } = facts
  return {
    // RFC 7519 §4.1.3: one audience may be a plain string, and older resource servers expect it so.
    ...(resources !== undefined && { aud: resources.length === 1 ? resources[0] : resources }),
    ...(confirmation !== undefined && { cnf: confirmation }),
    ...(authorizationDetails !== undefined && { authorization_details: authorizationDetails }),
    ...(actor !== undefined && { act: actor }),
    ...(mayAct !== undefined && { may_act: mayAct }),
    ...(authTime !== undefined && { auth_time: authTime }),
    ...(acr !== undefined && { acr }),
    ...(amr !== undefined && { amr }),
  }
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
