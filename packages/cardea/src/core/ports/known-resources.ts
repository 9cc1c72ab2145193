import type { Resource } from '../model/resource.ts'

/** The protected resources there are, wherever they were described. */
export interface KnownResources {
  /** Those of the host's options, then those of the store. */
  all(): Promise<readonly Resource[]>
}
