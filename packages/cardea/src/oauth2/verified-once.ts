import { defaultLeeway, type JwtPolicy } from '../core/crypto/jose/jwt-policy.ts'
import { JwtRefused } from '../core/crypto/jose/jwt-refused.ts'
import { type UnverifiedJwt, type VerifiedJwt, verifyJwt } from '../core/crypto/jose/verify-jwt.ts'
import type { Engine } from '../core/ports/engine.ts'
import type { MarkUse } from '../core/ports/ledger.ts'
import { isFirstUse } from '../core/tokens/request-ledger.ts'

/** What an assertion must be: it ends, soon, and has an id by which it counts once. */
export type AssertionPolicy = Omit<JwtPolicy, 'clock' | 'maxLifetime'> & {
  readonly maxLifetime: number
  /** Whether it must have a `jti`. Default true. */
  readonly idRequired?: boolean
}

/**
 * Assertions of one issuer have one space of ids: what has authenticated a client is no grant any more, and the other way
 * round. No `iss` and `jti` can be read as another pair.
 */
const markOf = (iss: string, jti: string): string => `assertion ${JSON.stringify([iss, jti])}`

/** Verifies a JWT that counts later, by `use`. @throws JwtRefused */
export async function verifiedAssertion(
  { clock }: Engine,
  jwt: UnverifiedJwt,
  policy: AssertionPolicy,
): Promise<VerifiedJwt> {
  const { idRequired = true, leeway = defaultLeeway, maxLifetime, ...others } = policy
  const required = [...others.required, 'exp', ...(idRequired ? ['jti'] : [])]
  const verified = await verifyJwt(jwt, { ...others, leeway, maxLifetime, required, clock })
  const { exp = 0, iat } = verified.claims
  if (iat !== undefined && exp - iat > maxLifetime + leeway) throw new JwtRefused('lifetime_too_long')
  return verified
}

/** RFC 7523 §3: its `jti`, where it has one, to be used up. */
export function useOf({ claims }: VerifiedJwt, leeway: number): MarkUse | undefined {
  const { exp = 0, iss = '', jti } = claims
  return jti === undefined ? undefined : { kind: 'mark', key: markOf(iss, jti), until: Math.ceil(exp + leeway) }
}

/** Uses its `jti` up, where it has one, on every instance; of a hundred that try at once, one does. @throws JwtRefused `replayed` */
export async function useOnce(engine: Engine, jwt: VerifiedJwt, leeway: number): Promise<void> {
  const use = useOf(jwt, leeway)
  if (use !== undefined && !(await isFirstUse(engine, use))) throw new JwtRefused('replayed')
}
