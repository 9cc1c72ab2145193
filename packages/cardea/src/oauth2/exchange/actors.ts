import type { JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import { JwtRefused } from '../../core/crypto/jose/jwt-refused.ts'
import type { Client } from '../../core/model/client.ts'
import type { Actor } from '../../core/model/grant-facts.ts'
import { invalidRequest } from '../../core/spec/errors.ts'
import type { ExchangeParty } from './exchange-options.ts'

const longestName = 1000

const depthOf = (actor: Actor | undefined): number => (actor === undefined ? 0 : 1 + depthOf(actor.act))

/** What another server says of actors: texts, and no deeper than we go. Undefined for what is none. */
export function actorFrom(claim: unknown, depth = 0): Actor | undefined {
  if (typeof claim !== 'object' || claim === null || depth > 16) return undefined
  const { sub, client_id, iss, act } = claim as Record<string, unknown>
  const isName = (value: unknown): value is string =>
    typeof value === 'string' && value !== '' && value.length <= longestName
  const name = isName(sub) ? sub : client_id
  if (!isName(name)) return undefined
  const next = act === undefined ? undefined : actorFrom(act, depth + 1)
  // Whoever acted before must not be lost on the way.
  if (act !== undefined && next === undefined) return undefined
  return {
    sub: name,
    ...(isName(client_id) && { client_id }),
    ...(isName(iss) && { iss }),
    ...(next !== undefined && { act: next }),
  }
}

/** Who acts, and who may, as a JWT says. */
export interface ClaimedActors {
  readonly actor?: Actor
  readonly mayAct?: Actor
}

function claimedActor(claims: JwtClaims, name: 'act' | 'may_act'): Actor | undefined {
  const actor = actorFrom(claims[name])
  // What nobody understands must not be lost: the token would stand for more than it says.
  if (actor === undefined && claims[name] !== undefined) throw new JwtRefused('claim_malformed', name)
  return actor
}

/** RFC 8693 §4.1, §4.4. @throws JwtRefused `claim_malformed` */
export function actorsIn(claims: JwtClaims): ClaimedActors {
  const [actor, mayAct] = [claimedActor(claims, 'act'), claimedActor(claims, 'may_act')]
  return { ...(actor !== undefined && { actor }), ...(mayAct !== undefined && { mayAct }) }
}

/** The one who acts now, as the new token names it (RFC 8693 §4.1). */
export const actorOf = ({ sub, clientId, issuer }: ExchangeParty, ownIssuer: string): Actor => ({
  sub,
  ...(clientId !== undefined && { client_id: clientId }),
  ...(issuer !== ownIssuer && { iss: issuer }),
})

export const clientAsActor = ({ client_id }: Client): Actor => ({ sub: client_id, client_id })

/**
 * RFC 8693 §4.1: who acts now comes first, whoever acted before stays behind it.
 * @throws ProtocolError `invalid_request` for more than `most` in a row
 */
export function chained(now: Actor | undefined, before: Actor | undefined, most: number): Actor | undefined {
  const chain = now === undefined ? before : { ...now, ...(before !== undefined && { act: before }) }
  if (depthOf(chain) > most) throw invalidRequest('too_many_actors', 'Too many act for each other already')
  return chain
}

/**
 * RFC 8693 §4.4: whether the one who acts is who may. Every member that is named must be the same.
 * @param saidBy who has issued the token that says who may: without `iss` it means one of ours, or one of its own
 */
export function mayActAs(
  { sub, client_id, iss }: Actor,
  actor: Actor,
  ownIssuer: string,
  saidBy: string = ownIssuer,
): boolean {
  const issuers = iss === undefined ? [ownIssuer, saidBy] : [iss]
  const hasSameIssuer = issuers.includes(actor.iss ?? ownIssuer)
  return sub === actor.sub && hasSameIssuer && (client_id === undefined || client_id === actor.client_id)
}
