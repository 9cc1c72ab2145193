import type { GrantFacts } from '../../core/model/grant-facts.ts'
import type { Session } from '../../core/model/session.ts'
import type { WantedSignIn } from '../../core/model/wanted-sign-in.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { ProtocolError } from '../../core/spec/errors.ts'

type Settings = Pick<Engine['settings'], 'acrValues'>

/** Without classes that are known to this server, the wish is no more than one (OIDC Core §3.1.2.1). */
export const isAcrMet = ({ acrValues: known }: Settings, { acrValues }: WantedSignIn, { acr }: Session): boolean =>
  known === undefined || acrValues.length === 0 || (acr !== undefined && acrValues.includes(acr))

/** Whether some sign-in at this server could do. */
export const isAcrReachable = ({ acrValues: known }: Settings, { acrValues }: WantedSignIn): boolean =>
  known === undefined || acrValues.length === 0 || acrValues.some((acr) => known.includes(acr))

/** RFC 9470 §5: the client is told, and not given a token that its resource refuses again. */
export const unmet = (): ProtocolError =>
  new ProtocolError('unmet_authentication_requirements', 'acr_not_met', {
    description: "The sign-in does not reach any of the 'acr_values'",
  })

/** When and how somebody signed in. */
export const factsOfSession = ({ acr, amr, authTime }: Pick<Session, 'acr' | 'amr' | 'authTime'>): GrantFacts => ({
  // A host may not know since when.
  ...(authTime > 0 && { authTime }),
  ...(acr !== undefined && { acr }),
  ...(amr !== undefined && { amr }),
})

/** RFC 9470 §6: what tokens tell of the sign-in, where the server always tells, the request asks, or they tell of more anyway. */
export function signInFacts(
  { accessTokenFormat, tellSignIn }: Pick<Engine['settings'], 'accessTokenFormat' | 'tellSignIn'>,
  { acrValues, facts, maxAge }: WantedSignIn & { readonly facts: GrantFacts | undefined },
  session: Pick<Session, 'acr' | 'amr' | 'authTime'>,
): { readonly facts?: GrantFacts } {
  const isAsked = acrValues.length > 0 || maxAge !== undefined
  if (!tellSignIn && !isAsked && facts === undefined && accessTokenFormat === 'opaque') return {}
  return { facts: { ...factsOfSession(session), ...facts } }
}
