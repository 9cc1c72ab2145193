/** Keeps data bounded: what has expired goes, in small steps that never hold a lock for long. */
export interface Housekeeping {
  /**
   * Deletes expired rows of every kind, at most `limit` of each; returns how many went. Zero: nothing is left to do.
   * Spent codes and rotated tokens stay until they expire.
   * @param at epoch seconds
   */
  sweep(at: number, limit: number): Promise<number>
}
