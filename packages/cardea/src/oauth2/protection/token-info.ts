import type { User } from '../../core/model/user.ts'

/** What a validator found out about a token. */
export interface TokenFacts {
  /** How the request was authorized: a bearer token, a signature of OAuth 1, or a scheme of the host. */
  readonly scheme: 'Bearer' | 'OAuth' | (string & {})
  /** `client_id` of whom the token was issued to. */
  readonly clientId: string
  /** Absent for a machine token. */
  readonly userId?: string
  /** What it is good for. */
  readonly scope: readonly string[]
  /** Epoch seconds; absent: does not expire. */
  readonly expiresAt?: number
  /** Of a local token: the decision it came from. */
  readonly authorizationId?: string
  /** Who issued it, where that is another server. */
  readonly issuer?: string
  /** RFC 9068 §2.2.3.1, as lists of names. Absent: the token does not say, and the user is asked. */
  readonly groups?: readonly string[]
  /** RFC 9068 §2.2.3.1: roles of the user. */
  readonly roles?: readonly string[]
  /** RFC 9068 §2.2.3.1: what the user may have. */
  readonly entitlements?: readonly string[]
  /** Everything a JWT claims or an introspection answered. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** What a protected handler learns of the token it was called with. */
export interface TokenInfo<Person = User> extends TokenFacts {
  /** The user whose token it is, looked up when first asked for; undefined for a machine token, or where nobody is found. */
  readonly user: Promise<Person | undefined>
}

/** Finds the user of a token. */
export type FindUser<Person> = (userId: string, token: TokenFacts) => Person | undefined | Promise<Person | undefined>

/** Not enumerable: a token that is written out or compared is only what it says itself. */
export function tokenInfo<Person>(facts: TokenFacts, find: FindUser<Person> | undefined): TokenInfo<Person> {
  const { userId } = facts
  let found: Promise<Person | undefined> | undefined
  const lookUp = async (): Promise<Person | undefined> => (userId === undefined ? undefined : find?.(userId, facts))
  return Object.defineProperty({ ...facts }, 'user', {
    get() {
      found ??= lookUp()
      return found
    },
  }) as TokenInfo<Person>
}
