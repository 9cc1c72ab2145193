import type { Authorization } from '../model/authorization.ts'
import type { TokenDigest } from '../model/digest.ts'
import type { AccessToken, RefreshToken } from '../model/token.ts'
import type { PageRequest } from './page.ts'

/** An access token as it is found. */
export interface FoundAccessToken {
  /** What was saved. */
  readonly token: AccessToken
  /** The token itself or its authorization was revoked. */
  readonly revoked: boolean
}

/** A refresh token as it is found. */
export interface FoundRefreshToken {
  /** What was saved. */
  readonly token: RefreshToken
  /** What it belongs to. */
  readonly authorization: Authorization
}

/** Which tokens are listed; what is absent does not matter. */
export interface TokenFilter {
  /** Issued to that client. */
  readonly clientId?: string
  /** Allowed by that user. */
  readonly userId?: string
  /** Leading characters of a digest (`digestPrefixFrom` of a token reference). */
  readonly digestPrefix?: string
}

/** Access and refresh tokens by digest. Saved and rotated through the ledger. */
export interface Tokens {
  /** By digest; also finds a revoked one until it expires. */
  findAccess(digest: TokenDigest): Promise<FoundAccessToken | undefined>
  /** Also finds a rotated token until it expires, so that reuse is recognised (RFC 9700 §4.14). */
  findRefresh(digest: TokenDigest): Promise<FoundRefreshToken | undefined>
  /** Marks one access token; its siblings live on. Returns whether it was newly revoked. */
  revokeAccess(digest: TokenDigest, at: number): Promise<boolean>
  /** Ordered by digest; `PageRequest.after` is a digest. */
  listAccess(filter: TokenFilter, page: PageRequest): Promise<FoundAccessToken[]>
  /** Ordered by digest; `PageRequest.after` is a digest. */
  listRefresh(filter: TokenFilter, page: PageRequest): Promise<FoundRefreshToken[]>
}
