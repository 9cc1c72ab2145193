/** Marks that may be made once: OAuth 1 nonces, and later assertion ids and proofs. */
export interface Replay {
  /**
   * Atomic and durable: of any number of concurrent callers with one key exactly one gets `first`, until the mark has
   * ended. What is `seen` keeps the end it has.
   * @param key any text; long ones are kept as a digest
   * @param until epoch seconds up to which the mark must be remembered, that second included
   * @param at epoch seconds
   */
  claim(key: string, until: number, at: number): Promise<'first' | 'seen'>
}
