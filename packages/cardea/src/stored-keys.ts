import { keyringFrom } from './core/crypto/keyring.ts'
import { decryptionKeys } from './core/keys/decryption-keys.ts'
import { rotateAll } from './core/keys/rotate-all.ts'
import { serverKeys } from './core/keys/server-keys.ts'
import { type Clock, systemClock } from './core/ports/clock.ts'
import type { KeyOptions, ServerKeys } from './core/ports/server-keys.ts'
import type { Store } from './core/ports/store.ts'

/** Where signing keys are kept, and what opens them. */
export interface StoredKeysOptions extends KeyOptions {
  /** The store of the provider. */
  readonly store: Pick<Store, 'signingKeys' | 'replay'>
  /** The secrets of the provider. */
  readonly secrets: readonly string[]
  /** Default: the system clock. */
  readonly clock?: Clock
}

/** The keys of a provider, for programs that have its store and no provider. Throws TypeError for unfit secrets. */
export function storedKeys({ store, secrets, clock = systemClock, ...options }: StoredKeysOptions): ServerKeys {
  const parts = { signingKeys: store.signingKeys, replay: store.replay, keyring: keyringFrom(secrets), clock }
  const keys = serverKeys(parts, options)
  return {
    sign: (jwt, algorithm) => keys.sign(jwt, algorithm),
    verification: keys.verification,
    published: (needed) => keys.published(needed),
    rotate: (wanted) => rotateAll({ keys, decryptionKeys: decryptionKeys(parts) }, wanted),
  }
}
