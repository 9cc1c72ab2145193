import type { Target } from '../load/target.ts'
import type { WorkloadName } from '../workloads/list.ts'

/** How to start one server, and what to know to drive it. */
export interface Launch {
  /** Program and arguments, to run under Node. */
  readonly args: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly target: Target
  /** What shows that it is up: a token (the default), or for a server without OAuth 2 any answer. */
  readonly readyWith?: 'token' | 'answer'
}

/** A server that takes part in the comparison. */
export interface BenchmarkServer {
  readonly name: string
  /** What one must know to compare its figures. */
  readonly note: string
  readonly workloads: readonly WorkloadName[]
  /**
   * Writes what the server needs into an empty directory.
   *
   * @param port where it must listen, on 127.0.0.1
   */
  prepare(directory: string, port: number): Launch
}
