import { copyFrom, type FetchInfo, responseFrom } from './fetch-request.ts'
import type { Granting, Guard } from './guarded-node.ts'

/** A handler of Web requests that is told what it was let in with. */
export type FetchHandler<Granted> = (request: Request, granted: Granted) => Response | Promise<Response>
/** A handler of Web requests. */
export type FetchListener = (request: Request, info?: FetchInfo) => Promise<Response>

/** The handler's answer with what the guard has to tell besides. What the handler has set counts. */
export function withHeaders(answer: Response, { headers }: Pick<Granting<unknown>, 'headers'>): Response {
  const added = Object.entries(headers ?? {}).filter(([name]) => !answer.headers.has(name))
  // Upgrades and failed answers of workers and runtimes cannot be made anew, and nobody reads their headers.
  if (added.length === 0 || answer.status < 200) return answer
  // A copy: the headers of a redirect, or of an answer that was fetched, cannot be set.
  const copy = new Response(answer.body, answer)
  for (const [name, value] of added) copy.headers.set(name, value)
  return copy
}

/** A fetch handler behind a guard. */
export function guardedFetch<Granted>(
  guard: Guard<Granted>,
  handler: FetchHandler<Granted>,
  maxBodyBytes: number,
): FetchListener {
  return async (request, info = {}) => {
    const result = await guard(copyFrom(request, info, maxBodyBytes))
    if ('refused' in result) return responseFrom(result.refused, request.method)
    return withHeaders(await handler(request, result.granted), result)
  }
}
