import { percentDecode, percentEncode } from './encoding.ts'
import { badRequest, type OAuth1Error } from './errors.ts'
import type { EncodedPair } from './form-pairs.ts'

const scheme = /^OAuth(?:[ \t]+|$)/i

export const isOAuth1Header = (header: string | undefined): header is string =>
  header !== undefined && scheme.test(header)

/**
 * One `name="value"` or `name=value` (RFC 9110 §11.2 has recipients take both) with the comma after it. No two runs of
 * white space can meet, which would let a header of nothing else take quadratic time.
 */
const parameter = /[ \t]*([^\s"=,]+)[ \t]*=(?:[ \t]*(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s",]+)))?[ \t]*(?:,|$)/y
/** RFC 9110 §5.6.1: recipients skip empty list elements. */
const nothing = /[ \t]*(?:,|$)/y

/** A quoted-pair has no place in a percent-encoded value: what it stands for, a client would have signed as something else. */
const encodedText = /^[\x20-\x5b\x5d-\x7e]*$/

const malformed = (): OAuth1Error =>
  badRequest('malformed_authorization_header', 'The Authorization header is not a list of name="value" after OAuth')

/** Decoded once, then encoded again: the value a client meant, whichever way it spelled it. `+` is no space here. */
const respelled = (text: string): string => percentEncode(percentDecode(text))

/**
 * RFC 5849 §3.5.1: the parameters of an `Authorization: OAuth …` header without `realm`, which is no part of the
 * signature. Undefined when the header is absent or of another scheme. Throws `invalid_request` for a malformed one, so
 * also for several headers, which arrive joined by a comma.
 */
export function authorizationPairs(header: string | undefined, most: number): readonly EncodedPair[] | undefined {
  const start = header === undefined ? null : scheme.exec(header)
  if (header === undefined || start === null) return undefined
  const pairs: EncodedPair[] = []
  let index = start[0].length
  while (index < header.length) {
    nothing.lastIndex = index
    if (nothing.test(header)) {
      index = nothing.lastIndex
      continue
    }
    parameter.lastIndex = index
    const match = parameter.exec(header)
    if (match === null) throw malformed()
    index = parameter.lastIndex
    const [, name = '', quoted, token = ''] = match
    if (name === 'realm') continue
    const value = quoted ?? token
    if (!encodedText.test(name) || !encodedText.test(value)) throw malformed()
    if (pairs.length === most) throw badRequest('too_many_parameters', `At most ${most} parameters are accepted`)
    pairs.push([respelled(name), respelled(value)])
  }
  return pairs
}
