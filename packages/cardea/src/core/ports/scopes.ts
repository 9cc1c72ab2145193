import type { Scope } from '../model/scope.ts'

/** The vocabulary of RFC 6749 §3.3. Small: read as a whole. */
export interface Scopes {
  /** In the order in which they were first saved: it is the order of scope values in answers and on the consent page. */
  all(): Promise<readonly Scope[]>
  /** Adds one, or replaces the one of that name. */
  save(scope: Scope): Promise<void>
  /** Takes one out of the vocabulary; what was allowed before is left as it is. Returns whether there was one. */
  delete(name: string): Promise<boolean>
}
