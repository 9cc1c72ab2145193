import type { HostUser } from '../core/ports/host-sign-in.ts'
import type { ConsentGrant } from './consent-grant.ts'

/** Who is at the page. */
export interface ConsentOptions<User extends HostUser> {
  /** Who is signed in at the host; null or undefined: nobody. */
  readonly endUser: User | null | undefined
  /** Epoch seconds at which they proved who they are. Without it, `max_age` and `prompt=login` can never be met. */
  readonly authTime?: number
  /** The class of that sign-in, by names of your own (RFC 9470). */
  readonly acr?: string
  /** The methods it was made by (RFC 8176). */
  readonly amr?: readonly string[]
  /** Whatever names this sign-in at the host. */
  readonly sessionId?: string
  /** Value of the hidden field, where the host has read the form in a way of its own. Default: from the request. */
  readonly ticket?: string
}

/** What the user decided. */
export interface GrantDecision<Name extends string, User extends HostUser, Row> {
  /** What `getConsentGrant` returned. */
  readonly grant: ConsentGrant<Name, User, Row>
  /** Who grants: the user who was asked. Null: access is denied. */
  readonly grantUser: User | null
  /** Less than was asked for. Default: all of it. */
  readonly scope?: readonly Name[]
  /** The consent is remembered: `grant.prompt` is undefined the next time. Default true. */
  readonly remember?: boolean
  /** Grants without a page that was answered, for applications of your own. Default false. */
  readonly skipConsent?: boolean
}
