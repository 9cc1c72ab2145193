import { digestOf } from '../core/crypto/digest.ts'
import { type Client, isConfidential } from '../core/model/client.ts'
import { canonicalUsername } from '../core/model/user.ts'
import type { WantedSignIn } from '../core/model/wanted-sign-in.ts'
import type { AuthenticatedUser } from '../core/ports/accounts.ts'
import type { Engine } from '../core/ports/engine.ts'
import type { Limit } from '../core/ports/settings.ts'
import { tooManyRequests } from '../core/spec/errors.ts'
import { networkOf } from '../http/network.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
  readonly remoteAddress: string | undefined
  /** Of the request that the sign-in is for. */
  readonly wanted?: WantedSignIn
  /**
   * A client that has proved who it is passes them on. Its address then stands for all of its users, so only the
   * account's own limits apply: one guesser must not shut everybody out.
   */
  readonly throughClient?: boolean
}

/** Longer passwords than this are not hashed: hashing megabytes is a way to exhaust a server. */
const longestPassword = 1024
const longestUsername = 254

/**
 * Counts the try against a limit before it is made, so that parallel guesses cannot all pass at once.
 * @throws ProtocolError `too_many_requests` with the seconds to wait
 */
export async function countAttempt(engine: Engine, key: string, limit: Limit): Promise<void> {
  const now = engine.clock.now()
  const { count, endsAt } = await engine.store.attempts.add(key, limit.window, now)
  if (count <= limit.attempts) return
  throw tooManyRequests('too_many_attempts', 'Too many attempts: wait and try again', {
    retryAfter: Math.max(1, endsAt - now),
  })
}

/**
 * Anybody can ask in the name of a public client, and what is asked is kept: so many from one network.
 * @param what is asked, for the key that it is counted under
 * @throws ProtocolError `too_many_requests`
 */
export async function countUnproven(
  engine: Engine,
  what: string,
  client: Client,
  remoteAddress: string | undefined,
): Promise<void> {
  if (isConfidential(client)) return
  await countAttempt(engine, `${what} from ${networkOf(remoteAddress)}`, engine.settings.limits.interaction)
}

/**
 * Checks a password within the guessing limits: per account and network, per network, per account. The answer is the
 * same for an unknown user, a wrong password and a disabled user.
 * @throws ProtocolError `too_many_requests`
 */
export async function signInWithin(engine: Engine, credentials: Credentials): Promise<AuthenticatedUser | undefined> {
  const { limits } = engine.settings
  const network = networkOf(credentials.remoteAddress)
  // By digest: names people mistype into this field are sometimes their passwords, and keys are stored.
  const account = digestOf(canonicalUsername(credentials.username.slice(0, longestUsername)))
  const here = `sign-in account ${account} from ${network}`
  const report = { ...(credentials.remoteAddress !== undefined && { remoteAddress: credentials.remoteAddress }) }
  try {
    await countAttempt(engine, here, limits.accountFromNetwork)
    if (!credentials.throughClient) await countAttempt(engine, `sign-in from ${network}`, limits.network)
    await countAttempt(engine, `sign-in account ${account}`, limits.account)
  } catch (error) {
    await engine.emit({ type: 'sign_in_failed', reason: 'too_many_attempts', ...report })
    throw error
  }
  const { username, password, wanted } = credentials
  const isTooLong = password.length > longestPassword || username.length > longestUsername
  const user = isTooLong ? undefined : await engine.accounts.authenticate(username, password, wanted)
  if (user === undefined) {
    await engine.emit({ type: 'sign_in_failed', reason: 'wrong_credentials', ...report })
    return undefined
  }
  await engine.store.attempts.clear(here)
  await engine.store.attempts.clear(`sign-in account ${account}`)
  // Many people share one office's address: their good sign-ins must not add up to a limit.
  if (!credentials.throughClient) await engine.store.attempts.takeBack(`sign-in from ${network}`)
  return user
}
