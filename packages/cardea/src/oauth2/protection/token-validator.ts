import type { HttpRequest } from '../../http/request.ts'
import type { TokenFacts } from './token-info.ts'

/** Knows one kind of token. Several of one scheme are asked in their order, until one knows the token. */
export interface TokenValidator {
  /** Scheme of the Authorization header, such as `Bearer`, in any case. */
  readonly scheme: string
  /**
   * What the token says; undefined for a token of another kind, which the next validator is asked about.
   * @param token what follows the scheme
   * @throws ProtocolError for a token of this kind that does not hold, such as `invalidToken('expired')`
   */
  validate(token: string, request: HttpRequest): TokenFacts | undefined | Promise<TokenFacts | undefined>
}
