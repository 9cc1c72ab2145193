import { encryptionKeyPairFrom, generateEncryptionKeyPair } from '../crypto/jose/encryption-key-pair.ts'
import { isServerEncryption, type ServerEncryption } from '../model/server-algorithm.ts'
import type { SigningKey } from '../model/signing-key.ts'
import { type KeyParts, makeOnce, type RotationCause } from './key-maker.ts'
import { retiredFor } from './key-times.ts'
import { nextKeyRow, openedPrivateJwk } from './sealed-keys.ts'

/** Undefined: nothing that was encrypted to it can be read here. */
export async function openedPair({ keyring }: KeyParts, row: SigningKey) {
  const text = openedPrivateJwk(keyring, row)
  if (text === undefined || !isServerEncryption(row.alg)) return undefined
  return encryptionKeyPairFrom({ ...JSON.parse(text), kid: row.kid }, row.alg)
}

/** Keys to encrypt to that have not been forgotten. */
export async function encryptionRows({ clock, signingKeys }: KeyParts): Promise<readonly SigningKey[]> {
  const rows = await signingKeys.all()
  return rows.filter(({ use, expiresAt }) => use === 'enc' && (expiresAt === undefined || clock.now() < expiresAt))
}

export const activeOf = (rows: readonly SigningKey[], algorithm: ServerEncryption): SigningKey | undefined =>
  rows.find(({ alg, state }) => alg === algorithm && state === 'active')

/**
 * A new key in place of `before`, by one of the instances that want one. It is in use at once: nobody encrypts to it before
 * they have seen it published.
 */
export async function replaceEncryptionKey(
  parts: KeyParts,
  algorithm: ServerEncryption,
  before: SigningKey | undefined,
  reason: RotationCause,
): Promise<void> {
  const { clock, signingKeys } = parts
  const isMade = async (): Promise<boolean> => {
    const active = activeOf(await encryptionRows(parts), algorithm)
    return active !== undefined && active.kid !== before?.kid
  }
  await makeOnce(parts, `${algorithm} after ${before?.kid ?? 'none'}`, isMade, async () => {
    const made = nextKeyRow(parts.keyring, 'enc', await generateEncryptionKeyPair(algorithm), clock.now())
    await signingKeys.save(made)
    await signingKeys.promote(made.kid, clock.now(), clock.now() + retiredFor)
    if (before === undefined) return
    const { kid } = made
    await parts.emit?.({ type: 'key_rotated', use: 'enc', algorithm, kid, retired: before.kid, reason })
  })
}
