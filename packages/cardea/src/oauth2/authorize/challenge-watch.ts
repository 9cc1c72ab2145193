import { keepLatest } from '../../core/keep-latest.ts'
import type { AuthorizationCode } from '../../core/model/code.ts'
import type { Emit } from '../../core/ports/events.ts'

/** Reloads and Back repeat a request a few times; nobody comes this far with a challenge that is made anew. */
export const repeatsTold = 10

/** Codes of this process that are compared at most; what keeps coming back stays among them. */
const remembered = 1000

/**
 * RFC 9700 §2.1.1: a challenge that a client sends again and again protects no code: whoever has learned its verifier
 * can redeem them all. Such a client is told of, once, and not shut out: its users could do nothing about it.
 */
export function challengeWatch(emit: Emit): (code: AuthorizationCode) => Promise<void> | undefined {
  const codes = new Map<string, number>()
  return ({ clientId, codeChallenge }) => {
    if (codeChallenge === undefined) return undefined
    const key = `${codeChallenge} ${clientId}`
    const count = (codes.get(key) ?? 0) + 1
    keepLatest(codes, key, count, remembered)
    return count === repeatsTold ? emit({ type: 'challenge_repeated', clientId, codes: count }) : undefined
  }
}
