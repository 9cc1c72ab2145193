/** Draws that a seed repeats. */
export interface Random {
  /** From 0 to `below`, without it. */
  int(below: number): number
  of<T>(list: readonly T[]): T
  /** True in `part` of all cases. */
  chance(part: number): boolean
}

/** @param seed the same draws for the same seed */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    // A 32-bit xorshift, mixed once more: plenty for choosing what to break.
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000
  }
  const int = (below: number): number => Math.floor(next() * below)
  return { int, of: (list) => list[int(list.length)] as (typeof list)[number], chance: (part) => next() < part }
}
