import { codeLifetime, codeOnly, noPassword, noProfile, without } from './oauth21-rules.ts'
import { among, exactly, on, type Preset, presetOf, type Rule, type Rules } from './preset.ts'

/** Algorithms of signatures there may be (FAPI 2.0 Security Profile §5.4.1); `Ed25519` is a name of `EdDSA` (RFC 9864). */
export const fapiAlgorithms = ['PS256', 'ES256', 'EdDSA', 'Ed25519'] as const

/** Methods by which clients may prove themselves (§5.3.2.1). */
export const fapiAuthMethods = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'] as const

/** Ways in which answers travel signed (FAPI 2.0 Message Signing §5.4). */
export const fapiResponseModes = ['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'] as const

/** Names of the ways to bind tokens to whom they were issued to. */
export const senderConstraints = ['dpop', 'certificate', 'either'] as const

/** How tokens are bound to whom they were issued to. */
export type SenderConstraint = (typeof senderConstraints)[number]

/** §5.3.2.1: every token is bound, by these means. */
const binding: Readonly<Record<SenderConstraint, Pick<Rules, 'certificateBoundTokens' | 'dpop'>>> = {
  dpop: { dpop: among('dpop', fapiAlgorithms, on('dpop', { required: true })) },
  certificate: { dpop: exactly('dpop', false), certificateBoundTokens: exactly('certificateBoundTokens', 'required') },
  either: {
    dpop: among('dpop', fapiAlgorithms, on('dpop', { required: true })),
    certificateBoundTokens: exactly('certificateBoundTokens', 'required'),
  },
}

/** §5.4.1: whatever is registered for another algorithm is refused. */
const fapiSignatures: Rule<'signatureAlgorithms'> = (given = fapiAlgorithms, conflict) => {
  const weak = given.find((name) => !fapiAlgorithms.some((one) => one === name))
  if (weak !== undefined) throw conflict('signatureAlgorithms', `out of ${fapiAlgorithms.join(', ')}`, weak)
  return given
}

/** §5.3.2: what the server has, and every client must do. */
const security: Rules = {
  profile: noProfile,
  grants: noPassword,
  responseTypes: codeOnly,
  requireS256: exactly('requireS256', true),
  pushedRequests: on('pushedRequests', { required: true, redirectUriRequired: true }),
  authMethods: exactly('authMethods', fapiAuthMethods),
  clientAssertions: among('clientAssertions', fapiAlgorithms, on('clientAssertions', {})),
  signatureAlgorithms: fapiSignatures,
  signingKeys: (given, conflict) => {
    const { algorithm } = given ?? {}
    if (algorithm !== undefined && !fapiAlgorithms.some((name) => name === algorithm))
      throw conflict('signingKeys.algorithm', `one of ${fapiAlgorithms.join(', ')}`, algorithm)
    return given
  },
  // §5.3.2.1: no rotation of tokens that are bound to their holder, which a lost answer would lock out.
  rotateRefreshTokens: (given = 'public') => given,
  lifetimes: (given, conflict) => {
    // Note 1 there: who rotates all the same lets a client that got no answer try again.
    if (given?.refreshReuseWindow === 0) throw conflict('lifetimes.refreshReuseWindow', 'above 0', 0)
    return codeLifetime(60)(given, conflict)
  },
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

/** Which of the two specifications, and how tokens are bound. */
export interface Fapi2Options {
  /** Message Signing too: signed requests and answers (JAR, JARM). Default false: the Security Profile. */
  readonly messageSigning?: boolean
  /**
   * What every token is bound to: `dpop`, a key that the client proves (RFC 9449), or the certificate of a client that is
   * registered so; `certificate`, that of its TLS connection (RFC 8705), and DPoP is off; `either`, whichever of the two a
   * request brings. Default `dpop`.
   */
  readonly senderConstraint?: SenderConstraint
}

/**
 * FAPI 2.0: pushed requests, S256, `private_key_jwt` or certificates, tokens bound to keys (DPoP) or certificates, codes of a
 * minute, assertions for the issuer only, signatures by `PS256`, `ES256` or `EdDSA`.
 * @throws TypeError that names the option and what is valid
 */
export function fapi2({ messageSigning = false, senderConstraint = 'dpop' }: Fapi2Options = {}): Preset {
  if (!senderConstraints.includes(senderConstraint))
    throw new TypeError(
      `fapi2: senderConstraint must be one of ${senderConstraints.join(', ')}, got ${JSON.stringify(senderConstraint)}`,
    )
  const name = messageSigning ? 'fapi2-message-signing' : 'fapi2'
  return presetOf(name, { ...(messageSigning ? signing : security), ...binding[senderConstraint] })
}
