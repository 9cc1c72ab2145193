import { invalidRequest } from '../../core/spec/errors.ts'
import { certificateOf } from '../../http/client-certificate.ts'
import type { FactReader } from '../authorize/fact-reader.ts'
import { isImplicit } from './dpop-jkt-reader.ts'
import type { ProofReader, ProofRequest } from './proof-reader.ts'

/** A proof of DPoP binds the tokens already; where there is none and one is demanded, the reader of those says so. */
const isLeftToDpop = ({ engine: { settings }, request }: ProofRequest): boolean =>
  settings.dpop !== undefined && (request.header('dpop') !== undefined || settings.dpop.required)

/**
 * RFC 8705 §3.4: the certificate of a client that is registered for tokens bound to it.
 * @param required also of every client that proves no key by DPoP
 */
export const certificateReader = (required: boolean): ProofReader => ({
  read(asked) {
    const { client, demanded, request } = asked
    const isRegistered = client.tls_client_certificate_bound_access_tokens === true
    if (!demanded || !(isRegistered || required)) return undefined
    const certificate = certificateOf(request)
    if (!isRegistered && (request.header('dpop') !== undefined || certificate === undefined) && isLeftToDpop(asked))
      return undefined
    if (certificate === undefined)
      throw invalidRequest('no_client_certificate', 'This client needs a certificate of its own in the TLS handshake')
    return { confirmation: { 'x5t#S256': certificate.thumbprint } }
  },
})

/** Tokens of an authorization response come without a TLS connection of the client: none could be bound. */
export const noUnboundImplicit = (required: boolean): FactReader => ({
  read({ client, params }) {
    const mustBeBound = required || client.tls_client_certificate_bound_access_tokens === true
    if (!mustBeBound || !isImplicit(params.get('response_type'))) return undefined
    throw invalidRequest('implicit_unbound', "Tokens for this client must be bound: use response_type 'code'")
  },
})
