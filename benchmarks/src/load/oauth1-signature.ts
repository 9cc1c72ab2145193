import { createHmac } from 'node:crypto'

/** What a client signs with: its own pair and, once it has one, that of a token. */
export interface Credentials {
  readonly consumerKey: string
  readonly consumerSecret: string
  readonly token?: string
  readonly tokenSecret?: string
}

export interface SignableRequest {
  readonly method: string
  /** Absolute, scheme and host in lower case, its query a form encoding. */
  readonly url: string
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly nonce: string
  /** Further protocol parameters, such as `oauth_callback`. */
  readonly parameters?: Readonly<Record<string, string>>
}

/** RFC 5849 §3.6: everything but unreserved characters is escaped. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)

/** The Authorization header value of a request signed with HMAC-SHA1 (RFC 5849 §3.4.2, §3.5.1). */
export function oauth1Authorization(request: SignableRequest, credentials: Credentials): string {
  const { consumerKey, consumerSecret, token, tokenSecret = '' } = credentials
  const protocol: Record<string, string> = {
    oauth_consumer_key: consumerKey,
    ...(token !== undefined && { oauth_token: token }),
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(request.timestamp),
    oauth_nonce: request.nonce,
    ...request.parameters,
  }
  const key = `${percentEncode(consumerSecret)}&${percentEncode(tokenSecret)}`
  const oauth_signature = createHmac('sha1', key).update(baseString(request, protocol)).digest('base64')
  const members = Object.entries({ ...protocol, oauth_signature })
  return `OAuth ${members.map(([name, value]) => `${name}="${percentEncode(value)}"`).join(', ')}`
}

/** RFC 5849 §3.4.1. */
function baseString({ method, url }: SignableRequest, protocol: Readonly<Record<string, string>>): string {
  const [uri = '', query = ''] = url.split('?', 2)
  const parameters = [...Object.entries(protocol), ...new URLSearchParams(query)]
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
  return [method, uri, parameters.join('&')].map(percentEncode).join('&')
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
