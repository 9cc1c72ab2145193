/** At the first round nobody knows how many it takes. */
const FIRST_FILL = 450
const RESERVE = 1.25

/**
 * What is signed before a round begins and used once each, so that the load generator is as fast with signatures as
 * without. One that ran out signs on the spot, which slows the load and not the server.
 */
export class SignedPool {
  readonly #make: () => string
  #made: string[] = []
  #taken = FIRST_FILL

  constructor(make: () => string) {
    this.#make = make
  }

  take(): string {
    this.#taken++
    return this.#made.pop() ?? this.#make()
  }

  /** Makes a little more than was used since it was filled last. What was left over is thrown away: it may be too old. */
  fill(): void {
    const count = Math.ceil(this.#taken * RESERVE)
    this.#taken = 0
    this.#made = Array.from({ length: count }, this.#make)
  }
}
