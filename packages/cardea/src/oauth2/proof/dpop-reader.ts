import { unauthorizedClient } from '../../core/spec/errors.ts'
import { type DpopRules, dpopRefused, nonceHeader, readDpopProof } from './dpop-proof.ts'
import type { Proof, ProofReader, ProofRequest } from './proof-reader.ts'

async function proved(rules: DpopRules, header: string, { request, urls }: ProofRequest): Promise<Proof> {
  const proof = await readDpopProof(rules, header, { method: request.method, urls })
  return { confirmation: { jkt: proof.jkt }, headers: nonceHeader(rules), useUp: () => proof.useUp() }
}

/** RFC 9449 §5: the key of the header DPoP. @param required also of clients that are not registered so */
export const dpopReader = (rules: DpopRules, required: boolean): ProofReader => ({
  read(asked) {
    const header = asked.request.header('dpop')
    if (header !== undefined) return proved(rules, header, asked)
    const { dpop_bound_access_tokens: wanted, tls_client_certificate_bound_access_tokens: otherwise } = asked.client
    if (asked.demanded && (wanted || (required && !otherwise)))
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
