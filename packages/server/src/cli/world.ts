import type { Clock, SecretHasher, Store } from 'cardea'
import type { Environment } from '../config/environment.ts'
import type { LogSink } from '../serve/event-log.ts'

export interface Terminal {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Everything the command line touches, handed in so that it can run inside a test. */
export interface World {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: Terminal
  readonly stderr: Terminal
  /** Takes the server's log lines. */
  readonly logSink: LogSink
  readonly env: Environment
  readonly cwd: string
  readonly clock: Clock
  readonly hasher: SecretHasher
  openStore(file: string, options?: { readonly migrate?: boolean }): Promise<Store>
  /** Calls back at SIGINT and SIGTERM; returns how to stop listening. */
  onStop(listener: (signal: string) => void): () => void
  /** For an error that nobody caught: the server logs it before the process ends. */
  onCrash(listener: (error: unknown) => void): void
  readonly fetch: typeof globalThis.fetch
  /** Ends the process at once: for the second Ctrl-C. */
  endNow(code: number): void
}
