import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { redirectHost } from '../../core/rules/redirect-uri.ts'
import type { HttpResponse } from '../../http/response.ts'
import type { SignedIn } from '../../interaction/browser.ts'
import { hasAllowedBefore } from '../../interaction/consent-need.ts'
import type { Present } from '../../interaction/presenter.ts'
import type { RedirectedError } from './redirected-error.ts'
import type { Responder } from './respond.ts'

export interface ClientTeller {
  readonly responder: Responder
  readonly present: Present
}

/** Whether this person knows the client, so that a redirect to it is no surprise. */
const isKnownTo = async (engine: Engine, client: Client, signedIn: SignedIn | undefined): Promise<boolean> =>
  signedIn !== undefined && (await hasAllowedBefore(engine, client, signedIn.user.id))

/**
 * RFC 9700 §4.11.2: whoever can register a client could have our address lead anywhere, by a request that is wrong. An
 * error to a client that nobody has looked at is therefore shown, and told to it only when the person goes on; where the
 * person has allowed this client before, and for all other clients, it is redirected.
 */
export async function tellClient(
  engine: Engine,
  { responder, present }: ClientTeller,
  error: RedirectedError,
  whoIsHere: () => Promise<SignedIn | undefined>,
): Promise<HttpResponse> {
  const { redirect } = error
  const answer = await responder.refused(redirect, error)
  const client = await engine.store.clients.find(redirect.clientId)
  if (client === undefined || !client.unapproved || (await isKnownTo(engine, client, await whoIsHere()))) return answer
  const { location } = answer.headers
  const view = {
    client: { name: client.client_name },
    redirectHost: redirectHost(redirect.redirectUri),
    continueTo: typeof location === 'string' ? location : undefined,
    message: error.description ?? 'The request is not valid',
    code: error.code,
  }
  return present('clientError', view, { status: 400 })
}
