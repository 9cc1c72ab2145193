/** What a request wants of the sign-in (RFC 9470 §4, OIDC Core §3.1.2.1). */
export interface WantedSignIn {
  /** Classes of sign-ins, best first, any of which will do; empty: it does not say. */
  readonly acrValues: readonly string[]
  /** Seconds since the sign-in, at most; undefined: it does not say. */
  readonly maxAge: number | undefined
}

/** Of requests that say nothing of the sign-in. */
export const anySignIn: WantedSignIn = Object.freeze({ acrValues: Object.freeze([]), maxAge: undefined })
