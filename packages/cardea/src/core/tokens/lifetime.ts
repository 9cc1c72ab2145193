import type { Lifetimes } from '../ports/settings.ts'
import type { AccessTokenRules } from './token-rules.ts'

/** Year 9999: the end of an authorization whose access tokens do not expire. */
export const neverEnds = 253402300799

/** Seconds, by the grant that the authorization comes from. */
export function lifetimeOf(
  lifetimes: Lifetimes,
  kind: 'accessToken' | 'refreshToken',
  grantType: string | undefined,
): number {
  const own = grantType === undefined ? undefined : lifetimes.perGrant?.[grantType]?.[kind]
  return own ?? lifetimes[kind]
}

/** Seconds; 0 is for ever, which no resource means that says how long. */
export function lifetimeWithin(lifetime: number, rules: AccessTokenRules | undefined): number {
  const most = rules?.lifetime
  if (most === undefined) return lifetime
  return lifetime === 0 ? most : Math.min(lifetime, most)
}
