import type { Clock } from '../../core/ports/clock.ts'
import { ProtocolError } from '../../core/spec/errors.ts'
import type { TokenFacts } from './token-info.ts'

/** How the user must have signed in (RFC 9470). */
export interface SignInNeed {
  /** One of these classes, compared whole; best first. */
  readonly acr?: string | readonly string[] | undefined
  /** Seconds since then, at most. */
  readonly maxAge?: number | undefined
}

function classesOf(acr: SignInNeed['acr']): readonly string[] | undefined {
  const classes = typeof acr === 'string' ? [acr] : acr
  if (classes === undefined) return undefined
  // Told as a list with blanks between (RFC 9470 §3).
  if (Array.isArray(classes) && classes.length > 0 && classes.every((one) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(one)))
    return classes
  throw new TypeError(`requireOAuth: acr must be names without blanks, got ${JSON.stringify(acr)}`)
}

function secondsOf(maxAge: number | undefined): number | undefined {
  if (maxAge === undefined || (Number.isInteger(maxAge) && maxAge >= 0)) return maxAge
  throw new TypeError(`requireOAuth: maxAge must be whole seconds, got ${JSON.stringify(maxAge)}`)
}

/**
 * Throws `ProtocolError` `insufficient_user_authentication` (401) for a token that does not say so; undefined: nothing is
 * asked. Throws TypeError at once for a need that cannot be meant.
 */
export function signInCheck(
  { acr, maxAge }: SignInNeed,
  clock: Clock,
): ((token: Pick<TokenFacts, 'claims'>) => void) | undefined {
  const classes = classesOf(acr)
  const seconds = secondsOf(maxAge)
  if (classes === undefined && seconds === undefined) return undefined
  const challenge = {
    ...(classes !== undefined && { acr_values: classes.join(' ') }),
    ...(seconds !== undefined && { max_age: String(seconds) }),
  }
  return ({ claims }) => {
    const isStrong = classes === undefined || classes.includes(claims?.acr as string)
    const since = claims?.auth_time
    const isFresh = seconds === undefined || (typeof since === 'number' && clock.now() - since <= seconds)
    if (isStrong && isFresh) return
    throw new ProtocolError('insufficient_user_authentication', isStrong ? 'sign_in_too_old' : 'acr_not_met', {
      description: isStrong ? 'A more recent sign-in is needed' : 'Another kind of sign-in is needed',
      challenge,
    })
  }
}
