import type { Scope } from '../model/scope.ts'

/** The vocabulary of RFC 6749 §3.3. Small: read as a whole. */
export interface Scopes {
  /** Ordered by name. */
  all(): Promise<readonly Scope[]>
  save(scope: Scope): Promise<void>
  delete(name: string): Promise<boolean>
}
