import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { invalidRequest, type ProtocolError } from '../../core/spec/errors.ts'
import type { Params } from '../../http/params.ts'
import type { HttpRequest } from '../../http/request.ts'
import type { OnceOnly } from './once-only.ts'

/** A reference or an object that stands for the parameters of an authorization request. */
export interface ReceivedParams {
  readonly engine: Engine
  readonly request: HttpRequest
  readonly params: Params
  /** Parameters that may come several times. */
  readonly repeatable: readonly string[]
}

/** By which way the parameters of an authorization request came. */
export interface RequestOrigin {
  /** Over the client's own connection (RFC 9126). */
  readonly pushed: boolean
  /** With the client's signature (RFC 9101). */
  readonly signed: boolean
}

/** The parameters that count, and nothing beside them. */
export interface ResolvedRequest {
  readonly params: Params
  readonly origin: RequestOrigin
  /** What an answer uses up. */
  readonly once?: OnceOnly
}

/**
 * Where the parameters of an authorization request come from, if not from the request itself: a pushed request
 * (RFC 9126), a request object (RFC 9101). A new one is a file with one of these and a line in the list.
 */
export interface RequestSource {
  /** The parameter that it answers to. Without a source for it, a request that has it is refused. */
  readonly parameter: 'request' | 'request_uri'
  /**
   * What the request stands for; undefined where it is for another source.
   * @throws ProtocolError, redirected only where client and redirect URI stand beside the reference and hold
   */
  resolve(received: ReceivedParams): Promise<ResolvedRequest | undefined>
}

/** What a request lacks that came this way; undefined where nothing is in the way. */
export type OriginRule = (client: Client, origin: RequestOrigin) => ProtocolError | undefined

const direct: RequestOrigin = { pushed: false, signed: false }

/** One source at most: what an object holds does not lead to another. */
export async function resolvedRequest(
  sources: readonly RequestSource[],
  received: ReceivedParams,
): Promise<ResolvedRequest> {
  const { params } = received
  const isThere = (name: string): boolean => params.get(name) !== undefined
  // RFC 9101 §5: whoever reads the other one would see another request.
  if (sources.length > 0 && isThere('request') && isThere('request_uri')) {
    throw invalidRequest('request_and_request_uri', 'Send request or request_uri, not both')
  }
  for (const source of sources) {
    if (!isThere(source.parameter)) continue
    const resolved = await source.resolve(received)
    if (resolved !== undefined) return resolved
  }
  return { params, origin: direct }
}
