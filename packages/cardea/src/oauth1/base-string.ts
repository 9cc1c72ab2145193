import { percentEncode } from './encoding.ts'
import type { EncodedPair } from './form-pairs.ts'

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Of encoded text, so that code units are bytes: sorted before encoding, U+10000 would come before U+FFFF. */
const byNameThenValue = (a: EncodedPair, b: EncodedPair): number => order(a[0], b[0]) || order(a[1], b[1])

/** RFC 5849 §3.4.1.3.2 of pairs that are encoded already (its point 1): sorted, `=` within and `&` between pairs. */
export function normalizedParameters(pairs: readonly EncodedPair[]): string {
  return pairs
    .filter(([name]) => name !== 'oauth_signature')
    .sort(byNameThenValue)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** RFC 5849 §3.4.1.1. `uri` comes from `baseUri`. */
export function baseString(method: string, uri: string, pairs: readonly EncodedPair[]): string {
  // Points 1 and 2, 3 and 4, 5: each part encoded once more, so that a `&` within one cannot pass for the end of it.
  return [method.toUpperCase(), uri, normalizedParameters(pairs)].map(percentEncode).join('&')
}
