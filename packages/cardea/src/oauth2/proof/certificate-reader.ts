import { invalidRequest } from '../../core/spec/errors.ts'
import { certificateOf } from '../../http/client-certificate.ts'
import type { ProofReader } from './proof-reader.ts'

/** RFC 8705 §3.4: the certificate of a client that is registered for tokens bound to it. */
export const certificateReader: ProofReader = {
  read({ client, demanded, request }) {
    if (!demanded || !client.tls_client_certificate_bound_access_tokens) return undefined
    const certificate = certificateOf(request)
    if (certificate === undefined)
      throw invalidRequest('no_client_certificate', 'This client needs a certificate of its own in the TLS handshake')
    return { confirmation: { 'x5t#S256': certificate.thumbprint } }
  },
}
