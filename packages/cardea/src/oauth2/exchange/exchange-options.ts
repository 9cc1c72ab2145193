import type { JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import type { Client } from '../../core/model/client.ts'
import type { Actor, GrantFacts } from '../../core/model/grant-facts.ts'

/** Whom a token stands for that takes part in an exchange. */
export interface ExchangeParty {
  /** As it was presented (RFC 8693 §3). */
  readonly tokenType: string
  /** Who says so: this server, or a trusted issuer. */
  readonly issuer: string
  /** The user, or where there is none the client. */
  readonly sub: string
  /** The user here. Absent: it stands for no user. */
  readonly userId?: string
  /** To whom it was issued. Absent: another server does not say. */
  readonly clientId?: string
  /** What it is good for. Absent: another server does not say. */
  readonly scope?: readonly string[]
  /** What was decided about it besides. */
  readonly facts?: GrantFacts
  /** What a JWT of another server says. */
  readonly claims?: JwtClaims
  /** Epoch seconds. Absent: it does not expire. */
  readonly expiresAt?: number
}

/** An exchange that a client asks for (RFC 8693 §2.1). */
export interface ExchangeQuestion {
  /** Who asks; authenticated. */
  readonly client: Client
  /** Whose things it is about. */
  readonly subject: ExchangeParty
  /** Who is to act for the subject. Absent: the client asks to be taken for the subject (impersonation). */
  readonly actor?: ExchangeParty
  /** What would be granted. */
  readonly scope: readonly string[]
  /** Values of `resource` and `audience`. */
  readonly targets: readonly string[]
  /** The client asks for less of what it holds itself, which is allowed where there is no policy. */
  readonly isOwn: boolean
}

/** How an exchange is allowed. It can only take away. */
export interface ExchangeDecision {
  /** Part of the scope. Default: all of what would be granted. */
  readonly scope?: readonly string[]
  /** The client is named as the actor where it brings no token of one (`act`). Default false. */
  readonly delegation?: boolean
  /** Who may act for the subject with the new token (`may_act`, RFC 8693 §4.4). Default: as the subject's token says. */
  readonly mayAct?: Actor
}

/** Whether an exchange is allowed, and how. What it throws becomes `server_error`. */
export type ExchangePolicy = (
  question: ExchangeQuestion,
) => boolean | ExchangeDecision | Promise<boolean | ExchangeDecision>

/** How tokens are exchanged (RFC 8693). */
export interface TokenExchangeOptions {
  /** Default: a client may have less of what it holds itself, and nothing else. */
  readonly policy?: ExchangePolicy
  /** How many may act for each other in a row (`act`, RFC 8693 §4.1). Default 4. */
  readonly maxActors?: number
}

/** How many may act for each other, also where no tokens are exchanged. @throws TypeError for what is no such number */
export function mostActors(given: boolean | TokenExchangeOptions = false): number {
  const { maxActors = 4 } = typeof given === 'boolean' ? {} : given
  if (Number.isInteger(maxActors) && maxActors >= 1 && maxActors <= 16) return maxActors
  throw new TypeError(`tokenExchange.maxActors: must be a whole number from 1 to 16, got ${JSON.stringify(maxActors)}`)
}
