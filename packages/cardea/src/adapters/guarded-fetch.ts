import { copyFrom, type FetchInfo, responseFrom } from './fetch-request.ts'
import type { Guard } from './guarded-node.ts'

/** A handler of Web requests that is told what it was let in with. */
export type FetchHandler<Granted> = (request: Request, granted: Granted) => Response | Promise<Response>
/** A handler of Web requests. */
export type FetchListener = (request: Request, info?: FetchInfo) => Promise<Response>

/** A fetch handler behind a guard. */
export function guardedFetch<Granted>(
  guard: Guard<Granted>,
  handler: FetchHandler<Granted>,
  maxBodyBytes: number,
): FetchListener {
  return async (request, info = {}) => {
    const result = await guard(copyFrom(request, info, maxBodyBytes))
    return 'refused' in result ? responseFrom(result.refused, request.method) : handler(request, result.granted)
  }
}
