import type { SigningAlgorithm } from '../crypto/jose/algorithms.ts'
import type { ServerAlgorithm } from '../model/server-algorithm.ts'
import type { ErrorCode } from '../spec/errors.ts'

/** What tokens of one grant live, in seconds. Absent: as long as those of the others. */
export interface GrantLifetimes {
  /** 0: they do not expire. */
  readonly accessToken?: number
  /** Seconds a refresh token lives. */
  readonly refreshToken?: number
}

/** All in seconds. */
export interface Lifetimes {
  /** Access tokens. Default 3600. 0: they do not expire and the answer has no `expires_in`. */
  readonly accessToken: number
  /** Authorization codes. Default 60, at most 600 (RFC 6749 §4.1.2). */
  readonly authorizationCode: number
  /** Refresh tokens, renewed by each rotation. Default 1209600 (14 days). */
  readonly refreshToken: number
  /** Absolute end of an authorization, however often it is refreshed. Default 7776000 (90 days). */
  readonly authorization: number
  /** How long a rotated refresh token still fetches its same successor for the same client. Default 10, at most 60; 0: never. */
  readonly refreshReuseWindow: number
  /** Sign-in sessions. Default 86400. */
  readonly session: number
  /** How long a person may take to answer. Default 600. */
  readonly interaction: number
  /** By grant type, `implicit` included. What a refresh issues follows the grant that its authorization came from. */
  readonly perGrant?: Readonly<Record<string, GrantLifetimes>>
}

/** What older deployments need and newer ones should not have. Everything defaults to off. */
export interface Compatibility {
  /** Adds the integer `id` (token reference) to token answers. */
  readonly tokenAnswerId: boolean
  /** Every grant answers with a refresh token, client credentials and clients without the refresh grant included. */
  readonly refreshTokenForEveryGrant: boolean
  /** `client_secret_basic` and `client_secret_post` are interchangeable. */
  readonly eitherSecretMethod: boolean
  /** A redirect URI sent to the authorization endpoint need not be repeated at the token endpoint (OAuth 2.1 §4.1.3). */
  readonly redirectUriOptionalAtToken: boolean
  /** Refreshing ends the access tokens that were issued before. */
  readonly refreshEndsAccessTokens: boolean
  /** Unregistered scope names in a request are dropped instead of refused. */
  readonly dropUnknownScope: boolean
  /** The authorization endpoint refuses requests without `state`. */
  readonly stateRequired: boolean
  /** Protected resources also take the access token from a form body or the query (RFC 6750 §2.2, §2.3). */
  readonly bearerTokenInFormOrQuery: boolean
  /** Public clients and confidential ones may use the implicit grant. */
  readonly implicitForConfidential: boolean
  /** Client assertions may name the token endpoint, or the one they are sent to, in place of the issuer (RFC 7523 §3). */
  readonly tokenEndpointAsAudience: boolean
}

/** Guesses allowed per window (seconds). */
export interface Limit {
  /** How many are let through in a window. */
  readonly attempts: number
  /** Seconds. */
  readonly window: number
}

/** How often people and clients may guess wrong, and networks ask. */
export interface Limits {
  /** Wrong passwords for one account from one network. Default 10 in 900 s. */
  readonly accountFromNetwork: Limit
  /** Wrong passwords for one account from anywhere. Default 100 in 900 s: slows a botnet, does not shut the owner out for long. */
  readonly account: Limit
  /** Wrong passwords from one network for any account. Default 100 in 900 s. */
  readonly network: Limit
  /** Authorization requests from one network that wait for a person: each is kept. Default 1000 in 600 s. */
  readonly interaction: Limit
  /** Wrong secrets, and wrong signatures of OAuth 1, for one client from one network. Default 30 in 300 s. */
  readonly client: Limit
  /** Clients registered from one network, without an initial access token. Default 20 in 3600 s. */
  readonly registrationFromNetwork: Limit
  /** The same from anywhere: bounds what a botnet can store. Default 1000 in 86400 s. */
  readonly registration: Limit
  /** Documents about clients that are fetched because somebody on one network asks. Default 60 in 600 s. */
  readonly clientDocumentFromNetwork: Limit
  /** The same from anywhere, of clients that nobody has named before. Default 1000 in 3600 s. */
  readonly clientDocument: Limit
  /** Wrong user codes (RFC 8628 §5.1) from one network, and by one user. Default 20 in 900 s. */
  readonly userCode: Limit
  /**
   * Wrong user codes altogether, of people who are signed in and of all others apart: with many devices waiting, a guess
   * for any of them counts. A device in the network of whoever types its code is exempt. Default 1000 in 900 s.
   */
  readonly everyUserCode: Limit
}

/** How possession of keys is proved (RFC 9449). */
export interface DpopSettings {
  /** Of every client that does not bind its tokens to a certificate. */
  readonly required: boolean
  /** Of proofs. */
  readonly algorithms: readonly SigningAlgorithm[]
  /** Seconds a proof may be old. */
  readonly maxAge: number
  /** Whether proofs need a nonce of ours. */
  readonly nonce: 'off' | 'required'
  /** Seconds for which one is handed out. */
  readonly nonceLifetime: number
  /** Where the resources beside this server are, as clients address them. */
  readonly resourceOrigins: readonly string[]
}

/** Resolved options: what `providerOptions` checked and filled in. */
export interface Settings {
  /** RFC 8414 §2, without trailing slash. */
  readonly issuer: string
  /** Product name shown on the pages. */
  readonly title: string
  /** In seconds. */
  readonly lifetimes: Lifetimes
  /** How often may be guessed. */
  readonly limits: Limits
  /** Deviations from what is safe, each off unless a host has asked for it. */
  readonly compatibility: Compatibility
  /** How access tokens look whose resource does not say. */
  readonly accessTokenFormat: 'opaque' | 'jwt'
  /** RFC 8707: what tokens are for where a request does not say. */
  readonly defaultResource: string | undefined
  /** Classes that sign-ins can reach; undefined: requests are not held to any. */
  readonly acrValues: readonly string[] | undefined
  /** Tokens always tell of the sign-in. */
  readonly tellSignIn: boolean
  /** RFC 9728: address of the metadata of the resources beside this server; undefined: they have none. */
  readonly resourceMetadata: string | undefined
  /** RFC 9728: identifiers of resources with metadata of their own, which challenges for them name. */
  readonly describedResources: readonly string[]
  /** Undefined: nobody proves anything by DPoP. */
  readonly dpop: DpopSettings | undefined
  /** What JWTs may be signed with, whatever anybody is registered for. */
  readonly signatureAlgorithms: readonly SigningAlgorithm[]
  /** Those of them that this server signs with. */
  readonly serverAlgorithms: readonly ServerAlgorithm[]
  /** PKCE with S256 for every client, whatever it is registered for. */
  readonly requireS256: boolean
  /** Pages about errors, by error code: sent as `error_uri` (RFC 6749 §5.2). */
  readonly errorUris: Readonly<Partial<Record<ErrorCode, string>>>
  /** Requested scope is ignored; the default scope is granted instead. */
  readonly ignoreClientRequestedScope: boolean
  /** Scope beyond what the client may have is refused instead of left out of the grant. */
  readonly refuseScopeNotAllowed: boolean
  /** `public`: confidential clients keep their refresh token; reuse of a public client's ends its family either way. */
  readonly rotateRefreshTokens: 'all' | 'public'
  /** Cookies carry `Secure` and the `__Host-` prefix. False only for an http issuer on loopback. */
  readonly secureCookies: boolean
}
