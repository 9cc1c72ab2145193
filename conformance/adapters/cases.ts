import type { AdapterUnderTest, Setup, Started } from './setup.ts'

/** One rule that holds through every adapter. */
export interface Case {
  readonly title: string
  /** Default: in every setup. */
  readonly where?: (setup: Setup, adapter: AdapterUnderTest) => boolean
  readonly run: (server: Started, setup: Setup) => Promise<void>
}
