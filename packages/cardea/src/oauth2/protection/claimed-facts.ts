import { invalidToken } from '../../core/spec/errors.ts'
import type { TokenFacts } from './token-info.ts'
import { namesIn } from './token-need.ts'

/** What other issuers call the claims of RFC 9068 §2.2. */
export interface ClaimNames {
  /** Default `client_id`; elsewhere `azp` or `appid`. */
  readonly clientId?: string
  /** Default `scope`; elsewhere `scp`. A text of names, or a list. */
  readonly scope?: string
  /** Default `groups`. */
  readonly groups?: string
  /** Default `roles`. */
  readonly roles?: string
  /** Default `entitlements`. */
  readonly entitlements?: string
}

type Claims = Readonly<Record<string, unknown>>

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

function scopeFrom(value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  if (typeof value === 'string') return value.split(' ').filter(Boolean)
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value
  throw invalidToken('malformed_scope_claim', 'The access token provided is invalid')
}

const membershipIn = (claims: Claims, name: string, member: string): object => {
  const names = namesIn(claims[name])
  return names === undefined ? {} : { [member]: names }
}

/**
 * What the claims of a token, or the members of an introspection answer, tell of it. Whether it is bound to a key (`cnf`) is
 * for the guard to look at, which sees the proof.
 */
export function factsFromClaims(claims: Claims, names: ClaimNames = {}): TokenFacts {
  const clientId = text(claims[names.clientId ?? 'client_id'])
  if (clientId === undefined) throw invalidToken('no_client_id', 'The access token provided is invalid')
  const subject = text(claims.sub)
  const issuer = text(claims.iss)
  return {
    scheme: 'Bearer',
    clientId,
    scope: scopeFrom(claims[names.scope ?? 'scope']),
    // RFC 9068 §2.2: without a resource owner, the subject is the client.
    ...(subject !== undefined && subject !== clientId && { userId: subject }),
    ...(typeof claims.exp === 'number' && { expiresAt: claims.exp }),
    ...(issuer !== undefined && { issuer }),
    ...membershipIn(claims, names.groups ?? 'groups', 'groups'),
    ...membershipIn(claims, names.roles ?? 'roles', 'roles'),
    ...membershipIn(claims, names.entitlements ?? 'entitlements', 'entitlements'),
    claims,
  }
}
