import type { SigningAlgorithm } from './core/crypto/jose/algorithms.ts'
import type { Resource } from './core/model/resource.ts'
import type { Accounts } from './core/ports/accounts.ts'
import type { Clock } from './core/ports/clock.ts'
import type { AuthorizationDetailTypes } from './core/ports/detail-types.ts'
import type { EventSink } from './core/ports/events.ts'
import type { HostSignIn } from './core/ports/host-sign-in.ts'
import type { SecretHasher } from './core/ports/secret-hasher.ts'
import type { KeyOptions } from './core/ports/server-keys.ts'
import type { Compatibility, Lifetimes, Limits } from './core/ports/settings.ts'
import type { Store } from './core/ports/store.ts'
import type { TokenGenerator, TokenLengths } from './core/ports/token-generator.ts'
import type { ErrorCode } from './core/spec/errors.ts'
import type { OutgoingOptions } from './http/outgoing/outgoing.ts'
import type { Pages } from './interaction/pages/pages.ts'
import type { OAuth1FeatureOptions } from './oauth1-feature.ts'
import type { TrustedIssuer } from './oauth2/assertions/trusted-issuer.ts'
import type { ResponseTypeName } from './oauth2/authorize/request.ts'
import type { ResponseMode, ResponseModeName } from './oauth2/authorize/response-mode.ts'
import type { ClientAssertionOptions } from './oauth2/client-auth/client-assertion-options.ts'
import type { ClientAuthMethod } from './oauth2/client-auth/method.ts'
import type { MutualTlsOptions } from './oauth2/client-auth/mutual-tls-options.ts'
import type { ClientDocumentsOptions } from './oauth2/client-documents/client-documents-options.ts'
import type { DeviceGrantOptions } from './oauth2/device/device-grant-options.ts'
import type { Endpoint } from './oauth2/endpoint.ts'
import type { TokenExchangeOptions } from './oauth2/exchange/exchange-options.ts'
import type { Hooks } from './oauth2/hooks.ts'
import type { DpopOptions } from './oauth2/proof/dpop-options.ts'
import type { PushedRequestsOptions } from './oauth2/pushed/pushed-requests-options.ts'
import type { RegistrationOptions } from './oauth2/registration/registration-options.ts'
import type { RequestObjectsOptions } from './oauth2/request-object/request-objects-options.ts'
import type { SignedResponsesOptions } from './oauth2/signed-response/signed-responses-options.ts'
import type { Grant } from './oauth2/token/grant.ts'
import type { JwtBearerOptions } from './oauth2/token/grants/jwt-bearer-options.ts'
import type { PathName } from './paths.ts'
import type { Preset } from './presets/preset.ts'
import type { ProfileName } from './profiles/profiles.ts'

/** What a provider is made from. Everything but the first three has a safe default. */
export interface ProviderOptions {
  /** RFC 8414 §2: https URL without query and fragment; http only on loopback. May have a path. */
  readonly issuer: string
  /** Where clients, tokens and everything else are kept. */
  readonly store: Store
  /** High-entropy secrets of at least 32 characters. The first makes, all verify: put a new one in front to rotate. */
  readonly secrets: readonly string[]
  /** Hash of chosen client secrets and of passwords. Default: scrypt. */
  readonly hasher?: SecretHasher
  /** Who can sign in. Default: the users of the store. */
  readonly accounts?: Accounts
  /**
   * Says by the host's own sessions who is signed in, or at which page of the host to sign in; `accounts` then finds users
   * by id only. Default: people sign in with a password on our page, and a cookie remembers it.
   */
  readonly authenticateUser?: HostSignIn
  /** Shown on the pages. Default `Cardea`. */
  readonly title?: string
  /** Several options in one: `oauth21()`, `fapi2()`, or `mcp()` of `cardea/mcp`. Default: none. */
  readonly preset?: Preset
  /** Named compatibility profile. Default: none. */
  readonly profile?: ProfileName
  /** Grant types there are. Default: authorization code, refresh token, client credentials. */
  readonly grants?: readonly Grant[]
  /** `token` is the implicit grant. Default `['code']`. */
  readonly responseTypes?: readonly ResponseTypeName[]
  /** Exactly these, by name or as modes of the host's own. Default: all there are, so `query`, `fragment` and `form_post`. */
  readonly responseModes?: readonly (ResponseModeName | ResponseMode)[]
  /** Takes authorization requests over the client's own connection first (RFC 9126); `true` for the defaults. Default: off. */
  readonly pushedRequests?: boolean | PushedRequestsOptions
  /** Lets clients register themselves (RFC 7591) and manage their registration (RFC 7592). Default: off. */
  readonly registration?: false | RegistrationOptions
  /**
   * Takes the https address of a document about a client as its `client_id` (OAuth Client ID Metadata Document, draft 00);
   * `true` for the defaults. Default: off.
   */
  readonly clientDocuments?: boolean | ClientDocumentsOptions
  /** Takes authorization requests that their client has signed (RFC 9101); `true` for the defaults. Default: off. */
  readonly requestObjects?: boolean | RequestObjectsOptions
  /** Signs authorization responses for clients that ask for it (JARM); `true` for the defaults. Default: off. */
  readonly signedResponses?: boolean | SignedResponsesOptions
  /** Types of `authorization_details` (RFC 9396), by name. Default: none, and the parameter means nothing. */
  readonly authorizationDetails?: AuthorizationDetailTypes
  /** Binds tokens to keys that clients prove to hold (RFC 9449); `true` for the defaults. Default: off. */
  readonly dpop?: boolean | DpopOptions
  /** Address of the metadata of the resources that `protect` guards (RFC 9728): told in challenges. Default: none. */
  readonly resourceMetadata?: string
  /**
   * Classes that sign-ins here can reach, by names of the host's (RFC 9470, OIDC Core `acr_values`). Requests that ask for one
   * get a sign-in of it, or an error. Default: none, and requests are not held to it.
   */
  readonly acrValues?: readonly string[]
  /**
   * Tokens and introspection tell when and how the user signed in (`auth_time`, `acr`, `amr`). Default false: only JWTs do,
   * and tokens whose request asked by `max_age` or `acr_values`.
   */
  readonly tellSignIn?: boolean
  /**
   * Says in the metadata that tokens can be bound to certificates (RFC 8705 §3.3); clients that are registered for it get
   * such tokens either way. `required`: every client that proves no key by DPoP needs one. Default: true with `mutualTls`.
   */
  readonly certificateBoundTokens?: boolean | 'required'
  /** Endpoints of the host's own; of one name they are tried in order, before Cardea's. */
  readonly endpoints?: readonly Endpoint[]
  /** Called at their points on every grant and endpoint, in order. */
  readonly hooks?: Hooks
  /** Texts of tokens by grant type, `default` for the others. Keep one registered as long as its tokens live. */
  readonly tokenGenerators?: Readonly<Record<string, TokenGenerator>>
  /** Of the tokens that Cardea makes itself, in characters. Default: 53. */
  readonly tokenLengths?: TokenLengths
  /** How access tokens look whose resource does not say; `jwt` is RFC 9068. Default `opaque`. */
  readonly accessTokenFormat?: 'opaque' | 'jwt'
  /** RFC 8707: protected resources, besides those of the store. Default: none. */
  readonly resources?: readonly Resource[]
  /**
   * What tokens are for where a request names no `resource`. Default: whoever takes our tokens; the audience of a JWT is
   * the issuer then.
   */
  readonly defaultResource?: string
  /**
   * What JWTs may be signed with, by clients, other issuers and the server, whatever a client or resource is registered
   * for: anything else is refused. Default: every algorithm there is.
   */
  readonly signatureAlgorithms?: readonly SigningAlgorithm[]
  /** Keys that sign JWTs. Default: `ES256`, replaced by `rotateKeys` only. */
  readonly signingKeys?: KeyOptions
  /** `public`: confidential clients keep their refresh token. Default `all`. */
  readonly rotateRefreshTokens?: 'all' | 'public'
  /** In seconds. Default: `defaultLifetimes`. */
  readonly lifetimes?: Partial<Lifetimes>
  /** How often may be guessed. Default: `defaultLimits`. */
  readonly limits?: Partial<Limits>
  /** Deviations from what is safe. Default: `noCompatibility`. */
  readonly compatibility?: Partial<Compatibility>
  /** RFC 8628: devices without a browser or a keyboard; `true` for the defaults. Default: off. */
  readonly deviceGrant?: boolean | DeviceGrantOptions
  /** Speaks OAuth 1.0a too; `true` for the defaults. Default: off. */
  readonly oauth1?: boolean | OAuth1FeatureOptions
  /** Grants the default scope whatever is asked for. Default false. */
  readonly ignoreClientRequestedScope?: boolean
  /** Pages about errors, by error code: sent as `error_uri` (RFC 6749 §5.2). Default: none. */
  readonly errorUris?: Readonly<Partial<Record<ErrorCode, string>>>
  /** Refuses scope that the client may not have, instead of granting the rest (RFC 6749 §3.3). Default false. */
  readonly refuseScopeNotAllowed?: boolean
  /** Which JWTs clients may prove themselves with (`private_key_jwt`, `client_secret_jwt`); false: none. Default true. */
  readonly clientAssertions?: boolean | ClientAssertionOptions
  /** Clients may prove themselves by certificates (RFC 8705); `true`: by self-signed ones. Default false. */
  readonly mutualTls?: boolean | MutualTlsOptions
  /** Other servers whose JWTs stand for users, at the JWT bearer grant and in token exchange. Default: none. */
  readonly trustedIssuers?: readonly TrustedIssuer[]
  /** Takes JWTs as grants (RFC 7523 §2.1), of trusted issuers and of clients themselves. Default false. */
  readonly jwtBearer?: boolean | JwtBearerOptions
  /** Exchanges tokens (RFC 8693); `true`: clients may have less of what they hold. Default false. */
  readonly tokenExchange?: boolean | TokenExchangeOptions
  /** How documents of other servers are fetched, such as the keys at a `jwks_uri`. Default: from public addresses over https. */
  readonly outgoing?: OutgoingOptions
  /** Names of the client authentication methods that are on, out of all there are. Default: all. */
  readonly authMethods?: readonly string[]
  /** Every client must use PKCE with S256, whatever it is registered for (RFC 7636 §4.2). Default false. */
  readonly requireS256?: boolean
  /**
   * Answers with the server metadata at every address that clients try, those of OpenID Connect included
   * (`/.well-known/openid-configuration`). Default false: at that of RFC 8414.
   */
  readonly discoveryAliases?: boolean
  /** RFC 9728: resources whose metadata are served here, where they are at the issuer's origin. Default: none. */
  readonly describedResources?: readonly string[]
  /** Ways for clients to prove themselves besides the built-in ones. */
  readonly clientAuthMethods?: readonly ClientAuthMethod[]
  /** Endpoint paths; several for one endpoint are aliases. */
  readonly paths?: Readonly<Partial<Record<PathName, string | readonly string[]>>>
  /** Replaces single pages. */
  readonly pages?: Partial<Pages>
  /**
   * Sources of styles that replaced pages need, for `style-src` of the pages' policy: `'self'`, hashes such as
   * `'sha256-…'`, or https origins; with the quotes. Default: none, which leaves Cardea's own stylesheet.
   */
  readonly pageStyles?: readonly string[]
  /** Default: the system clock. */
  readonly clock?: Clock
  /** Hears of every event; a promise it returns is awaited before the answer is sent. */
  readonly onEvent?: EventSink
}
