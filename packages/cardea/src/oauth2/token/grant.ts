import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { IssuedTokens } from '../../core/tokens/issue.ts'
import type { Params } from '../../http/params.ts'

/** What a grant is handed once the shared phases are done: client authenticated, grant type allowed for it. */
export interface TokenRequest {
  readonly engine: Engine
  readonly client: Client
  readonly params: Params
  readonly remoteAddress: string | undefined
  /** Name of the method the client authenticated by. */
  readonly clientAuthMethod: string
  /** The OAuth 1 token the request is signed with, where it is. */
  readonly signedToken: string | undefined
}

export interface GrantAnswer extends IssuedTokens {
  /** Members of the answer besides those of RFC 6749 §5.1. */
  readonly members?: Readonly<Record<string, string>>
}

/** One way to get tokens (RFC 6749 §4). A new one is a file with one of these and a line in the list of grants. */
export interface Grant {
  /** Wire value of `grant_type`. */
  readonly type: string
  /** Whether clients that cannot authenticate may use it. */
  readonly publicClients: boolean
  /** The only client authentication method this grant takes. Absent: whichever the client is registered for. */
  readonly clientAuthMethod?: string
  /** @throws ProtocolError with a code of RFC 6749 §5.2 */
  handle(request: TokenRequest): Promise<GrantAnswer>
}
