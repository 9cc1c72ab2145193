import type { Engine } from '../../core/ports/engine.ts'
import { covers } from '../../core/rules/scope.ts'
import { isFirstUse } from '../../core/tokens/request-ledger.ts'
import type { HttpResponse } from '../../http/response.ts'
import type { SignedIn } from '../../interaction/browser.ts'
import { expired, spent } from '../../interaction/consent-ticket.ts'
import { deniedByUser } from './endpoint.ts'
import { onceFrom, pendingOf } from './once-only.ts'
import type { HostConsentParts, HostDecision, OpenConsent } from './open-consent.ts'

/** Where an interaction of this kind keeps what its answer uses up. */
export const onceField = 'once'

/** @throws ProtocolError for a request that was answered through another copy of the page */
async function useUp(engine: Engine, { kept }: OpenConsent): Promise<void> {
  const once = kept?.request[onceField]
  if (once !== undefined && !(await isFirstUse(engine, pendingOf(onceFrom(once)).use))) throw spent()
}

async function deny(engine: Engine, { protocol, responder }: HostConsentParts, consent: OpenConsent) {
  const { kept, request, signedIn, client } = consent
  if (kept !== undefined && !(await engine.store.interactions.take(kept.id, engine.clock.now()))) throw spent()
  await useUp(engine, consent)
  const userId = signedIn?.user.id
  await engine.emit({ type: 'consent_denied', clientId: client.client_id, ...(userId !== undefined && { userId }) })
  return kept === undefined ? responder.denied(request, deniedByUser()) : protocol.denied(kept)
}

/** The latest answer counts: what was left out is not given silently next time, even where it once was allowed. */
async function remembered(engine: Engine, consent: OpenConsent, by: SignedIn, scope: readonly string[]) {
  const before = await engine.store.consents.find(by.user.id, consent.client.client_id)
  return [...(before?.scope ?? []).filter((name) => !consent.scope.includes(name)), ...scope]
}

function scopeOf(consent: OpenConsent, wanted: readonly string[] = consent.scope): readonly string[] {
  if (!covers(consent.scope, wanted))
    throw new TypeError('createAuthorizationResponse: the scope exceeds what was asked for')
  return consent.scope.filter((name) => wanted.includes(name))
}

async function grant(
  engine: Engine,
  { protocol }: HostConsentParts,
  consent: OpenConsent,
  by: SignedIn,
  decision: HostDecision,
): Promise<HttpResponse> {
  const { answered, client, kept, prompt } = consent
  if (kept === undefined)
    throw new TypeError('createAuthorizationResponse: somebody has to sign in first, as grant.prompt says')
  if (prompt === 'consent' && !answered && !decision.skipConsent) {
    throw new TypeError(
      'createAuthorizationResponse: nobody was asked: show a page with grant.fields first, or say skipConsent: true',
    )
  }
  if (engine.clock.now() >= kept.expiresAt) throw expired()
  const scope = scopeOf(consent, decision.scope)
  const remember = decision.remember && answered ? await remembered(engine, consent, by, scope) : undefined
  await useUp(engine, consent)
  const response = await protocol.granted(kept, by, scope, remember)
  if (response === undefined) throw spent()
  const userId = by.user.id
  if (answered) await engine.emit({ type: 'consent_given', clientId: client.client_id, userId, scope })
  return response
}

/**
 * The person's answer, once.
 * @throws ProtocolError when it was given before or is too late; TypeError when nobody was asked
 */
export const decideForHost = (
  engine: Engine,
  parts: HostConsentParts,
  consent: OpenConsent,
  decision: HostDecision,
): Promise<HttpResponse> =>
  decision.by === undefined ? deny(engine, parts, consent) : grant(engine, parts, consent, decision.by, decision)
