import { digestOf } from '../core/crypto/digest.ts'
import { opaqueText, readableText } from '../core/crypto/opaque-text.ts'
import type { Client } from '../core/model/client.ts'
import type { TokenDigest } from '../core/model/digest.ts'
import type { TemporaryCredential } from '../core/model/temporary-credential.ts'
import { matchesUri, redirectUriProblem } from '../core/rules/redirect-uri.ts'
import type { OAuth1Context } from './context.ts'
import { OAuth1Error } from './errors.ts'
import { missingParameter } from './protocol-parameters.ts'
import { outOfBand } from './request-token.ts'

/** RFC 5849 §2.2: what the resource owner is asked about. */
export interface AuthorizationCheck {
  /** Who asks. */
  readonly client: Client
  /** What the decision is about. */
  readonly temporary: TemporaryCredential
  /** What the client may be granted. */
  readonly scope: readonly string[]
}

export const notOpen = (): OAuth1Error =>
  new OAuth1Error('invalid_token', 'temporary_credential_not_open', {
    description: 'This request has expired or was answered already. Go back to the application and start again',
  })

/**
 * RFC 5849 §2.2. Its errors are for a page: nothing is redirected on behalf of a token nobody asked for.
 * @throws OAuth1Error `missing_required_parameter` or `invalid_token`
 */
export async function checkAuthorization(
  context: OAuth1Context,
  token: string | undefined,
): Promise<AuthorizationCheck> {
  // Of a form that a host's parser has read, anything can come: lists and objects too.
  if (typeof token !== 'string' || token === '') throw missingParameter('oauth_token')
  const temporary = await context.storage.findTemporary(digestOf(token))
  const isOpen = temporary !== undefined && temporary.approval === undefined && temporary.takenAt === undefined
  const client = isOpen ? await context.storage.findClient(temporary.clientId) : undefined
  const isLive = isOpen && context.engine.clock.now() < temporary.expiresAt
  if (!isLive || client?.oauth1 === undefined || client.disabled || !stands(client, temporary.callback)) {
    throw notOpen()
  }
  return { client, temporary, scope: temporary.scope }
}

/** Whether the callback is registered still, and safe to send a person to, whatever a store let in. */
export function stands(client: Client, callback: string): boolean {
  const callbacks = client.oauth1?.callbacks ?? []
  if (callback === outOfBand) return callbacks.includes(outOfBand)
  return (
    matchesUri(callbacks, client.application_type, callback) &&
    redirectUriProblem(callback, client.application_type) === undefined
  )
}

const withParameters = (callback: string, fields: Readonly<Record<string, string>>): string => {
  const query = Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  const joint = !callback.includes('?') ? '?' : /[?&]$/.test(callback) ? '' : '&'
  return callback + joint + query
}

/** A verifier for a redirect, or a short one for a person to type in. */
export const newVerifier = ({ settings }: OAuth1Context, callback: string): string =>
  callback === outOfBand ? readableText(settings.pinLength) : opaqueText(36)

export const approvedLocation = (callback: string, token: string, verifier: string): string =>
  withParameters(callback, { oauth_token: token, oauth_verifier: verifier })

export const deniedLocation = (callback: string, token: string): string =>
  withParameters(callback, { oauth_token: token, error: 'access_denied', error_description: 'The user denied access' })

/**
 * The resource owner declined: the credential is gone. One that was approved, in another browser, stays: whoever merely
 * knows the token from an address must not be able to end what its owner has allowed.
 * @throws OAuth1Error where the approval came first
 */
export async function decline({ storage }: OAuth1Context, digest: TokenDigest): Promise<void> {
  if (await storage.declineTemporary(digest)) return
  const left = await storage.findTemporary(digest)
  // One that has ended meanwhile was declined as well as can be, and the client is told.
  if (left?.approval !== undefined) throw notOpen()
}
