export { scryptHasher } from './accounts/scrypt-hasher.ts'
export { storedAccounts } from './accounts/stored-accounts.ts'
export { AuthorizationServer, type GrantOrClass } from './authorization-server/authorization-server.ts'
export type {
  Awaitable,
  ClientModel,
  ClientRow,
  HostClient,
  HostClients,
  TextList,
} from './authorization-server/client-model.ts'
export type { AskedScope, AuthorizationPayload, ConsentGrant } from './authorization-server/consent-grant.ts'
export type { ConsentOptions, GrantDecision } from './authorization-server/decision.ts'
export { AuthorizationCodeGrant } from './authorization-server/grants/authorization-code-grant.ts'
export { PasswordGrant } from './authorization-server/grants/password-grant.ts'
export { RefreshTokenGrant } from './authorization-server/grants/refresh-token-grant.ts'
export type { CodeRow, HostCodes } from './authorization-server/host-codes.ts'
export type { HostTokens, Rotation, TokenRow, TokenRows } from './authorization-server/host-tokens.ts'
export type { AuthorizationServerOptions, HostUsers, ScopeText, ScopeTexts } from './authorization-server/options.ts'
export { publicKeyAlgorithms, type SigningAlgorithm } from './core/crypto/jose/algorithms.ts'
export type { KeyEncryption } from './core/crypto/jose/decrypt-jwe.ts'
export type { JwtClaims } from './core/crypto/jose/jwt-policy.ts'
export type { KeyHint, KeySource, SameKey } from './core/crypto/jose/key-source.ts'
export type { JwtToSign } from './core/crypto/jose/sign-jwt.ts'
export type { JsonObject } from './core/crypto/jose/strict-json.ts'
export type { VerificationKey } from './core/crypto/jose/verification-key.ts'
export type { UnverifiedJwt } from './core/crypto/jose/verify-jwt.ts'
export type { Keyring } from './core/crypto/keyring.ts'
export type { Authorization, Consent } from './core/model/authorization.ts'
export type { Brand } from './core/model/brand.ts'
export type { Client, ClientAuthMethodName, OAuth1Registration, PkceMode } from './core/model/client.ts'
export type { ClientPolicy } from './core/model/client-policy.ts'
export type { AuthorizationCode, CodeChallengeMethod } from './core/model/code.ts'
export type { DeviceApproval, DeviceFacts, DeviceRequest } from './core/model/device-request.ts'
export type { TokenDigest } from './core/model/digest.ts'
export type { Actor, AuthorizationDetail, Confirmation, GrantFacts } from './core/model/grant-facts.ts'
export type { InitialAccessToken } from './core/model/initial-access-token.ts'
export type { Interaction } from './core/model/interaction.ts'
export type { PushedRequest } from './core/model/pushed-request.ts'
export type { Resource } from './core/model/resource.ts'
export type { Scope } from './core/model/scope.ts'
export {
  isServerAlgorithm,
  isServerEncryption,
  type ServerAlgorithm,
  type ServerEncryption,
  serverAlgorithms,
  serverEncryptions,
} from './core/model/server-algorithm.ts'
export type { Session } from './core/model/session.ts'
export type { PublicJwk, SigningKey, SigningKeyState } from './core/model/signing-key.ts'
export { type AccessToken, digestPrefixFrom, type RefreshToken, tokenReference } from './core/model/token.ts'
export type { TokenCredential } from './core/model/token-credential.ts'
export { canonicalUsername, type StoredUser, type User } from './core/model/user.ts'
export type { WantedSignIn } from './core/model/wanted-sign-in.ts'
export type { Accounts, AuthenticatedUser } from './core/ports/accounts.ts'
export type { Attempts } from './core/ports/attempts.ts'
export type { Authorizations, Consents } from './core/ports/authorizations.ts'
export type { ClientAsked, FindClient } from './core/ports/client-finder.ts'
export type { Clients } from './core/ports/clients.ts'
export { type Clock, systemClock } from './core/ports/clock.ts'
export type { Codes } from './core/ports/codes.ts'
export type { DecryptionKeys, EncryptionRule } from './core/ports/decryption-keys.ts'
export type {
  AuthorizationDetailType,
  AuthorizationDetailTypes,
  DetailContext,
  DetailDescription,
  DetailLine,
} from './core/ports/detail-types.ts'
export type { DeviceRequests } from './core/ports/device-requests.ts'
export type { Engine } from './core/ports/engine.ts'
export type { CardeaEvent, Emit, EventListener, EventOf, EventSink, EventType } from './core/ports/events.ts'
export type { BeforeIssueToken, TokenIssue, TokenIssueChange } from './core/ports/hooks.ts'
export type {
  HostSession,
  HostSignIn,
  HostUser,
  SignInPage,
  SignInQuestion,
} from './core/ports/host-sign-in.ts'
export type { Housekeeping } from './core/ports/housekeeping.ts'
export type { InitialAccessTokens } from './core/ports/initial-access-tokens.ts'
export type { Interactions } from './core/ports/interactions.ts'
export type { KnownResources } from './core/ports/known-resources.ts'
export type {
  Ledger,
  LedgerEntry,
  LedgerOutcome,
  MarkUse,
  Spend,
  StepOutcome,
  Use,
  UsedBefore,
} from './core/ports/ledger.ts'
export type { PageRequest } from './core/ports/page.ts'
export type { PushedRequests } from './core/ports/pushed-requests.ts'
export type { Replay } from './core/ports/replay.ts'
export type { Resources } from './core/ports/resources.ts'
export type { Scopes } from './core/ports/scopes.ts'
export type { SecretHasher } from './core/ports/secret-hasher.ts'
export type { KeyOptions, KeyRotation, RotateOptions, ServerKeys } from './core/ports/server-keys.ts'
export type { Sessions } from './core/ports/sessions.ts'
export type {
  Compatibility,
  DpopSettings,
  GrantLifetimes,
  Lifetimes,
  Limit,
  Limits,
  Settings,
} from './core/ports/settings.ts'
export type { SigningKeys } from './core/ports/signing-keys.ts'
export type { Store } from './core/ports/store.ts'
export type { TemporaryCredentials } from './core/ports/temporary-credentials.ts'
export type { FoundTokenCredential, OAuth1Usage, TokenCredentials } from './core/ports/token-credentials.ts'
export type { TokenGenerator, TokenLengths, TokenTextRequest, TokenTexts } from './core/ports/token-generator.ts'
export type { FoundAccessToken, FoundRefreshToken, TokenFilter, Tokens } from './core/ports/tokens.ts'
export type { UnkeptTokens } from './core/ports/unkept-tokens.ts'
export type { Users } from './core/ports/users.ts'
export { clientProblem, type KnownToServer } from './core/rules/client.ts'
export type { CodeChallenge } from './core/rules/pkce.ts'
export { redirectUriProblem, type VerifiedRedirectUri } from './core/rules/redirect-uri.ts'
export { isResourceIdentifier, resourceProblem } from './core/rules/resource.ts'
export { usernameProblem } from './core/rules/username.ts'
export {
  type ErrorCode,
  type ErrorRedirect,
  errorStatus,
  ProtocolError,
  type ProtocolErrorOptions,
} from './core/spec/errors.ts'
export { StorageUnavailable } from './core/spec/storage-error.ts'
export type { IssueOutcome } from './core/tokens/issue.ts'
export type { IssuedTokens } from './core/tokens/issued-tokens.ts'
export type { HostPages } from './host-pages.ts'
export {
  type Outgoing,
  type OutgoingAnswer,
  type OutgoingOptions,
  type OutgoingRequest,
  outgoing,
} from './http/outgoing/outgoing.ts'
export { OutgoingFailed, type OutgoingProblem } from './http/outgoing/outgoing-failed.ts'
export type { Resolve, ResolvedAddress } from './http/outgoing/resolve.ts'
export {
  type AnswerHead,
  fetchTransport,
  type Transport,
  type TransportAnswer,
  type TransportRequest,
} from './http/outgoing/transport.ts'
export type { Params } from './http/params.ts'
export type { HttpRequest } from './http/request.ts'
export type { HttpResponse, ResponseHeaders } from './http/response.ts'
export type { SignedIn } from './interaction/browser.ts'
export type { AnsweredView } from './interaction/pages/answered.ts'
export type { ClientErrorView } from './interaction/pages/client-error.ts'
export type { ConsentResource, ConsentScope, ConsentView } from './interaction/pages/consent.ts'
export type { ConsentDevice } from './interaction/pages/consent-device.ts'
export type { DeniedView } from './interaction/pages/denied.ts'
export type { DeviceCodeView } from './interaction/pages/device-code.ts'
export type { DeviceDoneView } from './interaction/pages/device-done.ts'
export type { ErrorView } from './interaction/pages/error.ts'
export type { FormPostView } from './interaction/pages/form-post.ts'
export { type HtmlValue, html, raw, type SafeHtml } from './interaction/pages/html.ts'
export { type Layout, layout, stylesheetHash } from './interaction/pages/layout.ts'
export { defaultPages, type Pages } from './interaction/pages/pages.ts'
export type { SignInView } from './interaction/pages/sign-in.ts'
export type { SignOutView } from './interaction/pages/sign-out.ts'
export type { VerifierView } from './interaction/pages/verifier.ts'
export { type Resealed, resealOAuth1 } from './oauth1/reseal.ts'
export { type OAuth1Secrets, oauth1Secrets } from './oauth1/sealed-secrets.ts'
export { defaultOAuth1Settings, type OAuth1Settings } from './oauth1/settings.ts'
export type { OAuth1FeatureOptions } from './oauth1-feature.ts'
export type { TrustedIssuer } from './oauth2/assertions/trusted-issuer.ts'
export type { OnceOnly } from './oauth2/authorize/once-only.ts'
export type { HostDecision, OpenConsent } from './oauth2/authorize/open-consent.ts'
export type { Prompt } from './oauth2/authorize/prompt.ts'
export type { AuthorizationRequest, ResponseTypeName } from './oauth2/authorize/request.ts'
export type {
  ResponseFields,
  ResponseMode,
  ResponseModeName,
  ResponseRecipient,
} from './oauth2/authorize/response-mode.ts'
export type { Answerable } from './oauth2/authorize/stored-request.ts'
export type { ClientAssertionOptions } from './oauth2/client-auth/client-assertion-options.ts'
export { hashClientSecret, mintClientSecret } from './oauth2/client-auth/client-secret.ts'
export type { ClientAuthMethod, ClientRefusal, PresentedClient, ProvenOnce } from './oauth2/client-auth/method.ts'
export type { MutualTlsOptions } from './oauth2/client-auth/mutual-tls-options.ts'
export { type ClientSecrets, clientSecrets } from './oauth2/client-auth/sealed-client-secret.ts'
export type {
  ClientDocumentsOptions,
  DocumentApproval,
  ProposedDocument,
} from './oauth2/client-documents/client-documents-options.ts'
export type { DeviceGrantOptions } from './oauth2/device/device-grant-options.ts'
export type { UserCodeKind } from './oauth2/device/user-code.ts'
export type { Endpoint, EndpointHandler, EndpointRequest } from './oauth2/endpoint.ts'
export type {
  ExchangeDecision,
  ExchangeParty,
  ExchangePolicy,
  ExchangeQuestion,
  TokenExchangeOptions,
} from './oauth2/exchange/exchange-options.ts'
export type {
  EndpointResponseChange,
  Hook,
  HookContexts,
  HookEntry,
  HookName,
  HookResult,
  Hooks,
} from './oauth2/hooks.ts'
export type { DpopOptions } from './oauth2/proof/dpop-options.ts'
export type { ChallengeAttributes } from './oauth2/protection/challenge.ts'
export type { ClaimNames } from './oauth2/protection/claimed-facts.ts'
export type { DpopProtectionOptions } from './oauth2/protection/dpop-protection.ts'
export {
  type IntrospectionCredentials,
  type IntrospectionOptions,
  introspectionValidator,
} from './oauth2/protection/introspected-token.ts'
export { type JwtAccessTokenOptions, jwtValidator } from './oauth2/protection/jwt-access-token.ts'
export type { KnownNeed } from './oauth2/protection/known-need.ts'
export { localTokens } from './oauth2/protection/local-token.ts'
export {
  type ProtectedResource,
  type ProtectedResourceOptions,
  protectedResource,
  type ResourceDpop,
} from './oauth2/protection/protected-resource.ts'
export type { SignInNeed } from './oauth2/protection/sign-in-need.ts'
export type { FindUser, TokenFacts, TokenInfo } from './oauth2/protection/token-info.ts'
export type { NameNeed, ScopeNeed, TokenNeed } from './oauth2/protection/token-need.ts'
export type { TokenValidator } from './oauth2/protection/token-validator.ts'
export type { PushedRequestsOptions } from './oauth2/pushed/pushed-requests-options.ts'
export { mintInitialAccessToken } from './oauth2/registration/client-credentials.ts'
export type {
  ProposedRegistration,
  RegistrationApproval,
  RegistrationOptions,
  RegistrationPolicy,
  SoftwareStatementIssuer,
} from './oauth2/registration/registration-options.ts'
export type { RequestObjectsOptions } from './oauth2/request-object/request-objects-options.ts'
export { type DetailTypeDescription, describedDetailType } from './oauth2/rich-authorization/described-detail-type.ts'
export type { DetailField, DetailFields } from './oauth2/rich-authorization/field-kinds.ts'
export type { SignedResponsesOptions } from './oauth2/signed-response/signed-responses-options.ts'
export type { Allowance, Continuation, Grant, GrantAnswer, TokenRequest } from './oauth2/token/grant.ts'
export { authorizationCode } from './oauth2/token/grants/authorization-code.ts'
export { clientCredentials } from './oauth2/token/grants/client-credentials.ts'
export type { AssertedPermission, JwtBearerOptions } from './oauth2/token/grants/jwt-bearer-options.ts'
export type { OAuth1ExchangeOptions } from './oauth2/token/grants/oauth1-exchange.ts'
export { password } from './oauth2/token/grants/password.ts'
export { refreshToken } from './oauth2/token/grants/refresh-token.ts'
export type { ProviderOptions } from './options.ts'
export { defaultPaths, type PathName } from './paths.ts'
export {
  type Fapi2Options,
  fapi2,
  fapiAlgorithms,
  fapiAuthMethods,
  type SenderConstraint,
  senderConstraints,
} from './presets/fapi2.ts'
export { type McpOptions, mcp } from './presets/mcp.ts'
export { oauth21 } from './presets/oauth21.ts'
export type { Preset } from './presets/preset.ts'
export { djangoOAuth2Server, type Profile } from './profiles/django-oauth2-server.ts'
export { type ProfileName, profiles } from './profiles/profiles.ts'
export { createProvider, type Provider } from './provider.ts'
export { type KeySeal, keySeals, type ResealedSecrets, resealSecrets } from './reseal-secrets.ts'
export type { Protects, ResourceGuard } from './resource-guard.ts'
export { type ResourceProtector, type ResourceProtectorOptions, resourceProtector } from './resource-protector.ts'
export { defaultLifetimes, defaultLimits, noCompatibility } from './settings.ts'
export { type StoredKeysOptions, storedKeys } from './stored-keys.ts'
export type { Supported } from './supported.ts'
