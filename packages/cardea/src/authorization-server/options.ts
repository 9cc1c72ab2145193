import type { IncomingOptions } from '../adapters/incoming.ts'
import type { WantedSignIn } from '../core/model/wanted-sign-in.ts'
import type { HostUser } from '../core/ports/host-sign-in.ts'
import type { ProviderOptions } from '../options.ts'
import type { Awaitable, HostClient, HostClients } from './client-model.ts'
import type { HostCodes } from './host-codes.ts'
import type { HostTokens } from './host-tokens.ts'

/** What a scope is called on the page that asks for consent. */
export interface ScopeText {
  /** What it means, for people. */
  readonly description: string
  /** Granted where a request names no scope. Default false. */
  readonly default?: boolean
}

/** Scopes by name. The names are known to the types: `requireOAuth` takes no other. */
export type ScopeTexts<Name extends string> = Readonly<Record<Name, string | ScopeText>>

/** The host's users. */
export interface HostUsers<User extends HostUser = HostUser> {
  /** The user of that id, as text, if there is one and it may use the service. Asked at every request for tokens. */
  find(userId: string): Awaitable<User | undefined | null>
  /**
   * For the password grant and our own sign-in page: must take as long for an unknown user as for a wrong password. `wanted` is
   * what the request behind it wants of the sign-in (RFC 9470 §4); `acr` and `amr` of what is returned say how it was made.
   */
  authenticate?(username: string, password: string, wanted?: WantedSignIn): Awaitable<User | undefined | null>
}

/**
 * What an `AuthorizationServer` is made from: the options of `createProvider`, and the host's own models in front of
 * the store.
 */
export interface AuthorizationServerOptions<
  Name extends string = string,
  User extends HostUser = HostUser,
  Row extends HostClient = HostClient,
> extends ProviderOptions,
    IncomingOptions {
  /** Default: the scopes of the store. */
  readonly scopes?: ScopeTexts<Name>
  /** The host's clients: rows with the names of RFC 7591, or objects with Authlib's methods. Default: those of the store. */
  readonly clients?: HostClients<Row>
  /** The host's table of authorization codes. Default: that of the store. */
  readonly codes?: HostCodes
  /** The host's table of tokens. Default: that of the store, which keeps everything else in any case. */
  readonly tokens?: HostTokens
  /** The host's users. Default: `accounts`, or those of the store, which then are the only ones that can grant anything. */
  readonly users?: HostUsers<User>
}
