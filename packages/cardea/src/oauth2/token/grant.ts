import type { Authorization } from '../../core/model/authorization.ts'
import type { Client } from '../../core/model/client.ts'
import type { TokenDigest } from '../../core/model/digest.ts'
import type { Confirmation, GrantFacts } from '../../core/model/grant-facts.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { Spend } from '../../core/ports/ledger.ts'
import type { IssueOutcome } from '../../core/tokens/issue.ts'
import type { IssuedTokens } from '../../core/tokens/issued-tokens.ts'
import type { Params } from '../../http/params.ts'
import type { HttpRequest } from '../../http/request.ts'

/** What a grant allows. */
export interface Allowance {
  /** Whose things the tokens are for; absent for a machine token. */
  readonly userId?: string
  /** What the access token is to be good for. */
  readonly scope: readonly string[]
  /** What was decided besides the scope. */
  readonly facts?: GrantFacts
  /** Also issue a refresh token. Default: for a user, where the client may use it. */
  readonly refresh?: boolean
  /** Of the password that was verified for it (`AuthenticatedUser`): one that was changed meanwhile gets nothing. */
  readonly passwordDigest?: TokenDigest
  /** Digest of the sign-in session it was given in, where there was one. */
  readonly sessionId?: string
  /** Id for the new authorization; fresh when absent. */
  readonly authorizationId?: string
  /** Epoch seconds: the access token ends no later, as what it was bought with. */
  readonly until?: number
  /** What is used up by it, in the step that issues. */
  readonly spend?: Spend
}

/** What a refresh brings. */
export interface Continuation {
  /** What the tokens come from. */
  readonly authorization: Authorization
  /** What the access token is to be good for. */
  readonly scope: readonly string[]
  /** What the access token is for, where that is less than the authorization. */
  readonly facts?: GrantFacts
  /** Epoch seconds: the access token ends no later, as what it was bought with. */
  readonly until?: number
  /** What is used up by it; of several that try, one succeeds. */
  readonly spend?: Spend
  /** The refresh token that follows the presented one. */
  readonly successor?: string
}

/**
 * What a grant is handed once the shared phases are done: client authenticated, grant type allowed for it. Tokens come
 * from `issue` only, so that hooks, generators and lifetimes hold for every grant.
 */
export interface TokenRequest {
  /** Store, clock and settings. */
  readonly engine: Engine
  /** Who asks; authenticated. */
  readonly client: Client
  /** Wire value of `grant_type`. */
  readonly grantType: string
  /** The form, each parameter once. */
  readonly params: Params
  /** As it came. */
  readonly request: HttpRequest
  /** Address of the client, where the host knows it. */
  readonly remoteAddress: string | undefined
  /** Name of the method the client authenticated by. */
  readonly clientAuthMethod: string
  /** The OAuth 1 token the request is signed with, where it is. */
  readonly signedToken: string | undefined
  /** Keys that the request proves possession of (RFC 9449, RFC 8705): what is issued is bound to them. */
  readonly confirmation: Confirmation | undefined
  /**
   * Of the scope asked for, what this client may be granted (RFC 6749 §3.3); without one asked for, the default.
   * @throws ProtocolError `invalid_scope`
   */
  allowedScope(requested?: string): Promise<readonly string[]>
  /**
   * Issues what is allowed.
   * @throws ProtocolError `invalid_grant` when the client or user is gone, or what should be spent was spent before
   * @throws TypeError for a user id that is empty
   */
  issue(allowance: Allowance): Promise<GrantAnswer>
  /** The same for grants that have an answer of their own to what was spent or is gone. */
  tryIssue(allowance: Allowance): Promise<IssueOutcome>
  /** New tokens under an existing authorization. */
  renew(continuation: Continuation): Promise<IssueOutcome>
  /**
   * Uses up at once what the request was made with: the client's assertion and its proof of possession. For a grant that
   * `onlyIssues`, before anything else that cannot be taken back.
   * @throws ProtocolError where one was used before
   */
  proven(): Promise<void>
}

/** What `issue` returned, perhaps with more members. */
export type GrantAnswer = IssuedTokens

/** One way to get tokens (RFC 6749 §4). A new one is a file with one of these and a line in the list of grants. */
export interface Grant {
  /** Wire value of `grant_type`. */
  readonly type: string
  /** Whether clients that cannot authenticate may use it. */
  readonly publicClients: boolean
  /** The only client authentication method this grant takes. Absent: whichever the client is registered for. */
  readonly clientAuthMethod?: string
  /** A client authentication method that it takes besides the one the client is registered for. */
  readonly alsoTakes?: string
  /**
   * True: it changes nothing before it issues, so that what the client has proved itself with is used up in the step that
   * issues. Default false: that is used up before `handle`, so that nothing comes of a request that is sent a second time.
   */
  readonly onlyIssues?: boolean
  /**
   * Says what is allowed and has it issued.
   * @throws ProtocolError with a code of RFC 6749 §5.2
   */
  handle(request: TokenRequest): Promise<GrantAnswer>
}
