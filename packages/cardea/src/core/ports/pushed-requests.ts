import type { TokenDigest } from '../model/digest.ts'
import type { PushedRequest } from '../model/pushed-request.ts'

/** Authorization requests left with us by their clients (RFC 9126). */
export interface PushedRequests {
  /** Keeps a request until the browser brings its reference. */
  save(request: PushedRequest): Promise<void>
  /** Also finds a taken one until it expires. */
  find(digest: TokenDigest): Promise<PushedRequest | undefined>
  /** Atomic: of any number of concurrent callers exactly one gets `true`, ever. */
  take(digest: TokenDigest, at: number): Promise<boolean>
}
