import type { UnverifiedJwt } from '../../core/crypto/jose/verify-jwt.ts'
import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { MarkUse } from '../../core/ports/ledger.ts'
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
  /** A JWT that it says it has signed (RFC 7523 §2.2). */
  readonly assertion?: UnverifiedJwt
}

/** Why a client is not who it says. For events only: the client is told no more than that it is refused. */
export interface ClientRefusal {
  /** Such as `certificate_of_another_subject`. */
  readonly refused: string
}

/** The client is who it says, unless what it proved that with was used before (RFC 7523 §3). */
export interface ProvenOnce {
  /** What is used up by the request. */
  readonly once: MarkUse
  /** Why whoever comes second is refused. For events only. */
  readonly otherwise: string
}

/** One way for a client to prove itself (RFC 6749 §2.3). A new one is a file with one of these and a line in the list. */
export interface ClientAuthMethod {
  /** Value of `token_endpoint_auth_method`. */
  readonly name: string
  /**
   * The request only names the client, as that of a public one does: what proves it is in the connection. Of the methods
   * like this, the one counts that the client is registered for.
   */
  readonly namesOnly?: true
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
   * Whether the client is who it says, or why not. Must take the same path for an unknown client (`client` undefined).
   * `beforeGuess` is awaited before a secret that a person chose is tried and was not verified before: it counts the try
   * before it is made, so that parallel guesses cannot all pass at once, and throws when there were too many.
   */
  verify(
    engine: Engine,
    client: Client | undefined,
    presented: PresentedClient,
    beforeGuess: () => Promise<void>,
    request: HttpRequest,
  ): boolean | Promise<boolean | ClientRefusal | ProvenOnce>
}
