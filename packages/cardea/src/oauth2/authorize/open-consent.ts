import type { Client } from '../../core/model/client.ts'
import type { Interaction } from '../../core/model/interaction.ts'
import type { ProtocolError } from '../../core/spec/errors.ts'
import type { HttpRequest } from '../../http/request.ts'
import type { HttpResponse } from '../../http/response.ts'
import type { SignedIn } from '../../interaction/browser.ts'
import type { InteractionProtocol } from '../../interaction/protocol.ts'
import type { Answerable } from './stored-request.ts'
import type { ClientTeller } from './tell-client.ts'
import type { AuthorizationChecks } from './validate.ts'

/** Name of the hidden field that brings the ticket back. */
export const ticketField = 'consent_ticket'

/** What the person is to be asked by a page of the host. */
export interface OpenConsent {
  /** Who asks. */
  readonly client: Client
  /** What the answer will need of the request. */
  readonly request: Answerable
  /** What may be granted. */
  readonly scope: readonly string[]
  /** Who is asked; undefined while somebody has to sign in first. */
  readonly signedIn: SignedIn | undefined
  /** What comes first; undefined where the answer may be given without asking. */
  readonly prompt: 'login' | 'select_account' | 'consent' | undefined
  /** Absent while somebody has to sign in first. */
  readonly kept: Interaction | undefined
  /** Names the stored request; undefined while somebody has to sign in first. */
  readonly ticket: string | undefined
  /** The host's page was answered: the request at hand brings the ticket back. */
  readonly answered: boolean
  /** Where to send the browser back to after the sign-in. */
  readonly returnTo: string
}

/** What the person has answered, or the host for them. */
export interface HostDecision {
  /** Undefined: denied. */
  readonly by: SignedIn | undefined
  /** Less than was asked for. Absent: all of it. */
  readonly scope?: readonly string[]
  /** The consent is remembered, so that it is not asked for again. */
  readonly remember: boolean
  /** The host answers for a client it knows, without any page. */
  readonly skipConsent: boolean
}

export interface HostConsent {
  /** @throws ProtocolError, with `redirect` where the client is to be told */
  open(request: HttpRequest, signedIn: SignedIn | undefined, ticket: string | undefined): Promise<OpenConsent>
  /** @throws ProtocolError when it was decided before; TypeError when nobody was asked */
  decide(consent: OpenConsent, decision: HostDecision): Promise<HttpResponse>
  /** Tells the client; undefined for an error that is not to be redirected. */
  refused(error: ProtocolError): Promise<HttpResponse> | undefined
}

export interface HostConsentParts extends AuthorizationChecks, ClientTeller {
  readonly protocol: InteractionProtocol
}
