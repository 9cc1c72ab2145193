import type { Keyring } from '../core/crypto/keyring.ts'
import type { Client } from '../core/model/client.ts'
import type { Clock } from '../core/ports/clock.ts'
import type { Emit } from '../core/ports/events.ts'
import type { BeforeIssueToken } from '../core/ports/hooks.ts'
import type { Limit } from '../core/ports/settings.ts'

/** Whose a credential is. */
export interface Holder {
  /** As the host knows it; undefined where nobody had to be asked. */
  readonly user: unknown
}

/** What OAuth 1 asks of that which it is built into: a provider, or a server of OAuth 1 alone. */
export interface OAuth1Engine {
  readonly issuer: string
  /** The issuer is an http one on loopback: nobody stands between it and its clients. */
  readonly isLoopback: boolean
  readonly clock: Clock
  readonly keyring: Keyring
  readonly emit: Emit
  /** What the host's hooks make of a token credential, before it is made. Undefined: there are none. */
  readonly beforeIssueToken?: BeforeIssueToken | undefined
  /** Wrong signatures for one client and token from one network, before more are refused unseen. */
  readonly signatureLimit: Limit
  /**
   * Names the client may be granted when it asks for `requested`, or for nothing in particular.
   * @throws ProtocolError `invalid_scope`
   */
  grantableScope(client: Client, requested: string | undefined): Promise<readonly string[]>
  /**
   * What of an approved scope the client may still have.
   * @throws ProtocolError `invalid_scope` when nothing of it is left
   */
  scopeStillAllowed(client: Client, approved: readonly string[]): Promise<readonly string[]>
  /** Undefined for a user that is gone or disabled. */
  findHolder(userId: string): Promise<Holder | undefined>
}
