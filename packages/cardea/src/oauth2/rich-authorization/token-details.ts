import type { Client } from '../../core/model/client.ts'
import type { AuthorizationDetail, GrantFacts } from '../../core/model/grant-facts.ts'
import { usableDetailType } from '../../core/ports/detail-types.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { detailsFrom } from './read-details.ts'
import { isSameJson } from './same-json.ts'
import { invalidDetails, stillUsable } from './usable-details.ts'

/** What a client asks for at the token endpoint, and what was allowed before. */
export interface DetailRequest {
  readonly client: Client
  /** Value of `authorization_details`. */
  readonly asked: string | undefined
  /** Absent: nothing was decided. */
  readonly granted: readonly AuthorizationDetail[] | undefined
  /** Absent for a machine token. */
  readonly userId: string | undefined
}

/** Whether there is nothing to decide. */
export const isUndetailed = ({ detailTypes }: Engine, { asked, granted }: DetailRequest): boolean =>
  granted === undefined && (asked === undefined || Object.keys(detailTypes).length === 0)

function narrowed(engine: Engine, client: Client, granted: readonly AuthorizationDetail[], asked: AuthorizationDetail) {
  const type = usableDetailType(engine.detailTypes, client, asked.type)
  for (const detail of granted) {
    if (detail.type !== asked.type || type === undefined) continue
    const less = type.narrow === undefined ? isSameJson(detail, asked) && detail : type.narrow(detail, asked)
    if (less) return less
  }
  throw invalidDetails('details_not_granted', 'The authorization_details exceed what was granted')
}

/**
 * RFC 9396 §6: what the new token has of them.
 * @throws ProtocolError `invalid_authorization_details`
 */
export async function detailsOfToken(
  engine: Engine,
  { asked, client, granted, userId }: DetailRequest,
): Promise<readonly AuthorizationDetail[]> {
  const kept = granted && stillUsable(engine, client, granted)
  if (asked === undefined || Object.keys(engine.detailTypes).length === 0) return kept ?? []
  const wanted = await detailsFrom(engine, client, asked)
  // A machine asks for itself; for somebody, nobody but that person can allow it.
  if (kept === undefined && userId === undefined) return wanted
  return wanted.map((detail) => narrowed(engine, client, kept ?? [], detail))
}

/** The facts with these details. */
export function withDetails(facts: GrantFacts | undefined, details: readonly AuthorizationDetail[]): GrantFacts {
  const { authorizationDetails: _before, ...others } = facts ?? {}
  return details.length === 0 ? others : { ...others, authorizationDetails: details }
}
