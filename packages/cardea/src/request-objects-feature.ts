import { contentEncryptions } from './core/crypto/jose/decrypt-jwe.ts'
import type { Extension, ExtensionParts, MakeExtension } from './extension.ts'
import { clientKeys } from './oauth2/client-auth/client-keys.ts'
import { objectDocuments } from './oauth2/request-object/object-documents.ts'
import { objectByReference, objectByValue } from './oauth2/request-object/object-source.ts'
import { type RequestObjectsSettings, requestObjectsSettings } from './oauth2/request-object/request-objects-options.ts'
import { signedRule } from './oauth2/request-object/signed-rule.ts'

/** RFC 8414 §2, RFC 9101 §10.5 and OpenID Connect Discovery §3. */
async function metadataOf({ engine }: ExtensionParts, settings: RequestObjectsSettings) {
  const published = await engine.decryptionKeys.published()
  return {
    request_parameter_supported: true,
    request_uri_parameter_supported: settings.byReference,
    ...(settings.byReference && { require_request_uri_registration: true }),
    require_signed_request_object: settings.required,
    request_object_signing_alg_values_supported: settings.algorithms.filter((name) =>
      engine.settings.signatureAlgorithms.includes(name),
    ),
    ...(published.length > 0 && {
      request_object_encryption_alg_values_supported: [...new Set(published.map(({ alg }) => alg))],
      request_object_encryption_enc_values_supported: contentEncryptions,
    }),
  }
}

/** RFC 9101. */
export const requestObjectsFeature: MakeExtension = (parts): Extension => {
  const { engine, keysAt, options, outgoing } = parts
  const { requestObjects = false } = options
  // OpenID Connect Discovery §3: left out, the second would mean true.
  const neither = { request_parameter_supported: false, request_uri_parameter_supported: false }
  if (requestObjects === false) return { originRules: [signedRule(false)], metadata: () => neither }
  const settings = requestObjectsSettings(requestObjects)
  const source = {
    settings,
    keysOf: clientKeys(keysAt),
    documentAt: objectDocuments(engine, outgoing),
  }
  return {
    originRules: [signedRule(settings.required)],
    requestSources: [objectByValue(source), ...(settings.byReference ? [objectByReference(source)] : [])],
    metadata: () => metadataOf(parts, settings),
  }
}
