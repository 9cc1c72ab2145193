import { publicKeyFrom, type VerificationKey } from './verification-key.ts'

/** Reads the key that stands in a header. @throws JwtRefused as `publicKeyFrom` */
export type HeaderKeys = (jwk: unknown) => VerificationKey

/** Senders choose what is kept: so much of it, and no more. */
const mostKept = 1000
const longestKept = 1000

/**
 * Keys of senders who come again, as each proof brings its key along (RFC 9449 §4.2) and reading it takes half as long as
 * verifying. What is the same text is the same key; one that was refused is refused anew.
 */
export function keptHeaderKeys(): HeaderKeys {
  const kept = new Map<string, VerificationKey>()
  return (jwk) => {
    const text = JSON.stringify(jwk) ?? ''
    const known = kept.get(text)
    if (known !== undefined) return known
    const key = publicKeyFrom(jwk)
    if (text.length > longestKept) return key
    // Not in the order of use: to move an entry with each request would cost more than to read it again once in a while.
    const [oldest] = kept.size < mostKept ? [] : kept.keys()
    if (oldest !== undefined) kept.delete(oldest)
    kept.set(text, key)
    return key
  }
}
