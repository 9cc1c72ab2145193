import type { SigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'
import type { JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import type { Client } from '../../core/model/client.ts'
import type { HttpRequest } from '../../http/request.ts'

/** What clients of one kind may register for. A client can never make itself one of the operator's own (`first_party`). */
export interface RegistrationPolicy {
  /** At most this scope, space separated; a client that asks for none gets all of it. Default: every scope there is. */
  readonly scope?: string
  /** Grant types it may use. Default: `authorization_code` and `refresh_token`. */
  readonly grantTypes?: readonly string[]
  /** Default: both. `native` clients may use loopback and private-use redirect URIs. */
  readonly applicationTypes?: readonly Client['application_type'][]
  /** Hosts of https redirect URIs; `*.example.com` is any host below. Default: any. */
  readonly redirectHosts?: readonly string[]
  /** Private-use schemes without a dot that native clients may redirect to, such as `cursor`: nobody can tell whose they are (RFC 8252 §8.4). Default: none. */
  readonly redirectSchemes?: readonly string[]
  /** Client authentication methods. Default: those of RFC 7591, RFC 7523 and RFC 8705 that are on; the host's own have to be named. */
  readonly authMethods?: readonly string[]
  /** RFC 8707: resources it may have tokens for. Default: any; a client that asks for none gets all of these. */
  readonly resources?: readonly string[]
  /** Seconds after which it goes when nothing that was issued to it is left. 0: it stays. Default: 7776000 (90 days) where anybody may register, otherwise 0. */
  readonly clientLifetime?: number
  /** Seconds a client secret lives; the client fetches a new one by an update (RFC 7592 §2.2). 0: it does not expire. Default 0. */
  readonly secretLifetime?: number
  /** The operator answers for these clients: errors are redirected to them as to any other. Default false. */
  readonly approved?: boolean
  /** RFC 7591 §2.3: only with a software statement of an issuer that is trusted. Default false. */
  readonly softwareStatementRequired?: boolean
}

/** Whose software statements count (RFC 7591 §2.3). Exactly one of `jwks` and `jwksUri`. */
export interface SoftwareStatementIssuer {
  /** Value of `iss`, compared character by character. */
  readonly issuer: string
  /** Its public keys (RFC 7517 §5). */
  readonly jwks?: { readonly keys: readonly unknown[] }
  /** Where its public keys are; https. */
  readonly jwksUri?: string
  /** Algorithms it signs with. Default: every asymmetric one. */
  readonly algorithms?: readonly SigningAlgorithm[]
  /** Seconds after `iat` for which its statements are good. Default: they must have `exp`. */
  readonly maxAge?: number
  /** Name of the policy of what registers with its statements, unless an initial access token says another. */
  readonly policy?: string
}

/** A registration that passed every rule, before it is stored. */
export interface ProposedRegistration {
  /** As it would be stored, without credentials. */
  readonly client: Client
  /** As it is, where it is about to be changed. */
  readonly before?: Client
  /** Name of the policy it comes under. */
  readonly policy: string
  /** Whom the initial access token was given to. Absent: it came without one. */
  readonly label?: string
  /** Claims of the software statement that it brought. */
  readonly softwareStatement?: JwtClaims
  /** As it came. */
  readonly request: HttpRequest
}

/** What the host says of a registration. */
export interface RegistrationApproval {
  /** The host answers for this client as it now is. */
  readonly approved?: boolean
}

/** Clients that register themselves (RFC 7591) and manage their registration (RFC 7592). */
export interface RegistrationOptions {
  /** Who may register: holders of an initial access token, or anybody, within `limits.registration…`. */
  readonly mode: 'initial-access-token' | 'open'
  /** By name. `default` holds where neither token nor software statement names another. Default: a `default` without limits of its own. */
  readonly policies?: Readonly<Record<string, RegistrationPolicy>>
  /** Issuers of software statements. Default: none; a registration with a statement is refused then. */
  readonly softwareStatements?: readonly SoftwareStatementIssuer[]
  /** An update answers with a new registration access token, and the old one ends (RFC 7592 §2.2). Default false. */
  readonly rotateRegistrationToken?: boolean
  /**
   * A client that says no `application_type` and has a loopback or private-use redirect URI is `native`. Older MCP clients
   * need it. Default false: it is `web` (OIDC Registration §2), and such URIs are refused.
   */
  readonly inferApplicationType?: boolean
  /** Redirect URIs of native clients that name `localhost` may differ in port, as MCP clients need it. Default false: those with an IP address only (RFC 8252 §7.3). */
  readonly localhostAnyPort?: boolean
  /**
   * Has the last word on registrations and updates: throw a `ProtocolError`, such as `invalid_client_metadata`, to refuse.
   * @param metadata as the client sent it, software statement taken in
   */
  approve?(
    metadata: Readonly<Record<string, unknown>>,
    proposed: ProposedRegistration,
    // biome-ignore lint/suspicious/noConfusingVoidType: a function without a return statement must fit
  ): RegistrationApproval | undefined | void | Promise<RegistrationApproval | undefined | void>
}
