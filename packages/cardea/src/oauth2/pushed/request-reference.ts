import { lookupDigest, mintToken } from '../../core/crypto/token-text.ts'
import type { TokenDigest } from '../../core/model/digest.ts'

/** RFC 9126 §2.2: what our references begin with. */
const prefix = 'urn:ietf:params:oauth:request_uri:'

export const newReference = () => {
  const text = mintToken('pushedRequest')
  return { text, requestUri: prefix + text }
}

export const isReference = (requestUri: string): boolean => requestUri.startsWith(prefix)

/** Undefined for what we never issued. */
export const referenceDigest = (requestUri: string): TokenDigest | undefined =>
  lookupDigest('pushedRequest', requestUri.slice(prefix.length))
