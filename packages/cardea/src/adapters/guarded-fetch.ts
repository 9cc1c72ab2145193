import { copyFrom, responseFrom } from './fetch-request.ts'
import type { Guard } from './guarded-node.ts'

/** A fetch handler behind a guard. */
export function guardedFetch<Granted>(
  guard: Guard<Granted>,
  handler: (request: Request, granted: Granted) => Response | Promise<Response>,
  maxBodyBytes: number,
) {
  return async (request: Request): Promise<Response> => {
    const result = await guard(copyFrom(request, {}, maxBodyBytes))
    return 'refused' in result ? responseFrom(result.refused, request.method) : handler(request, result.granted)
  }
}
