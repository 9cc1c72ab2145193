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

interface Count {
  readonly key: string
  readonly limit: Limit
}

/** A network that has used up its share takes nothing of everybody's. */
function ownCounts({ settings }: Engine, { remoteAddress, userId }: Guess): readonly Count[] {
  const limit = settings.limits.userCode
  const network = { key: `user codes from ${networkOf(remoteAddress)}`, limit }
  return userId === undefined ? [network] : [network, { key: `user codes by ${userId}`, limit }]
}

/** Apart from those of strangers, who are as many as they like to be: they must not lock out who has signed in. */
const everybodysCount = ({ settings }: Engine, { userId }: Guess): Count => ({
  key: userId === undefined ? 'user codes of strangers' : 'user codes of users',
  limit: settings.limits.everyUserCode,
})

/**
 * The device asked from the network of whoever typed its code. That is nobody who guesses: they would find their own
 * devices there, and those of neighbours within the limit of that one network. So it is never locked out by others.
 */
const isFromSameNetwork = ({ facts }: DeviceRequest, { remoteAddress }: Guess): boolean =>
  facts?.requestedFrom !== undefined && remoteAddress !== undefined && facts.requestedFrom === networkOf(remoteAddress)

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
  const counts = [...ownCounts(engine, guess)]
  let device: DeviceRequest | undefined
  try {
    for (const { key, limit } of counts) await countAttempt(engine, key, limit)
    device = await findOpen(engine, guess)
    if (device === undefined || !isFromSameNetwork(device, guess)) {
      const everybodys = everybodysCount(engine, guess)
      counts.push(everybodys)
      await countAttempt(engine, everybodys.key, everybodys.limit)
    }
  } catch (error) {
    if (error instanceof ProtocolError)
      await engine.emit({ type: 'user_code_refused', reason: 'too_many_attempts', ...who })
    throw error
  }
  if (device === undefined) await engine.emit({ type: 'user_code_refused', reason: 'unknown', ...who })
  else for (const { key } of counts) await engine.store.attempts.takeBack(key)
  return device
}
