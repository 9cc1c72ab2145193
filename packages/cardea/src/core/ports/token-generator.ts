import type { Client } from '../model/client.ts'

/** What a token text is wanted for. */
export interface TokenTextRequest {
  /** What the text will be. */
  readonly kind: 'access' | 'refresh'
  /** Of this request: `refresh_token` for what a refresh issues, `implicit` for tokens in authorization responses. */
  readonly grantType: string
  /** Who will get it. */
  readonly client: Client
  /** Absent for a machine token. */
  readonly userId?: string
  /** What it will be good for. */
  readonly scope: readonly string[]
  /**
   * 256 bits of the server's own randomness as 43 base64url characters. For a refresh token's successor they are derived
   * from the token presented, so that a generator that uses no other randomness makes the same text again for a client
   * that lost the answer (`lifetimes.refreshReuseWindow`).
   */
  readonly random: string
}

/**
 * Makes the text of a token: 22 to 512 characters of RFC 6750 §2.1 (`A-Z a-z 0-9 - . _ ~ + /`, `=` at the end), never
 * the same twice. Undefined: as if there were no generator. Texts are stored as digests only.
 */
export type TokenGenerator = (request: TokenTextRequest) => string | undefined | Promise<string | undefined>

/** Whole lengths of the tokens that Cardea makes itself, prefix and checksum included: 32 to 512 characters. Default 53. */
export interface TokenLengths {
  /** Characters of an access token. */
  readonly access?: number
  /** Characters of a refresh token. */
  readonly refresh?: number
}

/** Token texts that differ from the usual ones. */
export interface TokenTexts {
  /** By grant type; `default` for the others. */
  readonly generators: ReadonlyMap<string, TokenGenerator>
  /** Of the tokens for which no generator says a text. */
  readonly lengths: TokenLengths
}
