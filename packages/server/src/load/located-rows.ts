import type { Rows } from './rows.ts'

export type Path = readonly (string | number)[]

/** Rows that were read from a file, and where in the file each stands. */
export interface LocatedRows {
  readonly rows: Rows
  /** ` (line 12)` for what stands at that path, or nothing. */
  locate(path: Path): string
}

export const unlocated = (rows: Rows): LocatedRows => ({ rows, locate: () => '' })
