import { defaultTimestampWindow, type TimestampWindow } from './timestamp.ts'

/** How OAuth 1 is spoken here. Times in seconds. */
export interface OAuth1Settings {
  /** Names of the signature methods that are on. Default: HMAC-SHA1, HMAC-SHA256, HMAC-SHA512, RSA-SHA256, RSA-SHA512. */
  readonly signatureMethods: readonly string[]
  /** How far a client's clock may be from ours. Default 300 both ways. */
  readonly timestampWindow: TimestampWindow
  /** Life of temporary credentials. Default 3600. */
  readonly temporaryCredential: number
  /** Life of token credentials; 0: they do not expire. Default 0, as clients of OAuth 1 expect. */
  readonly tokenCredential: number
  /** Characters of `oauth_token`. Default 42. */
  readonly tokenLength: number
  /** Characters of `oauth_token_secret`. Default 48. */
  readonly secretLength: number
  /** Characters of a verifier that a person has to type in. Default 8. */
  readonly pinLength: number
  /** Wrong verifiers after which a temporary credential is gone. Default 10. */
  readonly verifierAttempts: number
  /**
   * Accept requests that surely came without TLS. For development only: secrets and answers can then be read by
   * anybody on the way (the source's `AUTHLIB_INSECURE_TRANSPORT`). Default false.
   */
  readonly allowInsecureTransport: boolean
  /**
   * Origins that clients sign for, besides the issuer's own, such as a second name of the same server. A path behind one
   * (`https://api.example/v1`) is what a proxy takes off every request before it arrives here: clients have signed it
   * (RFC 5849 §3.4.1.2). On the issuer's own origin it therefore stands for that origin altogether: what is signed
   * without the path is refused. One path for each origin. What a framework takes off (a mount, a router) is known anyway.
   */
  readonly origins: readonly string[]
}

/** What holds where nothing is said. */
export const defaultOAuth1Settings: OAuth1Settings = {
  signatureMethods: ['HMAC-SHA1', 'HMAC-SHA256', 'HMAC-SHA512', 'RSA-SHA256', 'RSA-SHA512'],
  timestampWindow: defaultTimestampWindow,
  temporaryCredential: 3600,
  tokenCredential: 0,
  tokenLength: 42,
  secretLength: 48,
  pinLength: 8,
  verifierAttempts: 10,
  allowInsecureTransport: false,
  origins: [],
}
