import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { openWith, sealWith } from './sealing.ts'

/**
 * Keys derived from the operator's secrets, one per purpose, so that a value made for one purpose is never valid for
 * another. The first secret makes; all of them verify, so that a secret can be rotated without breaking what is out.
 */
export interface Keyring {
  /** MAC under the current secret, base64url. */
  mac(purpose: string, text: string): string
  /** MACs under every secret, the current one first. */
  macs(purpose: string, text: string): string[]
  /**
   * Encrypts under the current secret, for what must be read again. `boundTo` names whose it is, such as a client id:
   * whoever can write to the database cannot give it to another. Default: nobody in particular.
   */
  seal(purpose: string, text: string, boundTo?: string): string
  /** What was sealed under any of the secrets for the same `boundTo`; undefined when none of them opens it. */
  open(purpose: string, sealed: string, boundTo?: string): string | undefined
  /** Sealed anew under the current secret; undefined when it is already, or none of the secrets opens it. */
  reseal(purpose: string, sealed: string, boundTo?: string): string | undefined
}

/** @param secrets at least one, each at least 32 characters of high entropy; throws TypeError otherwise */
export function keyringFrom(secrets: readonly string[]): Keyring {
  if (!Array.isArray(secrets) || secrets.length === 0)
    throw new TypeError('secrets: at least one secret is needed, for example from `openssl rand -base64 48`')
  secrets.forEach((secret, index) => {
    if (typeof secret !== 'string' || secret.length < 32)
      throw new TypeError(`secrets[${index}]: at least 32 characters are needed, got ${secret?.length}`)
  })
  const derived = new Map<string, readonly KeyObject[]>()
  const keysFor = (purpose: string): readonly KeyObject[] => {
    let keys = derived.get(purpose)
    if (keys === undefined) {
      keys = secrets.map((secret) =>
        createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `cardea ${purpose}`, 32))),
      )
      derived.set(purpose, keys)
    }
    return keys
  }
  const seal: Keyring['seal'] = (purpose, text, boundTo) =>
    sealWith(keysFor(`seal ${purpose}`)[0] as KeyObject, text, boundTo)
  const macWith = (key: KeyObject, text: string): string => createHmac('sha256', key).update(text).digest('base64url')
  return {
    mac: (purpose, text) => macWith(keysFor(purpose)[0] as KeyObject, text),
    macs: (purpose, text) => keysFor(purpose).map((key) => macWith(key, text)),
    seal,
    open(purpose, sealed, boundTo) {
      for (const key of keysFor(`seal ${purpose}`)) {
        const text = openWith(key, sealed, boundTo)
        if (text !== undefined) return text
      }
      return undefined
    },
    reseal(purpose, sealed, boundTo) {
      const [current, ...older] = keysFor(`seal ${purpose}`)
      if (openWith(current as KeyObject, sealed, boundTo) !== undefined) return undefined
      const text = older.map((key) => openWith(key, sealed, boundTo)).find((opened) => opened !== undefined)
      return text === undefined ? undefined : seal(purpose, text, boundTo)
    },
  }
}
