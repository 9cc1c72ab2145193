import type { Client } from '../core/model/client.ts'
import type { AuthorizationDetail } from '../core/model/grant-facts.ts'
import type { Scope } from '../core/model/scope.ts'
import type { HostUser } from '../core/ports/host-sign-in.ts'
import { redirectHost } from '../core/rules/redirect-uri.ts'
import { type OpenConsent, ticketField } from '../oauth2/authorize/open-consent.ts'

/** A scope as the page shows it. */
export interface AskedScope<Name extends string = string> {
  /** RFC 6749 §3.3 scope-token. */
  readonly name: Name
  /** What it means, for people. */
  readonly description: string
}

/** An authorization request that was checked, by its names on the wire (RFC 6749 §4.1.1). */
export interface AuthorizationPayload {
  /** RFC 6749 §2.2: who asks. */
  readonly client_id: string
  /** Where the answer goes; proven to be the client's. */
  readonly redirect_uri: string
  /** RFC 6749 §3.1.1: what the client wants to get back. */
  readonly response_type: string
  /** How the answer travels. */
  readonly response_mode: string
  /** Goes back as it came. */
  readonly state: string | undefined
  /** What may be granted of what was asked for, separated by blanks. */
  readonly scope: string
}

/** What the host's page asks the person, after every check. */
export interface ConsentGrant<Name extends string = string, User extends HostUser = HostUser, Row = Client> {
  /** The client: as `clients.find` gave it where the host has clients of its own. */
  readonly client: Row
  /** Shown to people. */
  readonly clientName: string
  /** Where the person will be sent: a host, or the scheme of an app. */
  readonly redirectHost: string | undefined
  /** Who is asked; undefined while somebody has to sign in first. */
  readonly user: User | undefined
  /** What the client would be allowed, in the order of the vocabulary. */
  readonly scopes: readonly AskedScope<Name>[]
  /** RFC 9396: what else it would be allowed, to be shown in words; all of it or nothing. */
  readonly authorizationDetails: readonly AuthorizationDetail[]
  /** Names of `scopes`, separated by blanks. */
  readonly scope: string
  /**
   * What comes first: `login`, `select_account` (send the person to your sign-in page, and back to `returnTo`) or
   * `consent` (show your page). Undefined: nothing to ask, because it was allowed before; answer at once.
   */
  readonly prompt: 'login' | 'select_account' | 'consent' | undefined
  /** RFC 9470: classes of sign-ins the client wants, any of which will do; empty: it does not say. */
  readonly acrValues: readonly string[]
  /** Seconds since the sign-in that the client will do with; undefined: it does not say. */
  readonly maxAge: number | undefined
  /** Path and query of this request, for the way back from your sign-in page. */
  readonly returnTo: string
  /** The page was answered: this request brings its ticket back. */
  readonly answered: boolean
  /** Names the stored request; undefined while somebody has to sign in first. */
  readonly ticket: string | undefined
  /** Hidden fields of the page's form. */
  readonly fields: readonly { readonly name: string; readonly value: string }[]
  /** The request under the name that Authlib has for it. */
  readonly request: { readonly payload: AuthorizationPayload }
}

const payloadOf = ({ request, scope }: OpenConsent): AuthorizationPayload => ({
  client_id: request.clientId,
  redirect_uri: request.redirectUri,
  response_type: request.responseType,
  response_mode: request.responseMode,
  state: request.state,
  scope: scope.join(' '),
})

/** What the host sees of an open request. */
export function consentGrant<Name extends string, User extends HostUser, Row>(
  open: OpenConsent,
  known: readonly Scope[],
  user: User | undefined,
  client: Row,
): ConsentGrant<Name, User, Row> {
  const { prompt, returnTo, answered, ticket } = open
  const describe = (name: string): string => known.find((scope) => scope.name === name)?.description ?? name
  return Object.freeze({
    client,
    clientName: open.client.client_name,
    redirectHost: redirectHost(open.request.redirectUri),
    user,
    scopes: open.scope.map((name) => ({ name: name as Name, description: describe(name) })),
    authorizationDetails: open.request.facts?.authorizationDetails ?? [],
    scope: open.scope.join(' '),
    prompt,
    acrValues: open.request.acrValues,
    maxAge: open.request.maxAge,
    returnTo,
    answered,
    ticket,
    fields: ticket === undefined ? [] : [{ name: ticketField, value: ticket }],
    request: { payload: payloadOf(open) },
  })
}
