import { type HttpResponse, json, noStore, type ResponseHeaders } from '../http/response.ts'
import { percentEncode } from './encoding.ts'

const formHeaders = { 'content-type': 'application/x-www-form-urlencoded', ...noStore } as const

/** The only members beginning with `oauth_` that RFC 5849 §2.1 and §2.3 name; servers must not add others. */
export interface CredentialMembers {
  readonly oauth_token: string
  readonly oauth_token_secret: string
  /** RFC 5849 §2.1: sent with temporary credentials, and only as `true`. */
  readonly oauth_callback_confirmed?: 'true'
}

function form(status: number, members: Readonly<Record<string, string>>, headers?: ResponseHeaders): HttpResponse {
  const body = Object.entries(members)
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&')
  return { status, headers: headers === undefined ? formHeaders : { ...formHeaders, ...headers }, body }
}

/** RFC 5849 §2.1, §2.3. @throws TypeError for a member of the host's that begins with `oauth_` */
export function membersMustBeOwn(members: Readonly<Record<string, unknown>>): void {
  const reserved = Object.keys(members).find((name) => name.startsWith('oauth_'))
  if (reserved !== undefined) throw new TypeError(`${reserved}: an own member must not begin with oauth_`)
}

/**
 * RFC 5849 §2.1, §2.3: credentials, form-encoded. `extra` holds the host's own members; throws TypeError when one of
 * them begins with `oauth_`, which the RFC forbids.
 */
export function credentialsAnswer(
  { oauth_token, oauth_token_secret, oauth_callback_confirmed }: CredentialMembers,
  extra: Readonly<Record<string, string>> = {},
): HttpResponse {
  membersMustBeOwn(extra)
  const confirmed = oauth_callback_confirmed === undefined ? {} : { oauth_callback_confirmed }
  return form(200, { oauth_token, oauth_token_secret, ...confirmed, ...extra })
}

/** What an answer tells of a refusal. `OAuth1Error` and `ProtocolError` both are one. */
export interface Refusal {
  readonly code: string
  readonly status: number
  readonly description: string | undefined
  readonly uri?: string | undefined
  readonly allow?: readonly string[] | undefined
  /** Seconds. */
  readonly retryAfter?: number | undefined
}

/** RFC 5849 §3.5.1: the challenge of a 401, and of a 403 that other credentials would not get. Whatever could end the quoted string or the header line is taken out. */
export const challenge = (realm: string): string =>
  `OAuth realm="${realm.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`

function refusalHeaders({ status, allow, retryAfter }: Refusal, realm: string): ResponseHeaders {
  return {
    ...((status === 401 || status === 403) && { 'www-authenticate': challenge(realm) }),
    ...(allow !== undefined && { allow: allow.join(', ') }),
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  }
}

/** What an answer says of a refusal, whatever its form. */
export const refusalMembers = ({ code, description, uri }: Refusal): Record<string, string> => ({
  error: code,
  ...(description !== undefined && { error_description: description }),
  ...(uri !== undefined && { error_uri: uri }),
})

/** A refusal as the three endpoints send it: form-encoded like their other answers. */
export const refusalAsForm = (refusal: Refusal, realm: string): HttpResponse =>
  form(refusal.status, refusalMembers(refusal), refusalHeaders(refusal, realm))

/** A refusal as a protected resource sends it. */
export const refusalAsJson = (refusal: Refusal, realm: string): HttpResponse =>
  json(refusal.status, refusalMembers(refusal), refusalHeaders(refusal, realm))
