import type { LoadGenerator } from './load-generator.ts'
import type { Pinning } from './pinning.ts'
import type { BenchmarkServer } from './servers/server.ts'

/** What every measurement of one run shares. */
export interface Bench {
  readonly servers: readonly BenchmarkServer[]
  readonly generator: LoadGenerator
  readonly pinning: Pinning
  /** First of the ports to use; every server that is up takes the next one. */
  readonly firstPort: number
  readonly rounds: number
  /** Counted seconds of each round. */
  readonly seconds: number
  /** Ends every process of the run. */
  readonly signal: AbortSignal
  /** A new empty directory on a disk (never in memory, where a flush costs nothing). */
  newDirectory(): string
}
