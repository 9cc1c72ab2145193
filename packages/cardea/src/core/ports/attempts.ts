/** Counts guesses (passwords, client secrets), shared by all instances. */
export interface Attempts {
  /**
   * Atomic: adds one and returns the count in the current window, the new one included, and when the window ends.
   * Counting before checking is what stops a hundred parallel guesses from all seeing "none so far".
   * @param window seconds
   * @param at epoch seconds
   */
  add(key: string, window: number, at: number): Promise<{ count: number; endsAt: number }>
  /** Atomic: takes one count back, never below zero: that try turned out to be no guess. */
  takeBack(key: string): Promise<void>
  /** Forgets the key: the owner proved who they are. */
  clear(key: string): Promise<void>
}
