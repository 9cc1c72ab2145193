import { digestOf } from '../core/crypto/digest.ts'

/** Characters. What is longer came from a stranger, who does not decide how large an index grows. */
const longest = 100

/**
 * The key under which a mark is stored. Short ones stay as they are: keys that begin alike then share a page. Long ones
 * end in a digest, and are longer than any short one, so that the two never meet.
 */
export const replayKey = (key: string): string =>
  key.length <= longest ? key : `${key.slice(0, longest)}#${digestOf(key)}`
