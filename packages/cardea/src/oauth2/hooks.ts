import type { Client } from '../core/model/client.ts'
import type { TokenIssue, TokenIssueChange } from '../core/ports/hooks.ts'
import type { VerifiedRedirectUri } from '../core/rules/redirect-uri.ts'
import type { Params } from '../http/params.ts'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import type { AuthorizationRequest } from './authorize/request.ts'

interface AuthorizationArrival {
  readonly request: HttpRequest
  readonly params: Params
}

interface KnownClient {
  readonly client: Client
  /** `authorization_code` or `implicit` at the authorization endpoint. */
  readonly grantType: string
}

interface AuthorizationPayload extends AuthorizationArrival, KnownClient {
  readonly redirectUri: VerifiedRedirectUri
}

interface ValidatedAuthorization extends KnownClient {
  readonly authorization: AuthorizationRequest
}

interface ConsentStep extends ValidatedAuthorization {
  /** Absent: nobody is signed in. */
  readonly userId?: string
}

interface Decision {
  readonly clientId: string
  readonly grantType: string
  readonly redirectUri: VerifiedRedirectUri
  /** What was granted; empty where it was denied. */
  readonly scope: readonly string[]
  /** Who granted. Absent: it was denied. */
  readonly userId?: string
}

interface TokenStep extends KnownClient {
  readonly request: HttpRequest
  readonly params: Params
}

interface AllowedTokenStep extends TokenStep {
  readonly scope: readonly string[]
  /** Absent for a machine token. */
  readonly userId?: string
}

interface EndpointStep {
  /** Name of the endpoint: `token`, `authorize`, `revocation`, `introspection`, `metadata` … or one of the host's. */
  readonly endpoint: string
  readonly request: HttpRequest
  /** The client that authenticated, at revocation, introspection and endpoints of the host that ask for one. */
  readonly client?: Client
}

interface Answered {
  readonly response: HttpResponse
}

/** What each hook is told. */
export interface HookContexts {
  /** An authorization request came in; nothing of it is proven. */
  readonly beforeGetAuthorizationGrant: AuthorizationArrival
  /** Client, redirect URI and response type are proven: a refusal is redirected from here on. */
  readonly afterGetAuthorizationGrant: AuthorizationPayload
  /** What is asked for is about to be checked. */
  readonly beforeValidateAuthorizationRequestPayload: AuthorizationPayload
  /** The authorization request is valid as a whole. */
  readonly afterValidateAuthorizationRequestPayload: ValidatedAuthorization
  /** It is about to be decided whether the person must sign in or be asked. */
  readonly beforeValidateConsentRequest: ConsentStep
  /** It is known who is asked, and for what. */
  readonly afterValidateConsentRequest: ConsentStep
  /** The person, or what they allowed before, has decided; nothing is issued yet. */
  readonly beforeCreateAuthorizationResponse: Decision
  /** The answer to the decision is made, and not sent yet. */
  readonly afterCreateAuthorizationResponse: Decision & Answered
  /** Every answer that goes to the redirect URI, refusals included. */
  readonly afterAuthorizationResponse: Pick<Decision, 'clientId' | 'redirectUri'> & Answered
  /** Client authenticated, grant known and allowed for it; the grant has not looked at the request yet. */
  readonly beforeValidateTokenRequest: TokenStep
  /** The grant allows it; nothing is spent and nothing issued. */
  readonly afterValidateTokenRequest: AllowedTokenStep
  /** Tokens are about to be issued. */
  readonly beforeCreateTokenResponse: AllowedTokenStep
  /** Tokens are issued: too late to refuse them. */
  readonly afterCreateTokenResponse: AllowedTokenStep & Answered
  /** Right before tokens are made, at the token endpoint, for implicit responses, and as token credentials of OAuth 1. */
  readonly beforeIssueToken: TokenIssue
  /** An endpoint is about to handle a request. */
  readonly beforeEndpointResponse: EndpointStep
  /** Not told of refusals: those are events. */
  readonly afterEndpointResponse: EndpointStep & Answered
}

/** Where hooks are called: Authlib's names, and ours for tokens and endpoints. */
export type HookName = keyof HookContexts

/** Members for an answer that is a JSON object; those it has stay as they are, and `{"active":false}` stays alone. */
export interface EndpointResponseChange {
  /** Added to the answer. */
  readonly members?: Readonly<Record<string, unknown>>
}

interface HookChanges {
  readonly beforeIssueToken: TokenIssueChange
  readonly afterEndpointResponse: EndpointResponseChange
}

/** What a hook may return. All others return nothing: a hook changes something by what it returns only. */
export type HookResult<N extends HookName> = N extends keyof HookChanges
  ? // biome-ignore lint/suspicious/noConfusingVoidType: a function without a return statement must fit
    HookChanges[N] | undefined | void
  : // biome-ignore lint/suspicious/noConfusingVoidType: a function without a return statement must fit
    undefined | void

/**
 * Called at its point on every grant and endpoint, those of the host included. Functions of one name are called in the
 * order given, each when the one before has settled. A `ProtocolError` it throws refuses the request with that error;
 * anything else is answered with `server_error` and told by the event `internal_error`. One that never settles leaves its
 * request without an answer.
 */
export type Hook<N extends HookName> = (context: Readonly<HookContexts[N]>) => HookResult<N> | Promise<HookResult<N>>

/** A hook, for every grant type or for one. */
export type HookEntry<N extends HookName> = Hook<N> | { readonly grantType: string; readonly hook: Hook<N> }

/** Hooks by name; several of one name are called in their order. */
export type Hooks = { readonly [N in HookName]?: HookEntry<N> | readonly HookEntry<N>[] }
