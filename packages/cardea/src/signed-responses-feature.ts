import { contentEncryptions, keyEncryptions } from './core/crypto/jose/decrypt-jwe.ts'
import type { MakeExtension } from './extension.ts'
import { formPost, fragment } from './oauth2/authorize/response-mode.ts'
import { jwtResponseModes } from './oauth2/signed-response/jwt-response-modes.ts'
import { signableResponses } from './oauth2/signed-response/response-jwt.ts'
import { signedResponsesSettings } from './oauth2/signed-response/signed-responses-options.ts'

/** JWT Secured Authorization Response Mode (JARM). */
export const signedResponsesFeature: MakeExtension = ({ engine, keySetAt, options, paths, present }) => {
  const { signedResponses = false } = options
  if (signedResponses === false) return undefined
  const { lifetime } = signedResponsesSettings(signedResponses)
  const parts = { engine, lifetime, keySetAt }
  return {
    factReaders: [signableResponses],
    responseModes: jwtResponseModes(parts, { fragment, formPost: formPost(present, paths.formPostScript[0] ?? '') }),
    // JARM §4.
    metadata: () => ({
      authorization_signing_alg_values_supported: engine.settings.serverAlgorithms,
      authorization_encryption_alg_values_supported: keyEncryptions,
      authorization_encryption_enc_values_supported: contentEncryptions,
    }),
  }
}
