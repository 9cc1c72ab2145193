/** How clients prove themselves by certificates (RFC 8705). */
export interface MutualTlsOptions {
  /**
   * Certificates (PEM) of the authorities whose certificates clients show, with `tls_client_auth`. Each must have issued
   * the client's certificate itself: list intermediate authorities. Default: none, and no `tls_client_auth`.
   */
  readonly certificateAuthorities?: string | readonly string[]
  /** Clients may register keys whose certificates they have signed themselves (`self_signed_tls_client_auth`). Default true. */
  readonly selfSigned?: boolean
  /**
   * Where clients with certificates go, where that is another origin than the issuer's, such as
   * `https://mtls.id.example.com`: told as `mtls_endpoint_aliases` (RFC 8705 §5). Default: the issuer's.
   */
  readonly endpointOrigin?: string
}
