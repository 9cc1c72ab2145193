import type { TokenDigest } from '../model/digest.ts'
import type { InitialAccessToken } from '../model/initial-access-token.ts'

/** Tokens that let their holder register clients (RFC 7591 §1.2). */
export interface InitialAccessTokens {
  /** Keeps a new one. */
  save(token: InitialAccessToken): Promise<void>
  /** Those with uses left, oldest first. */
  all(): Promise<readonly InitialAccessToken[]>
  /** By digest; undefined when there is none. */
  find(digest: TokenDigest): Promise<InitialAccessToken | undefined>
  /** Atomic: uses it up by one. False where it is gone, expired or used up: of n uses n callers get `true`, ever. */
  use(digest: TokenDigest, at: number): Promise<boolean>
  /** Returns whether there was one. */
  delete(digest: TokenDigest): Promise<boolean>
}
