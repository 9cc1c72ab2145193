import type { TokenDigest } from '../core/model/digest.ts'

/** Year 9999. */
const forEver = 253402300799

/** The replay mark of a token credential that was exchanged and goes on working. */
export const exchangeMark = (digest: TokenDigest): { readonly key: string; readonly until: number } => ({
  key: `oauth1 exchange ${digest}`,
  until: forEver,
})
