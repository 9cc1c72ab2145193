import type { MakeExtension } from './extension.ts'
import { certificateReader, noUnboundImplicit } from './oauth2/proof/certificate-reader.ts'
import { dpopJktReader } from './oauth2/proof/dpop-jkt-reader.ts'
import { dpopReader, noDpopReader } from './oauth2/proof/dpop-reader.ts'
import { dpopRules } from './oauth2/proof/dpop-rules.ts'

/** RFC 9449. */
export const dpopFeature: MakeExtension = ({ engine, options }) => {
  const { dpop } = engine.settings
  if (dpop === undefined) return { proofReaders: [noDpopReader] }
  return {
    proofReaders: [
      dpopReader(dpopRules(engine, dpop, 400), {
        required: dpop.required,
        orCertificate: options.certificateBoundTokens === 'required',
      }),
    ],
    factReaders: [dpopJktReader(dpop.required)],
    metadata: () => ({ dpop_signing_alg_values_supported: dpop.algorithms }),
  }
}

/** RFC 8705 §3: for clients that are registered so, whether or not the metadata promises it to all. */
export const certificateBoundTokens: MakeExtension = ({ options: { mutualTls = false, ...options } }) => {
  const { certificateBoundTokens: wanted = mutualTls !== false } = options
  return {
    proofReaders: [certificateReader(wanted === 'required')],
    factReaders: [noUnboundImplicit(wanted === 'required')],
    metadata: () => (wanted ? { tls_client_certificate_bound_access_tokens: true } : {}),
  }
}
