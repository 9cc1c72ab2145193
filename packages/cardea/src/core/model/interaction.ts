import type { TokenDigest } from './digest.ts'
import type { GrantFacts } from './grant-facts.ts'

/** An authorization request that waits for a person. It never changes: it is taken once, or it expires. */
export interface Interaction {
  /** Random and unguessable, but not a secret: it stands in the URL. */
  readonly id: string
  /** Digest of the cookie of the browser that began it; no other browser can see or answer it. */
  readonly browser: TokenDigest
  /** Which protocol family asked and knows how to answer: `oauth2` … */
  readonly protocol: string
  /** `client_id` of who asks. */
  readonly clientId: string
  /** What was asked for and may be granted. */
  readonly scope: readonly string[]
  /** What extensions read from the request. */
  readonly facts?: GrantFacts
  /** Where the person will be sent, shown on the consent page. */
  readonly redirectUri: string
  /** The user must prove who they are again, after this interaction began (`prompt=login`, `max_age`). */
  readonly freshSignIn: boolean
  /** Digest of the session there was when that was demanded: it does not count, even if it began in the same second. */
  readonly staleSession?: TokenDigest
  /** Consent must be asked even where it is remembered (`prompt=consent`, unproven native clients). */
  readonly askConsent: boolean
  /** The validated request, in the words of the protocol that asked: only that protocol reads it. */
  readonly request: Readonly<Record<string, string>>
  /** Epoch seconds. */
  readonly createdAt: number
  /** Epoch seconds. */
  readonly expiresAt: number
  /** Epoch seconds at which it was answered. A taken one stays findable, so that the back button can be told so. */
  readonly takenAt?: number
}
