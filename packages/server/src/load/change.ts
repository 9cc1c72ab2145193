import type { OAuth1Secrets, SecretHasher, Store } from 'cardea'

/** One row, what would become of it, and how to do and undo that. */
export interface Change {
  readonly kind: 'scope' | 'client' | 'user'
  readonly key: string
  readonly action: 'created' | 'updated' | 'unchanged'
  readonly fields: readonly string[]
  /** Ends sessions and tokens, which cannot be undone; done last. */
  readonly isFinal: boolean
  apply(): Promise<void>
  undo(): Promise<void>
}

export interface PlanContext {
  readonly store: Store
  readonly hasher: SecretHasher
  /** Epoch seconds. */
  readonly now: number
  /** Seals secrets of OAuth 1; absent where the configuration has no secrets. */
  readonly oauth1Secrets?: OAuth1Secrets | undefined
  /** Passwords shorter than the policy are taken: for the demonstration only. */
  readonly anyPassword?: boolean
}

export const actionFor = (stored: object | undefined, fields: readonly string[]): Change['action'] => {
  if (stored === undefined) return 'created'
  return fields.length === 0 ? 'unchanged' : 'updated'
}
