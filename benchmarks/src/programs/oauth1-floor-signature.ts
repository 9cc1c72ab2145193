import { createHmac, timingSafeEqual } from 'node:crypto'

const MARKS = /[!'()*]/g
const escapeOf = (mark: string): string => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`

/** RFC 5849 §3.6. */
export const percentEncode = (text: string): string => encodeURIComponent(text).replace(MARKS, escapeOf)

/** The parameters of an `Authorization: OAuth …` header, decoded (RFC 5849 §3.5.1). */
export function protocolOf(header: string | undefined): Map<string, string> {
  const protocol = new Map<string, string>()
  for (const piece of header?.slice('OAuth '.length).split(',') ?? []) {
    const equals = piece.indexOf('=')
    const value = piece.slice(equals + 2, piece.lastIndexOf('"'))
    protocol.set(piece.slice(0, equals).trim(), decodeURIComponent(value))
  }
  return protocol
}

/** RFC 5849 §3.4.1, of a request whose parameters are in its header and query. */
function baseString(method: string, uri: string, query: string, protocol: ReadonlyMap<string, string>): string {
  const pairs: string[] = []
  for (const [name, value] of protocol) {
    if (name !== 'oauth_signature') pairs.push(`${name}=${percentEncode(value)}`)
  }
  if (query !== '') {
    for (const [name, value] of new URLSearchParams(query)) pairs.push(`${percentEncode(name)}=${percentEncode(value)}`)
  }
  return `${method}&${percentEncode(uri)}&${percentEncode(pairs.sort().join('&'))}`
}

export interface SignedParts {
  readonly method: string
  readonly uri: string
  readonly query: string
  readonly protocol: ReadonlyMap<string, string>
}

/** Whether the request is signed with both secrets (RFC 5849 §3.4.2), compared in constant time. */
export function isSigned({ method, uri, query, protocol }: SignedParts, secret: string, tokenSecret: string): boolean {
  if (protocol.get('oauth_signature_method') !== 'HMAC-SHA1') return false
  const hmac = createHmac('sha1', `${percentEncode(secret)}&${percentEncode(tokenSecret)}`)
  const expected = hmac.update(baseString(method, uri, query, protocol)).digest('base64')
  const presented = protocol.get('oauth_signature') ?? ''
  return presented.length === expected.length && timingSafeEqual(Buffer.from(expected), Buffer.from(presented))
}
