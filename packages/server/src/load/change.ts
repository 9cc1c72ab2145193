import type { ClientSecrets, OAuth1Secrets, SecretHasher, Store } from 'cardea'

/** One row, what would become of it, and how to do and undo that. */
export interface Change {
  readonly kind: 'scope' | 'client' | 'user'
  readonly key: string
  readonly action: 'created' | 'updated' | 'unchanged'
  readonly fields: readonly string[]
  /** Does what takes time, such as hashing, and returns the write itself. */
  prepare(): Promise<() => Promise<void>>
  undo(): Promise<void>
}

/** Somebody else created users of these names since the changes were planned. */
export class NameTaken extends Error {
  readonly usernames: readonly string[]
  constructor(usernames: readonly string[]) {
    super(`These names were taken meanwhile: ${usernames.join(', ')}`)
    this.name = 'NameTaken'
    this.usernames = usernames
  }
}

export interface PlanContext {
  readonly store: Store
  readonly hasher: SecretHasher
  /** Epoch seconds. */
  readonly now: number
  /** Seals secrets of OAuth 1; absent where the configuration has no secrets. */
  readonly oauth1Secrets?: OAuth1Secrets | undefined
  /** Seals secrets that clients sign with; the same. */
  readonly clientSecrets?: ClientSecrets | undefined
  /** Passwords that the policy refuses are taken: for the demonstration only. */
  readonly anyPassword?: boolean
}

export const actionFor = (stored: object | undefined, fields: readonly string[]): Change['action'] => {
  if (stored === undefined) return 'created'
  return fields.length === 0 ? 'unchanged' : 'updated'
}
