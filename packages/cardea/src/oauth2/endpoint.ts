import type { Client } from '../core/model/client.ts'
import type { Engine } from '../core/ports/engine.ts'
import type { Params } from '../http/params.ts'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'

/** What an endpoint is handed. */
export interface EndpointRequest {
  /** Store, clock and settings. */
  readonly engine: Engine
  /** As it came. */
  readonly request: HttpRequest
  /** The form, or the query where the body is none; each parameter at most once. */
  readonly params: Params
  /** The client that authenticated; present exactly where the endpoint asks for one. */
  readonly client?: Client
}

/**
 * Answers, or passes on to the next endpoint of its name with `'continue'`.
 * @throws ProtocolError for a refusal, sent as JSON; anything else becomes `server_error`
 */
export type EndpointHandler = (request: EndpointRequest) => Promise<HttpResponse | 'continue'>

/** An endpoint of the host. Those of one name share a path and are tried in order, before Cardea's own of that name. */
export interface Endpoint {
  /** Told by events and hooks. `revocation` and `introspection` come before Cardea's own. */
  readonly name: string
  /** Below the issuer's own path, such as `/userinfo`; several are aliases. May be left out where the name has one already. */
  readonly path?: string | readonly string[]
  /** What answers, by method. The others are answered with 405. */
  readonly methods: Readonly<Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', EndpointHandler>>>
  /**
   * The client must authenticate by one of the registered methods: `true` lets public clients in, `confidential` does
   * not. Default false.
   */
  readonly clientAuthentication?: boolean | 'confidential'
  /** What a request is told whose client does not authenticate, in place of that error. Default: that error. */
  unauthenticated?(request: HttpRequest, error: unknown): unknown
  /** Parameters that may come several times, such as `resource`. Default: none. */
  readonly repeatable?: readonly string[]
  /** Readable by scripts of any site (RFC 9700 §2.6). Default false. */
  readonly cors?: boolean
  /** How an answer of this name is sent, once every hook has seen it. Default: as it is. */
  finish?(request: EndpointRequest, response: HttpResponse): HttpResponse | Promise<HttpResponse>
  /** Members of the server metadata, given the endpoint's URL (RFC 8414 §2). */
  metadata?(url: string): Readonly<Record<string, unknown>>
}
