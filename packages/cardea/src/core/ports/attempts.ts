/**
 * Seconds that the clocks of two instances may differ. A window that ends later than its length and this was begun
 * under a clock that was wrong, and would lock its owner out until then.
 */
export const clockTolerance = 60

/** Counts guesses (passwords, client secrets), shared by all instances. */
export interface Attempts {
  /**
   * Atomic: adds one and returns the count in the current window, the new one included, and when the window ends.
   * A window that ends more than `window` and `clockTolerance` after `at` does not count: a new one begins.
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
