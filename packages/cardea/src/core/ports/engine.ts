import type { Keyring } from '../crypto/keyring.ts'
import type { Accounts } from './accounts.ts'
import type { Clock } from './clock.ts'
import type { EventSink } from './events.ts'
import type { SecretHasher } from './secret-hasher.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store.ts'

/** What every part of the engine is handed. Made once, never changed. */
export interface Engine {
  readonly settings: Settings
  readonly store: Store
  readonly accounts: Accounts
  readonly hasher: SecretHasher
  readonly keyring: Keyring
  readonly clock: Clock
  readonly emit: EventSink
}
