import { type RsaPublicKey, rsaPublicKeyFrom } from '../core/crypto/rsa-signature.ts'
import { keepLatest } from '../core/keep-latest.ts'

/** The key of a PEM text; undefined for what is no sound RSA public key. */
export type RsaKeyFinder = (pem: string) => RsaPublicKey | undefined

const defaultMostKeys = 256

/**
 * Parses a PEM text once, since a client signs with the same key again and again. It is found by the whole text: a key
 * that was changed is another one. Only keys that are registered get here, and the one that was used longest ago goes
 * when there are more than `mostKeys`. Default 256.
 */
export function rsaKeyFinder(mostKeys = defaultMostKeys): RsaKeyFinder {
  const keys = new Map<string, RsaPublicKey>()
  return (pem) => {
    const key = keys.get(pem) ?? rsaPublicKeyFrom(pem)
    if (key === undefined) return undefined
    keepLatest(keys, pem, key, mostKeys)
    return key
  }
}
