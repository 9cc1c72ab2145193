import type { Engine } from '../../core/ports/engine.ts'
import type { Params } from '../../http/params.ts'
import type { HttpRequest } from '../../http/request.ts'

/** A reference or an object that stands for the parameters of an authorization request. */
export interface ReceivedParams {
  readonly engine: Engine
  readonly request: HttpRequest
  readonly params: Params
}

/**
 * Where the parameters of an authorization request come from, if not from the request itself: a pushed request
 * (RFC 9126), a request object (RFC 9101). A new one is a file with one of these and a line in the list.
 */
export interface RequestSource {
  /** The parameter that it answers to. Without a source for it, a request that has it is refused. */
  readonly parameter: 'request' | 'request_uri'
  /**
   * The parameters the request stands for; undefined where it is for another source.
   * @throws ProtocolError, shown and not redirected: nothing is proven yet
   */
  resolve(received: ReceivedParams): Promise<Params | undefined>
}

/** One source at most: what an object holds does not lead to another. */
export async function resolvedParams(sources: readonly RequestSource[], received: ReceivedParams): Promise<Params> {
  for (const source of sources) {
    if (received.params.get(source.parameter) === undefined) continue
    const resolved = await source.resolve(received)
    if (resolved !== undefined) return resolved
  }
  return received.params
}
