/** Where each endpoint is found, below the issuer's own path. The first of several is the one that metadata names. */
export const defaultPaths = {
  authorize: ['/authorize'],
  token: ['/token'],
  revoke: ['/revoke'],
  introspect: ['/introspect'],
  interaction: ['/interaction'],
  signOut: ['/sign-out'],
  formPostScript: ['/form-post.js'],
} as const satisfies Record<string, readonly string[]>

export type PathName = keyof typeof defaultPaths

export type Paths = Readonly<Record<PathName, readonly string[]>>
