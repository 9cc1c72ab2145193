import type { Compatibility, Lifetimes } from '../core/ports/settings.ts'
import type { PathName } from '../paths.ts'

/** A named set of options that an older deployment needs, merged under what the caller sets. */
export interface Profile {
  /** Paths that answer beside our own. */
  readonly paths: Readonly<Partial<Record<PathName, readonly string[]>>>
  /** Deviations from what is safe that it needs. */
  readonly compatibility: Compatibility
  /** In seconds, where they differ from ours. */
  readonly lifetimes: Partial<Lifetimes>
  /** Grant types that are on besides the default ones. */
  readonly grantTypes: readonly 'password'[]
  /** Response types that are on. */
  readonly responseTypes: readonly ('code' | 'token')[]
}

/**
 * What clients of RichardKnop/django-oauth2-server rely on: its paths, `id` in the token answer, a refresh token for
 * every grant, the password and implicit grants, both ways to send a secret. Its defects (approval without sign-in,
 * a Decline that grants, unchecked redirect URIs, codes usable by any client) are not reproduced.
 */
export const djangoOAuth2Server: Profile = {
  paths: { authorize: ['/authorize', '/web/authorize'], token: ['/token', '/api/v1/tokens'] },
  compatibility: {
    tokenAnswerId: true,
    refreshTokenForEveryGrant: true,
    eitherSecretMethod: true,
    redirectUriOptionalAtToken: true,
    refreshEndsAccessTokens: true,
    dropUnknownScope: true,
    stateRequired: false,
    bearerTokenInFormOrQuery: true,
    implicitForConfidential: true,
    tokenEndpointAsAudience: false,
  },
  // The source lets a code live for an hour; RFC 6749 §4.1.2 allows ten minutes.
  lifetimes: { accessToken: 3600, authorizationCode: 600, refreshToken: 1209600 },
  grantTypes: ['password'],
  responseTypes: ['code', 'token'],
}
