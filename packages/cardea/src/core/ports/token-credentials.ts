import type { TokenDigest } from '../model/digest.ts'
import type { TokenCredential } from '../model/token-credential.ts'
import type { PageRequest } from './page.ts'
import type { TokenFilter } from './tokens.ts'

/** A token credential as it is found. */
export interface FoundTokenCredential {
  /** What was saved. */
  readonly credential: TokenCredential
  /** The credential itself or its authorization was revoked. */
  readonly revoked: boolean
}

/** How a client still uses OAuth 1. */
export interface OAuth1Usage {
  /** Consumer key. */
  readonly clientId: string
  /** Token credentials that are neither revoked nor expired. */
  readonly live: number
  /** Epoch seconds of the latest use; absent: none was ever used. */
  readonly lastUsedAt?: number
}

/** OAuth 1 token credentials. Saved through the ledger. */
export interface TokenCredentials {
  /** By the digest of `oauth_token`; undefined when there is none. */
  find(digest: TokenDigest): Promise<FoundTokenCredential | undefined>
  /** Returns whether it was newly revoked. */
  revoke(digest: TokenDigest, at: number): Promise<boolean>
  /** Remembers that it was used, to the hour: call it on every use, nearly all write nothing. Never moves back in time. */
  touch(digest: TokenDigest, at: number): Promise<void>
  /** Atomic: replaces the sealed secret where it still is `from`; returns whether it was. */
  reseal(digest: TokenDigest, from: string, to: string): Promise<boolean>
  /** Ordered by digest; `PageRequest.after` is a digest. */
  list(filter: TokenFilter, page: PageRequest): Promise<FoundTokenCredential[]>
  /** Per client that has any, ended ones included until they are swept; ordered by client id. */
  usage(at: number): Promise<OAuth1Usage[]>
}
