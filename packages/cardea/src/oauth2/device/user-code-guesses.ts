import type { DeviceRequest } from '../../core/model/device-request.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { Limit } from '../../core/ports/settings.ts'
import { ProtocolError } from '../../core/spec/errors.ts'
import { networkOf } from '../../http/network.ts'
import { countAttempt } from '../../interaction/sign-in-limits.ts'
import { userCodeDigests } from './user-code.ts'

/** Who tries a code. */
export interface Guess {
  /** Without separators. */
  readonly code: string
  /** Undefined: nobody is signed in. */
  readonly userId: string | undefined
  readonly remoteAddress: string | undefined
}

/** In this order: a network that has used up its share takes nothing of everybody's. */
function countsOf({ settings }: Engine, { remoteAddress, userId }: Guess): readonly (readonly [string, Limit])[] {
  const { everyUserCode, userCode } = settings.limits
  return [
    [`user codes from ${networkOf(remoteAddress)}`, userCode],
    ...(userId === undefined ? [] : [[`user codes by ${userId}`, userCode] as const]),
    ['user codes', everyUserCode],
  ]
}

async function findOpen(engine: Engine, { code, userId }: Guess): Promise<DeviceRequest | undefined> {
  for (const digest of userCodeDigests(engine, code)) {
    const device = await engine.store.deviceRequests.findByUserCode(digest)
    if (device === undefined) continue
    const isOpen = device.approval === undefined && device.deniedAt === undefined
    const isAnothers = userId !== undefined && device.claimedBy !== undefined && device.claimedBy !== userId
    return isOpen && !isAnothers && engine.clock.now() < device.expiresAt ? device : undefined
  }
  return undefined
}

/**
 * RFC 8628 §5.1: the request behind a code, within the limits of guesses. Undefined in the same way for a code that is
 * unknown, expired, answered, or entered by another user.
 * @throws ProtocolError `too_many_requests`
 */
export async function deviceByUserCode(engine: Engine, guess: Guess): Promise<DeviceRequest | undefined> {
  const { remoteAddress, userId } = guess
  const who = { ...(userId !== undefined && { userId }), ...(remoteAddress !== undefined && { remoteAddress }) }
  const counts = countsOf(engine, guess)
  try {
    for (const [key, limit] of counts) await countAttempt(engine, key, limit)
  } catch (error) {
    if (error instanceof ProtocolError)
      await engine.emit({ type: 'user_code_refused', reason: 'too_many_attempts', ...who })
    throw error
  }
  const device = await findOpen(engine, guess)
  if (device === undefined) await engine.emit({ type: 'user_code_refused', reason: 'unknown', ...who })
  else for (const [key] of counts) await engine.store.attempts.takeBack(key)
  return device
}
