import { respelled } from './encoding.ts'
import { badRequest, type OAuth1Error } from './errors.ts'

/** Name and value, each in the spelling of RFC 5849 §3.6: pure ASCII, one spelling for the same octets. */
export type EncodedPair = readonly [name: string, value: string]

/** All that could be read. A problem is told, not thrown: it matters only if the request turns out to be an OAuth 1 one. */
export interface PairsRead {
  readonly pairs: readonly EncodedPair[]
  readonly problem: OAuth1Error | undefined
}

export const isProtocolName = (name: string): boolean => name.startsWith('oauth_')

const malformed = (): OAuth1Error => badRequest('malformed_encoding', 'A parameter is not valid percent-encoded text')

/** RFC 5849 §3.4.1.3.1: a query or a form body, as sent. Order and repeats are kept, empty pieces between `&` are none. */
export function formPairs(text: string, most: number): PairsRead {
  const pairs: EncodedPair[] = []
  let problem: OAuth1Error | undefined
  let start = 0
  while (start < text.length) {
    const ampersand = text.indexOf('&', start)
    const end = ampersand === -1 ? text.length : ampersand
    if (end > start) {
      if (pairs.length === most) {
        return { pairs, problem: badRequest('too_many_parameters', `At most ${most} parameters are accepted`) }
      }
      const piece = text.slice(start, end)
      const equals = piece.indexOf('=')
      const rawName = equals === -1 ? piece : piece.slice(0, equals)
      const name = respelled(rawName)
      const value = equals === -1 ? '' : respelled(piece.slice(equals + 1))
      if (name === undefined || value === undefined) problem ??= malformed()
      pairs.push([name ?? rawName, value ?? ''])
    }
    start = end + 1
  }
  return { pairs, problem }
}
