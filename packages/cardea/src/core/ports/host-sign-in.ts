import type { WantedSignIn } from '../model/wanted-sign-in.ts'

/** A user of the host, as far as the pages show them. */
export interface HostUser {
  /** Never reused: what was issued is kept under it, as text. */
  readonly id: string | number
  /** Shown where there is no name. */
  readonly username?: string | null
  /** What people are called on pages. */
  readonly name?: string | null
  /** Address of mail, as it was given. */
  readonly email?: string | null
  /** May not use the service: as if there were no such user. */
  readonly disabled?: boolean | number | null
}

/** Somebody who is signed in at the host. */
export interface HostSession {
  /** Who it is. */
  readonly user: HostUser
  /** Epoch seconds at which they proved who they are. Without it, `max_age` and `prompt=login` can never be met. */
  readonly authTime?: number
  /** The class of the sign-in, by names of the host's (RFC 9470). */
  readonly acr?: string
  /** The methods it was made by (RFC 8176). */
  readonly amr?: readonly string[]
  /** Whatever names this sign-in: forms shown in one are void in the next. */
  readonly sessionId?: string
}

/** Where the browser goes to sign in. */
export interface SignInPage {
  /** A path of this site, or a whole address. */
  readonly signInAt: string
}

/** What the host is asked about a request. */
export interface SignInQuestion extends WantedSignIn {
  /** The request as the host's framework had it: an `IncomingMessage` (of Express: `req`), or a Web `Request`. */
  readonly raw: unknown
  /** A header by lower-case name. */
  header(name: string): string | undefined
  /** Path and query on this server to send the browser to once somebody has signed in. */
  readonly returnTo: string
  /** Whoever is signed in has to prove it again, or be somebody else: send them to the page in any case. */
  readonly again: boolean
  /** The host's own page, with `returnTo` in a parameter of its query. @param parameter default `return_to` */
  login(page: string, parameter?: string): SignInPage
}

type Answer = HostUser | HostSession | SignInPage

/** Says by the host's own sessions who is signed in, or where to sign in. Then no cookie and no password form of ours is used. */
export type HostSignIn = (question: SignInQuestion) => Answer | Promise<Answer>
