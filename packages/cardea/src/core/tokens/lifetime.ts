import type { Engine } from '../ports/engine.ts'
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
const within = (lifetime: number, most: number | undefined): number =>
  most === undefined ? lifetime : lifetime === 0 ? most : Math.min(lifetime, most)

/** Seconds, by the resources and, for what comes from another token, by its end. */
export function lifetimeWithin(
  { clock }: Pick<Engine, 'clock'>,
  lifetime: number,
  rules: AccessTokenRules | undefined,
  until: number | undefined,
): number {
  return within(within(lifetime, rules?.lifetime), until === undefined ? undefined : Math.max(1, until - clock.now()))
}
