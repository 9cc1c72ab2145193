import type { VerifiedRedirectUri } from '../../core/rules/redirect-uri.ts'
import { type HttpResponse, seeOther } from '../../http/response.ts'
import type { Present } from '../../interaction/presenter.ts'

/** Value of `response_mode`; names of the host's own modes too. */
export type ResponseModeName = 'query' | 'fragment' | 'form_post' | (string & {})

/** Parameters of an authorization response, in order. */
export type ResponseFields = readonly (readonly [name: string, value: string])[]

/** Who gets an authorization response. */
export interface ResponseRecipient {
  /** `client_id` of who asked. */
  readonly clientId: string
}

/** How an authorization response travels (OAuth 2.0 Multiple Response Type Encoding Practices §2.1, Form Post §2). */
export interface ResponseMode {
  /** Value of `response_mode`. */
  readonly name: ResponseModeName
  /** Keeps what it carries out of the logs of servers on the way, so that it may carry tokens. Default false. */
  readonly carriesTokens?: boolean
  /** The modes it stands for, by the one that would be usual for the response type (JARM §2.3.4). */
  readonly standsFor?: Readonly<Record<'query' | 'fragment', ResponseModeName>>
  /** Brings the fields to the client, through the person's browser. Refusals travel this way too. */
  respond(
    redirectUri: VerifiedRedirectUri,
    fields: ResponseFields,
    recipient: ResponseRecipient,
  ): HttpResponse | Promise<HttpResponse>
}

const encoded = (fields: ResponseFields): string =>
  fields.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')

/** Keeps a query that the redirect URI has (RFC 6749 §3.1.2). */
const withQuery = (uri: string, query: string): string => {
  if (!uri.includes('?')) return `${uri}?${query}`
  return uri.endsWith('?') || uri.endsWith('&') ? uri + query : `${uri}&${query}`
}

export const isError = (fields: ResponseFields): boolean => fields.some(([name]) => name === 'error')

export function queryRedirect(redirectUri: string, fields: ResponseFields, tellsError: boolean): HttpResponse {
  const location = withQuery(redirectUri, encoded(fields))
  // RFC 9700 §4.1.3: without a fragment of its own, a redirect keeps that of the page before, which may hold a token.
  return seeOther(tellsError ? `${location}#_` : location)
}

export const query: ResponseMode = {
  name: 'query',
  respond: (redirectUri, fields) => queryRedirect(redirectUri, fields, isError(fields)),
}

export const fragment: ResponseMode = {
  name: 'fragment',
  carriesTokens: true,
  respond: (redirectUri, fields) => seeOther(`${redirectUri}#${encoded(fields)}`),
}

export const formPost = (present: Present, scriptSrc: string): ResponseMode => ({
  name: 'form_post',
  carriesTokens: true,
  // form-action would also bind the redirects of the client's own site that follow the post.
  respond: (redirectUri, fields) =>
    present('formPost', { action: redirectUri, fields, scriptSrc }, { formTargets: 'any', script: true }),
})
