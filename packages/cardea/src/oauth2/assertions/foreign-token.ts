import type { SigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'
import type { AudienceRule, JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import { JwtRefused } from '../../core/crypto/jose/jwt-refused.ts'
import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { parseScope } from '../../core/rules/scope.ts'
import { actorsIn, type ClaimedActors } from '../exchange/actors.ts'
import type { AssertionPolicy } from '../verified-once.ts'
import type { KnownIssuer } from './trusted-issuer.ts'

/** Seconds that the clock of an issuer may differ. */
export const issuerLeeway = 60

/**
 * What is left of these algorithms where the server takes some only.
 * @throws JwtRefused where nothing is
 */
export function allowedIn(
  { signatureAlgorithms: allowed }: Engine['settings'],
  algorithms: readonly SigningAlgorithm[],
): readonly SigningAlgorithm[] {
  const left = algorithms.filter((name) => allowed.includes(name))
  if (left.length === 0) throw new JwtRefused('algorithm_not_allowed')
  return left
}

/** RFC 7523 §3: us, and nobody besides. */
export function ourAudience(
  { settings }: Engine,
  tokenUrls: readonly string[],
  others: readonly string[] = [],
): AudienceRule {
  const older = settings.compatibility.tokenEndpointAsAudience ? tokenUrls : []
  return { sole: [settings.issuer, ...older, ...others] }
}

/** What a JWT of a trusted issuer must be. */
export const policyOf = (engine: Engine, issuer: KnownIssuer, tokenUrls: readonly string[]): AssertionPolicy => ({
  keys: issuer.keys,
  algorithms: allowedIn(engine.settings, issuer.algorithms),
  typ: issuer.types.map((typ) => (typ === 'none' ? undefined : typ)),
  issuer: issuer.issuer,
  audience: ourAudience(engine, tokenUrls, issuer.audience),
  // RFC 7523 §3: whom it is about; without, it would stand for nobody, and so for the client.
  required: ['sub'],
  leeway: issuerLeeway,
  maxLifetime: issuer.maxLifetime,
})

/** @throws JwtRefused where this client may not bring it */
function mayBring({ client_id: id }: Client, { clients }: KnownIssuer, { client_id: named }: JwtClaims): void {
  if (clients !== undefined && !clients.includes(id)) throw new JwtRefused('wrong_subject', 'not for this client')
  // Identity assertion grants are for one client: whoever else gets hold of one has nothing of it.
  if (named !== undefined && named !== id) throw new JwtRefused('wrong_subject', 'issued to another client')
}

/** What a JWT of a trusted issuer stands for. */
export interface ForeignSubject extends ClaimedActors {
  /** The user here. */
  readonly userId: string
  /** Most that it is good for. Absent: it says nothing of it. */
  readonly scope?: readonly string[]
}

async function userOf({ accounts }: Engine, issuer: KnownIssuer, claims: JwtClaims): Promise<string> {
  const isAsked = issuer.authenticateUser !== undefined
  const userId: unknown = isAsked ? await issuer.authenticateUser?.(claims) : claims.sub
  const user = typeof userId === 'string' && userId !== '' ? await accounts.find(userId) : undefined
  if (user === undefined) throw new JwtRefused('wrong_subject', 'no user here')
  return user.id
}

function scopeOf({ scope: most }: KnownIssuer, { scope: said }: JwtClaims): { scope?: readonly string[] } {
  const names = typeof said === 'string' ? parseScope(said) : undefined
  if (names === undefined) return most === undefined ? {} : { scope: most }
  return { scope: most === undefined ? names : names.filter((name) => most.includes(name)) }
}

/**
 * For whom, by whom, and how much.
 * @throws JwtRefused `wrong_subject` or `claim_malformed`; ProtocolError `invalid_scope` for a scope that is none
 */
export async function foreignSubject(
  engine: Engine,
  client: Client,
  issuer: KnownIssuer,
  claims: JwtClaims,
): Promise<ForeignSubject> {
  mayBring(client, issuer, claims)
  const actors = actorsIn(claims)
  return { userId: await userOf(engine, issuer, claims), ...scopeOf(issuer, claims), ...actors }
}
