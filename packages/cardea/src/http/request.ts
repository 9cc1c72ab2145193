/** A request as the engine sees it: neutral to frameworks, nothing parsed that a protocol may have to sign. */
export interface HttpRequest {
  /** As sent, upper-case by convention of HTTP. */
  readonly method: string
  /** The request target exactly as it stood in the request line, mount prefix included. */
  readonly target: string
  /** Path of the target, raw, without query. A mount prefix is taken off. */
  readonly path: string
  /** Query of the target, raw, without the question mark. */
  readonly query: string
  /** A header by lower-case name; repeated headers joined by ", " as RFC 9110 §5.3 says, except that repeats of a
   * header that must not repeat (Authorization, Content-Type, Host) are given as their joined text and so fail later. */
  header(name: string): string | undefined
  /** The body as text (UTF-8). Read once and only when asked for. Throws `ProtocolError` `request_too_large`. */
  text(): Promise<string>
  /** Address of the peer or, behind a proxy that is trusted by configuration, of the one it speaks for. */
  readonly remoteAddress: string | undefined
}
