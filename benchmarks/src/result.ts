/** One row of the JSON results. What a workload does not have is null. */
export interface ResultRow {
  readonly workload: string
  readonly server: string
  /** Processor time of the server per verified unit, in microseconds; for `startup` up to the first token. */
  readonly cpu_us: number | null
  /** Verified units per second. */
  readonly rps: number | null
  readonly p99_ms: number | null
  /** Most memory held during the workload (for `startup`: held at the first token), in MB of 1024 × 1024 bytes. */
  readonly rss_mb: number | null
  /** Wrong answers; a run with any is worthless. */
  readonly bad: number
  /** From the start of the process to its first token, in milliseconds; only for `startup`. */
  readonly startup_ms?: number | null
  /** 99th percentile of what timers of the main thread came too late, in milliseconds; only for `commit-grouping`. */
  readonly loop_delay_p99_ms?: number | null
}

/** What went wrong with a server, in words. */
export interface Complaint {
  readonly workload: string
  readonly server: string
  readonly text: string
}

export interface Outcome {
  readonly rows: readonly ResultRow[]
  readonly complaints: readonly Complaint[]
}
