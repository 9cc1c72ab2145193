import { digestOf } from '../../core/crypto/digest.ts'
import { listFrom, type TextList } from '../../core/rules/text-list.ts'
import { ProtocolError } from '../../core/spec/errors.ts'
import { pageResponse } from '../../http/page-response.ts'
import { formOf, isForm, parseParams } from '../../http/params.ts'
import type { HttpRequest } from '../../http/request.ts'
import { type HttpResponse, seeOther } from '../../http/response.ts'
import { deniedPage } from '../../interaction/pages/denied.ts'
import { stylesheetHash } from '../../interaction/pages/layout.ts'
import { verifierPage } from '../../interaction/pages/verifier.ts'
import {
  type AuthorizationCheck,
  approvedLocation,
  checkAuthorization,
  decline,
  deniedLocation,
  newVerifier,
  notOpen,
} from '../authorization.ts'
import type { OAuth1Context } from '../context.ts'
import { OAuth1Error } from '../errors.ts'
import { outOfBand } from '../request-token.ts'

/** What the resource owner decided (RFC 5849 §2.2). */
export interface Decision {
  /** Who grants: the id of the user, or the user. `null`: access is denied. */
  readonly grantUser: string | { readonly id: string | number } | null
  /** Less than was asked for: names, or text with blanks between them. Default: all of it; null: nothing. */
  readonly scope?: TextList
  /** `oauth_token`, where it is in a form that the host has read already. Default: from the request. */
  readonly token?: string
}

async function tokenIn(request: HttpRequest): Promise<string | undefined> {
  const inQuery = parseParams(request.query).get('oauth_token')
  if (inQuery !== undefined || !isForm(request.header('content-type'))) return inQuery
  return (await formOf(request)).get('oauth_token')
}

/**
 * From the query of the page, or from its form.
 * @throws OAuth1Error for what cannot be read: a host's page for errors knows no other
 */
export const oauthTokenOf = (request: HttpRequest): Promise<string | undefined> =>
  tokenIn(request).catch((cause: unknown) => {
    if (!(cause instanceof ProtocolError)) throw cause
    const { description = 'The request cannot be read', reason } = cause
    throw new OAuth1Error('invalid_request', reason, { description, cause })
  })

/** A user without an id, such as a session that is over, must not become the user named `undefined`. */
function idOf(user: Exclude<Decision['grantUser'], null>): string {
  const id: unknown = typeof user === 'string' ? user : user?.id
  if ((typeof id === 'string' && id !== '') || Number.isSafeInteger(id)) return String(id)
  throw new TypeError('grantUser: must be the id of a user, a user with an id, or null to deny')
}

async function denied(
  context: OAuth1Context,
  token: string,
  { client, temporary }: AuthorizationCheck,
  title: string,
): Promise<HttpResponse> {
  await decline(context, temporary.digest)
  await context.engine.emit({ type: 'consent_denied', clientId: client.client_id })
  if (temporary.callback !== outOfBand) return seeOther(deniedLocation(temporary.callback, token))
  const page = deniedPage({ title, client: { name: client.client_name } })
  return pageResponse(page, { styleHash: stylesheetHash })
}

/** @throws OAuth1Error, TypeError for a user without an id */
export async function authorizationAnswer(
  context: OAuth1Context,
  token: string | undefined,
  { grantUser, scope: chosen }: Decision,
  title: string,
): Promise<HttpResponse> {
  const asked = await checkAuthorization(context, token)
  if (grantUser === null) return denied(context, token as string, asked, title)
  const { client, temporary } = asked
  const { callback, digest } = temporary
  const userId = idOf(grantUser)
  const names = listFrom(chosen)
  const scope = chosen === undefined ? asked.scope : asked.scope.filter((name) => names?.includes(name))
  const verifier = newVerifier(context, callback)
  const approval = { userId, scope, verifier: digestOf(verifier) }
  const step = { digest, approval, clientId: client.client_id }
  if ((await context.storage.approve(step, context.engine.clock.now())) !== 'done') throw notOpen()
  await context.engine.emit({ type: 'consent_given', clientId: client.client_id, userId, scope })
  if (callback !== outOfBand) return seeOther(approvedLocation(callback, token as string, verifier))
  const page = verifierPage({ title, client: { name: client.client_name }, verifier })
  return pageResponse(page, { styleHash: stylesheetHash })
}
