import type { Authorization } from '../model/authorization.ts'
import type { TokenDigest } from '../model/digest.ts'
import type { AccessToken, RefreshToken } from '../model/token.ts'
import type { PageRequest } from './page.ts'

export interface FoundAccessToken {
  readonly token: AccessToken
  /** The token itself or its authorization was revoked. */
  readonly revoked: boolean
}

export interface FoundRefreshToken {
  readonly token: RefreshToken
  readonly authorization: Authorization
}

export interface TokenFilter {
  readonly clientId?: string
  readonly userId?: string
  /** Leading characters of a digest (`digestPrefixFrom` of a token reference). */
  readonly digestPrefix?: string
}

/** Access and refresh tokens by digest. Saved and rotated through the ledger. */
export interface Tokens {
  findAccess(digest: TokenDigest): Promise<FoundAccessToken | undefined>
  /** Also finds a rotated token until it expires, so that reuse is recognised (RFC 9700 §4.14). */
  findRefresh(digest: TokenDigest): Promise<FoundRefreshToken | undefined>
  /** Marks one access token; its siblings live on. Returns whether it was newly revoked. */
  revokeAccess(digest: TokenDigest, at: number): Promise<boolean>
  /** Ordered by digest; `PageRequest.after` is a digest. */
  listAccess(filter: TokenFilter, page: PageRequest): Promise<FoundAccessToken[]>
  listRefresh(filter: TokenFilter, page: PageRequest): Promise<FoundRefreshToken[]>
}
