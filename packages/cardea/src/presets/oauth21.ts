import { codeOnly, noPassword, noProfile, without } from './oauth21-rules.ts'
import { exactly, type Preset, presetOf, type Rules } from './preset.ts'

/** What OAuth 2.1 leaves no choice in. */
export const oauth21Rules: Rules = {
  profile: noProfile,
  grants: noPassword,
  responseTypes: codeOnly,
  requireS256: exactly('requireS256', true),
  compatibility: (given, conflict) => ({
    // OAuth 2.1 §4.1.3: PKCE has made the comparison superfluous.
    redirectUriOptionalAtToken: true,
    ...without(
      'bearerTokenInFormOrQuery',
      'implicitForConfidential',
      'refreshTokenForEveryGrant',
      'tokenEndpointAsAudience',
    )(given, conflict),
  }),
}

/**
 * OAuth 2.1: PKCE with S256 for every client, neither implicit nor password grant, no tokens in forms or addresses. Refresh
 * tokens of public clients are rotated in any case.
 */
export const oauth21 = (): Preset => presetOf('oauth21', oauth21Rules)
