import type { Connection } from '../load/connection.ts'
import type { Target } from '../load/target.ts'

/** One unit of work; rejects when any answer was not the right one. */
export interface Step {
  (): Promise<void>
  /** Done before each round, while the server is not measured: what would slow the load down. */
  readonly beforeRound?: () => void
}

/**
 * Prepares one connection (sign-in, first tokens) and gives the unit of work that is then repeated on it.
 * Rejects when the preparation already failed.
 */
export type Workload = (connection: Connection, target: Target) => Promise<Step>
