/** Header names in lower case; a list sends the header several times. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[]>>

/** An answer as the engine gives it, before an adapter writes it. */
export interface HttpResponse {
  /** HTTP status. */
  readonly status: number
  /** By lower-case name; a list is sent as that many headers. */
  readonly headers: ResponseHeaders
  /** Text; empty for none. */
  readonly body: string
}

/** RFC 6749 §5.1: no answer that holds a credential may be kept by a cache. */
export const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' } as const

const jsonHeaders = { 'content-type': 'application/json', ...noStore } as const

export const json = (status: number, body: unknown, headers?: ResponseHeaders): HttpResponse => ({
  status,
  headers: headers === undefined ? jsonHeaders : { ...jsonHeaders, ...headers },
  body: JSON.stringify(body),
})

/** 303, never 307 or 308: the browser must not send a form, and the password in it, on to the next place (RFC 9700 §4.12). */
export const seeOther = (location: string, headers?: ResponseHeaders): HttpResponse => ({
  status: 303,
  headers: { location, 'referrer-policy': 'no-referrer', ...noStore, ...headers },
  body: '',
})
