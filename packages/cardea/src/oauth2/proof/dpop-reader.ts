import { unauthorizedClient } from '../../core/spec/errors.ts'
import { certificateOf } from '../../http/client-certificate.ts'
import { type DpopRules, dpopRefused, nonceHeader, readDpopProof } from './dpop-proof.ts'
import type { Proof, ProofReader, ProofRequest } from './proof-reader.ts'

async function proved(rules: DpopRules, header: string, { request, urls }: ProofRequest): Promise<Proof> {
  const proof = await readDpopProof(rules, header, { method: request.method, urls })
  return { confirmation: { jkt: proof.jkt }, headers: nonceHeader(rules), uses: [proof.pending] }
}

/** Of whom a proof is demanded. */
export interface DpopDemands {
  /** Of every client, not only those that are registered so. */
  readonly required: boolean
  /** A certificate will do as well, of clients that are registered for neither. */
  readonly orCertificate: boolean
}

/** RFC 9449 §5: the key of the header DPoP. */
export const dpopReader = (rules: DpopRules, { orCertificate, required }: DpopDemands): ProofReader => ({
  read(asked) {
    const header = asked.request.header('dpop')
    if (header !== undefined) return proved(rules, header, asked)
    const { dpop_bound_access_tokens: wanted, tls_client_certificate_bound_access_tokens: otherwise } = asked.client
    const isCertain = otherwise || (orCertificate && certificateOf(asked.request) !== undefined)
    if (asked.demanded && (wanted || (required && !isCertain)))
      throw dpopRefused(rules, 'dpop_missing', 'This client needs a DPoP proof')
    return undefined
  },
})

/** RFC 9449 §5.2: where nobody checks proofs, a client that wants nothing but bound tokens gets none. */
export const noDpopReader: ProofReader = {
  read({ client, demanded }) {
    if (demanded && client.dpop_bound_access_tokens)
      throw unauthorizedClient(
        'dpop_off',
        'This server does not bind tokens by DPoP, which this client is registered for',
      )
    return undefined
  },
}
