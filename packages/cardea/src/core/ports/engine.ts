import type { Keyring } from '../crypto/keyring.ts'
import type { Accounts } from './accounts.ts'
import type { FindClient } from './client-finder.ts'
import type { Clock } from './clock.ts'
import type { DecryptionKeys } from './decryption-keys.ts'
import type { AuthorizationDetailTypes } from './detail-types.ts'
import type { Emit } from './events.ts'
import type { BeforeIssueToken } from './hooks.ts'
import type { HostSignIn } from './host-sign-in.ts'
import type { KnownResources } from './known-resources.ts'
import type { SecretHasher } from './secret-hasher.ts'
import type { ServerKeys } from './server-keys.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store.ts'
import type { TokenTexts } from './token-generator.ts'

/** What every part of the engine is handed. Made once, never changed. */
export interface Engine {
  /** What the options came to, defaults filled in. */
  readonly settings: Settings
  /** Where everything is kept. */
  readonly store: Store
  /** The client that a request names, be it in the store or described elsewhere. */
  readonly findClient: FindClient
  /** Who people are, and whether their passwords are right. */
  readonly accounts: Accounts
  /** Hashes of what people choose. */
  readonly hasher: SecretHasher
  /** Undefined: people sign in on our own page. */
  readonly hostSignIn?: HostSignIn | undefined
  /** Keys that are derived from the server's secrets. */
  readonly keyring: Keyring
  /** Key pairs that the server signs with. */
  readonly keys: ServerKeys
  /** Key pairs by which others encrypt to the server; none where nothing is taken encrypted. */
  readonly decryptionKeys: DecryptionKeys
  /** What tokens can be limited to (RFC 8707). */
  readonly resources: KnownResources
  /** RFC 9396: what can be asked for in more words than a scope has; without types, it is off. */
  readonly detailTypes: AuthorizationDetailTypes
  /** The time by which everything expires. */
  readonly clock: Clock
  /** Whoever tells of something that an answer follows awaits the promise, where there is one. */
  readonly emit: Emit
  /** Undefined without such a hook. */
  readonly beforeIssueToken: BeforeIssueToken | undefined
  /** Undefined: the usual texts. */
  readonly tokenTexts: TokenTexts | undefined
}
