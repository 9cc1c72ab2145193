import type { Resource } from '../model/resource.ts'

/** Protected resources the operator has described (RFC 8707). Few, and read whole. */
export interface Resources {
  /** In the order they were first saved. A list that was given does not change. */
  all(): Promise<readonly Resource[]>
  /** Adds one, or replaces the one with that identifier. */
  save(resource: Resource): Promise<void>
  /** Returns whether there was one. */
  delete(identifier: string): Promise<boolean>
}
