import type { Scope } from '../model/scope.ts'

/** The vocabulary of RFC 6749 §3.3. Small: read as a whole. */
export interface Scopes {
  /** In the order in which they were first saved: it is the order of scope values in answers and on the consent page. */
  all(): Promise<readonly Scope[]>
  save(scope: Scope): Promise<void>
  delete(name: string): Promise<boolean>
}
