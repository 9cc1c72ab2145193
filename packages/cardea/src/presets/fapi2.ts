import { codeLifetime, codeOnly, noPassword, noProfile, without } from './oauth21-rules.ts'
import { among, exactly, on, type Preset, presetOf, type Rules, unlessSaid } from './preset.ts'

/** Algorithms of signatures there may be (FAPI 2.0 Security Profile §5.4.1). */
export const fapiAlgorithms = ['PS256', 'ES256', 'EdDSA'] as const

/** Methods by which clients may prove themselves (§5.3.2.1). */
export const fapiAuthMethods = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'] as const

/** Ways in which answers travel signed (FAPI 2.0 Message Signing §5.4). */
export const fapiResponseModes = ['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'] as const

/** §5.3.2: what the server has, and every client must do. */
const security: Rules = {
  profile: noProfile,
  grants: noPassword,
  responseTypes: codeOnly,
  requireS256: exactly('requireS256', true),
  pushedRequests: on('pushedRequests', { required: true }),
  authMethods: exactly('authMethods', fapiAuthMethods),
  clientAssertions: among('clientAssertions', fapiAlgorithms, on('clientAssertions', {})),
  dpop: among('dpop', fapiAlgorithms, on('dpop', { required: true })),
  signingKeys: (given, conflict) => {
    const { algorithm } = given ?? {}
    if (algorithm !== undefined && !fapiAlgorithms.some((name) => name === algorithm))
      throw conflict('signingKeys.algorithm', `one of ${fapiAlgorithms.join(', ')}`, algorithm)
    return given
  },
  // §5.3.2.1: no rotation of tokens that are bound to their holder, which a lost answer would lock out.
  rotateRefreshTokens: unlessSaid('public'),
  lifetimes: codeLifetime(60),
  oauth1: exactly('oauth1', false),
  compatibility: without(
    'bearerTokenInFormOrQuery',
    'dropUnknownScope',
    'eitherSecretMethod',
    'implicitForConfidential',
    'redirectUriOptionalAtToken',
    'refreshTokenForEveryGrant',
    'tokenEndpointAsAudience',
  ),
}

/** FAPI 2.0 Message Signing §5.3, §5.4: requests and answers that nobody can deny later. */
const signing: Rules = {
  ...security,
  requestObjects: among(
    'requestObjects',
    fapiAlgorithms,
    on('requestObjects', { required: true, strict: true, byReference: false }),
  ),
  signedResponses: on('signedResponses', {}),
  responseModes: (given, conflict) => {
    const unsigned = given?.find((mode) => !fapiResponseModes.some((name) => name === mode))
    if (unsigned !== undefined) throw conflict('responseModes', `out of ${fapiResponseModes.join(', ')}`, unsigned)
    return given ?? fapiResponseModes
  },
}

/** Which of the two specifications. */
export interface Fapi2Options {
  /** Message Signing too: signed requests and answers (JAR, JARM). Default false: the Security Profile. */
  readonly messageSigning?: boolean
}

/**
 * FAPI 2.0: pushed requests, S256, `private_key_jwt` or certificates, tokens bound to keys (DPoP) or certificates, codes of a
 * minute, assertions for the issuer only.
 */
export const fapi2 = ({ messageSigning = false }: Fapi2Options = {}): Preset =>
  messageSigning ? presetOf('fapi2-message-signing', signing) : presetOf('fapi2', security)
