import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { Params } from '../../http/params.ts'
import type { HttpRequest } from '../../http/request.ts'

/** What a request presents of a client, by one method. */
export interface PresentedClient {
  /** Who it says it is. */
  readonly clientId: string
  /** Absent for a client that has none. */
  readonly secret?: string
  /** The OAuth 1 token the request is signed with. */
  readonly signedToken?: string
}

/** One way for a client to prove itself (RFC 6749 §2.3). A new one is a file with one of these and a line in the list. */
export interface ClientAuthMethod {
  /** Value of `token_endpoint_auth_method`. */
  readonly name: string
  /**
   * The client may use it besides the method it is registered for; grants that take this method then name it, and no
   * other does.
   */
  suits?(client: Client): boolean
  /**
   * What the request presents by this method; undefined when it does not use it.
   * @throws ProtocolError `invalid_client` when it uses it in a way that cannot be read
   */
  present(request: HttpRequest, params: Params): PresentedClient | undefined
  /**
   * Whether the client is who it says. Must take the same path for an unknown client (`client` undefined).
   * `beforeGuess` is awaited before a secret that a person chose is tried and was not verified before: it counts the try
   * before it is made, so that parallel guesses cannot all pass at once, and throws when there were too many.
   */
  verify(
    engine: Engine,
    client: Client | undefined,
    presented: PresentedClient,
    beforeGuess: () => Promise<void>,
    request: HttpRequest,
  ): Promise<boolean>
}
