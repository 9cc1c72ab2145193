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
  /**
   * A header by lower-case name; repeats are joined as RFC 9110 §5.3 says, so that a repeat of a header that must not
   * repeat (Authorization, Content-Type) fails to parse instead of one of the two being picked.
   */
  header(name: string): string | undefined
  /** The body as text (UTF-8). Read once and only when asked for. Throws `ProtocolError` `request_too_large`. */
  text(): Promise<string>
  /**
   * Asked after `text`. False: a parser of the host's has read the body and kept no copy, so that the text is written out
   * again from what the parser made of it. Nothing that was signed may be checked against it. Absent: it is as sent.
   */
  isAsSent?(): boolean
  /** The request as the framework or runtime had it, for the host. */
  readonly raw?: unknown
  /** False: it surely came without TLS. Undefined: nobody can tell, as behind a local proxy. */
  readonly secure: boolean | undefined
  /** Address of the peer or, behind a proxy that is trusted by configuration, of the one it speaks for. */
  readonly remoteAddress: string | undefined
  /**
   * DER of the certificate whose key the client has proved to hold in the TLS handshake: seen by us, or told by a proxy that
   * is trusted by configuration. Nothing is known of who issued it. Absent: none, or nobody can tell.
   */
  readonly clientCertificate?: Uint8Array | undefined
}
