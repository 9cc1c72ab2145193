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

type Fit = AuthorizationDetail | undefined

/** What remains of a granted detail for an asked one; undefined where it does not cover it. */
function fitOf(engine: Engine, client: Client, granted: AuthorizationDetail, asked: AuthorizationDetail): Fit {
  const type = usableDetailType(engine.detailTypes, client, asked.type)
  if (type === undefined || granted.type !== asked.type) return undefined
  if (type.narrow !== undefined) return type.narrow(granted, asked)
  return isSameJson(granted, asked) ? granted : undefined
}

/** Finds a granted detail for an asked one, moving others to where they fit too. @param taken asked by granted */
function place(fits: readonly (readonly Fit[])[], taken: number[], asked: number, tried: Set<number>): boolean {
  for (const [granted, fit] of (fits[asked] ?? []).entries()) {
    if (!fit || tried.has(granted)) continue
    tried.add(granted)
    const other = taken[granted]
    if (other !== undefined && !place(fits, taken, other, tried)) continue
    taken[granted] = asked
    return true
  }
  return false
}

/** Each detail that was granted covers one: two payments are more than one, also where each is no larger. */
function narrowed(
  engine: Engine,
  client: Client,
  granted: readonly AuthorizationDetail[],
  asked: readonly AuthorizationDetail[],
): readonly AuthorizationDetail[] {
  const fits = asked.map((wanted) => granted.map((detail) => fitOf(engine, client, detail, wanted)))
  const taken: number[] = []
  if (!asked.every((_, at) => place(fits, taken, at, new Set())))
    throw invalidDetails('details_not_granted', 'The authorization_details exceed what was granted')
  return asked.map((_, at) => fits[at]?.[taken.indexOf(at)] as AuthorizationDetail)
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
  return narrowed(engine, client, kept ?? [], wanted)
}

/** The facts with these details. */
export function withDetails(facts: GrantFacts | undefined, details: readonly AuthorizationDetail[]): GrantFacts {
  const { authorizationDetails: _before, ...others } = facts ?? {}
  return details.length === 0 ? others : { ...others, authorizationDetails: details }
}
