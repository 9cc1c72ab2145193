import { generateSigningKey, type SigningKey as OpenKey, signingKeyFrom } from '../crypto/jose/signing-key.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { isServerAlgorithm, type ServerAlgorithm } from '../model/server-algorithm.ts'
import type { SigningKey } from '../model/signing-key.ts'
import type { Clock } from '../ports/clock.ts'
import type { Emit, EventOf } from '../ports/events.ts'
import type { Replay } from '../ports/replay.ts'
import type { SigningKeys } from '../ports/signing-keys.ts'
import { retiredFor } from './key-times.ts'
import { nextKeyRow, openedPrivateJwk } from './sealed-keys.ts'

/** What keys are made from and kept in. */
export interface KeyParts {
  readonly signingKeys: SigningKeys
  /** Lets one instance of many make a key. */
  readonly replay: Replay
  readonly keyring: Keyring
  readonly clock: Clock
  /** Hears of keys that were replaced. Default: nobody. */
  readonly emit?: Emit
}

/** Why a key was replaced. */
export type RotationCause = EventOf<'key_rotated'>['reason']

const newKey = async ({ keyring, clock }: KeyParts, algorithm: ServerAlgorithm): Promise<SigningKey> =>
  nextKeyRow(keyring, 'sig', await generateSigningKey(algorithm), clock.now())

/** @throws Error where none of the server's secrets opens it */
export async function openedKey({ keyring }: KeyParts, key: SigningKey): Promise<OpenKey> {
  const { alg, kid } = key
  const text = openedPrivateJwk(keyring, key)
  if (text === undefined || !isServerAlgorithm(alg)) {
    throw new Error(
      `signing key ${kid}: none of the secrets opens it; add the secret it was made under, or rotate keys`,
    )
  }
  return signingKeyFrom({ ...JSON.parse(text), kid }, alg)
}

/** Seconds in which whoever won the right to make a key has made it, or has crashed. */
const makingTakes = 10
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
const isSettled = (rows: readonly SigningKey[], algorithm: ServerAlgorithm, state: SigningKey['state']): boolean =>
  rows.some((row) => row.use === 'sig' && row.alg === algorithm && row.state === state)

/** Of all instances that find a key missing at once, one makes it and the others wait for that one. */
export async function makeOnce(
  parts: KeyParts,
  what: string,
  isMade: () => Promise<boolean>,
  make: () => Promise<void>,
): Promise<void> {
  for (let waited = 0; waited < makingTakes * 1000; waited += 20) {
    const now = parts.clock.now()
    if ((await parts.replay.claim(`signing key ${what}`, now + makingTakes, now)) === 'first') break
    await pause(20)
    if (await isMade()) return
  }
  // Whoever had the right before may have used it, or have crashed.
  if (!(await isMade())) await make()
}

/** A key that waits for its turn, unless there is one. */
export async function makeNext(parts: KeyParts, algorithm: ServerAlgorithm, after: string): Promise<void> {
  const { signingKeys } = parts
  await makeOnce(
    parts,
    `${algorithm} after ${after}`,
    async () => isSettled(await signingKeys.all(), algorithm, 'next'),
    async () => signingKeys.save(await newKey(parts, algorithm)),
  )
}

/** The first key of an algorithm, which signs at once, and the one after it. */
export async function makeFirst(parts: KeyParts, algorithm: ServerAlgorithm): Promise<void> {
  const { clock, signingKeys } = parts
  await makeOnce(
    parts,
    `${algorithm}, the first`,
    async () => isSettled(await signingKeys.all(), algorithm, 'active'),
    async () => {
      const key = await newKey(parts, algorithm)
      await signingKeys.save(key)
      await signingKeys.promote(key.kid, clock.now(), clock.now() + retiredFor)
      await signingKeys.save(await newKey(parts, algorithm))
    },
  )
}
