import { readCertificate } from '../core/crypto/x509/certificate.ts'
import { certificateThumbprint } from '../core/crypto/x509/thumbprint.ts'
import type { HttpRequest } from './request.ts'

/** The certificate of the client at the other end of mutual TLS (RFC 8705). Whoever sent the request holds its key. */
export interface ClientCertificate {
  /** The certificate itself, not what it stands under. */
  readonly der: Uint8Array
  /** SHA-256 of the DER, base64url: `x5t#S256` (RFC 8705 §3.1). */
  readonly thumbprint: string
}

/**
 * Undefined: the client has shown none, or nobody may say so. Nothing is known of who issued it. Whatever else a proxy or a host
 * lets through is no certificate: a token that is bound to its thumbprint would be bound to nothing.
 */
export function certificateOf({ clientCertificate: der }: HttpRequest): ClientCertificate | undefined {
  if (der === undefined || readCertificate(der) === undefined) return undefined
  return { der, thumbprint: certificateThumbprint(der) }
}
