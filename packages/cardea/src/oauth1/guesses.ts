import { digestOf } from '../core/crypto/digest.ts'
import { keepLatest } from '../core/keep-latest.ts'
import type { Attempts } from '../core/ports/attempts.ts'
import type { Clock } from '../core/ports/clock.ts'
import type { Limit } from '../core/ports/settings.ts'
import { type ProtocolError, tooManyRequests } from '../core/spec/errors.ts'
import { networkOf } from '../http/network.ts'
import { optionalParameter } from './protocol-parameters.ts'
import type { UnverifiedRequest } from './signed-request.ts'

export interface GuessParts {
  readonly clock: Clock
  readonly limit: Limit
  /** Shared by every process; absent: each counts for itself. */
  readonly attempts: Pick<Attempts, 'add' | 'clear'> | undefined
}

/**
 * Wrong signatures, counted by client, token and network: secrets that people chose must not be guessed, neither by
 * PLAINTEXT, which sends them, nor by HMAC. Known and unknown clients and tokens count alike. Where the network is not
 * known nothing is counted, since whoever guesses would shut out everybody else.
 */
export interface Guesses {
  /** What was counted for whom this request says it comes from. */
  of(request: UnverifiedRequest): RequestGuesses
}

/** To be used for one request: whom it says it comes from is worked out once, and not before something was counted. */
export interface RequestGuesses {
  /**
   * To be asked before a signature is looked at, so that a right guess after too many wrong ones is worth nothing.
   * @throws ProtocolError `too_many_requests` with the seconds to wait
   */
  refuseIfTooMany(): void
  /** @throws ProtocolError `too_many_requests` */
  count(): Promise<void>
  /** The owner of the secret has proved it. Undefined where nothing was counted: nothing is written then. */
  forgive(): Promise<void> | undefined
}

interface Counted {
  count: number
  endsAt: number
}

/** What one process remembers at most; of more, the shared count is asked at the next wrong signature. */
const rememberedAtMost = 10_000

/**
 * The same rule for what is known and what is made up, so that the count tells nobody which is which. A part of a digest:
 * made-up names must not fill the store with a row each, and two that meet by chance share a limit in one network only.
 */
function keyOf({ protocol, remoteAddress }: UnverifiedRequest): string | undefined {
  if (remoteAddress === undefined) return undefined
  const who = [optionalParameter(protocol, 'oauth_consumer_key'), optionalParameter(protocol, 'oauth_token') ?? '']
  return `oauth1 signature ${digestOf(JSON.stringify(who)).slice(0, 3)} from ${networkOf(remoteAddress)}`
}

const tooMany = (now: number, endsAt: number): ProtocolError =>
  tooManyRequests('too_many_signatures', 'Too many wrong signatures: wait and try again', {
    retryAfter: Math.max(1, endsAt - now),
  })

export function countedGuesses({ attempts, clock, limit }: GuessParts): Guesses {
  const counted = new Map<string, Counted>()

  const currentOf = (key: string, now: number): Counted | undefined => {
    const found = counted.get(key)
    if (found === undefined || now < found.endsAt) return found
    counted.delete(key)
    return undefined
  }

  /** Before anything is awaited: of a hundred guesses in parallel, none sees fewer than there were. */
  const countHere = (key: string, now: number): Counted => {
    const entry = currentOf(key, now) ?? { count: 0, endsAt: now + limit.window }
    entry.count += 1
    keepLatest(counted, key, entry, rememberedAtMost)
    return entry
  }

  const refuseIfTooMany = (key: string | undefined): void => {
    const now = clock.now()
    const entry = key === undefined ? undefined : currentOf(key, now)
    if (entry !== undefined && entry.count >= limit.attempts) throw tooMany(now, entry.endsAt)
  }

  const count = async (key: string | undefined): Promise<void> => {
    if (key === undefined) return
    const now = clock.now()
    const entry = countHere(key, now)
    const shared = await attempts?.add(key, limit.window, now)
    if (shared !== undefined) {
      entry.count = Math.max(entry.count, shared.count)
      entry.endsAt = shared.endsAt
    }
    if (entry.count > limit.attempts) throw tooMany(now, entry.endsAt)
  }

  const forgive = (key: string | undefined): Promise<void> | undefined =>
    key !== undefined && counted.delete(key) ? attempts?.clear(key) : undefined

  return {
    of(request) {
      let known: { readonly key: string | undefined } | undefined
      const key = (): string | undefined => {
        known ??= { key: keyOf(request) }
        return known.key
      }
      return {
        refuseIfTooMany: () => (counted.size === 0 ? undefined : refuseIfTooMany(key())),
        count: () => count(key()),
        forgive: () => (counted.size === 0 ? undefined : forgive(key())),
      }
    },
  }
}
