import type { TokenDigest } from '../model/digest.ts'

/** Seconds for which a store remembers at least that tokens of a client have ended: longer than any of them lives. */
export const generationKeptFor = 2 * 86_400

/**
 * What has ended of access tokens that have no row (`Resource.keeps_tokens`): everything else they say by themselves.
 *
 * The tokens of a client go by generations. Each token says of which one it is, and those of an earlier one than the
 * client has now have ended. No clock is asked about that: whatever was signed before the end is over, however late it
 * comes out.
 */
export interface UnkeptTokens {
  /**
   * Of the tokens that the client gets now; 0 before the first end. A new one, greater than every other that the client
   * had, begins in the same step with saving or replacing it by a `disabled` one, with deleting it, and with
   * `Authorizations.revokeByClient`, which need not know the client. It outlives the client, for `generationKeptFor`
   * seconds at least: who comes back under that id does not bring the tokens back.
   */
  generation(clientId: string): Promise<number>
  /**
   * Marks one token, durably.
   * @param until epoch seconds up to which the mark must be remembered, that second included
   * @returns whether it was newly revoked: of any number at once, one gets true
   */
  revoke(digest: TokenDigest, until: number): Promise<boolean>
  /** Whether it was marked. */
  isRevoked(digest: TokenDigest): Promise<boolean>
}

/**
 * The generation that follows. It is also a time, so that it is greater than those of rows that were swept since.
 * @param at epoch seconds
 */
export const nextGeneration = (before: number, at: number): number => Math.max(before + 1, at)
