import type { Engine } from '../ports/engine.ts'
import type { CardeaEvent } from '../ports/events.ts'

type Reason = Extract<CardeaEvent, { type: 'authorization_revoked' }>['reason']

/** Ends a whole family: access tokens too, since whoever holds the copy holds those as well (RFC 9700 §4.14.2). */
export async function revokeFamily(
  engine: Engine,
  authorizationId: string,
  clientId: string,
  reason: Reason,
): Promise<void> {
  const newly = await engine.store.authorizations.revoke(authorizationId, engine.clock.now())
  if (newly) await engine.emit({ type: 'authorization_revoked', authorizationId, clientId, reason })
}
