/** Where each endpoint is found, below the issuer's own path. The first of several is the one that metadata names. */
export const defaultPaths = {
  authorize: ['/authorize'],
  token: ['/token'],
  pushedRequest: ['/par'],
  revoke: ['/revoke'],
  introspect: ['/introspect'],
  registration: ['/register'],
  jwks: ['/jwks'],
  deviceAuthorization: ['/device_authorization'],
  device: ['/device'],
  interaction: ['/interaction'],
  signOut: ['/sign-out'],
  formPostScript: ['/form-post.js'],
  oauth1Initiate: ['/oauth1/initiate'],
  oauth1Authorize: ['/oauth1/authorize'],
  oauth1Token: ['/oauth1/token'],
  oauth1Verify: ['/oauth1/verify'],
} as const satisfies Record<string, readonly string[]>

/** Name of an endpoint whose path can be set. */
export type PathName = keyof typeof defaultPaths

export type Paths = Readonly<Record<PathName, readonly string[]>>
