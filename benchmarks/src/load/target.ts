import type { JsonWebKey } from 'node:crypto'

/** What the load generator must know to drive one running server. Plain data: it crosses a process boundary. */
export interface Target {
  readonly port: number
  readonly paths: {
    readonly authorize: string
    readonly token: string
    readonly introspect: string
    readonly protected: string
    /** Where authorization requests are pushed (RFC 9126). */
    readonly push: string
    readonly jwks: string
  }
  /** Endpoints of RFC 5849 §2. `verify`: tells whether a request is signed, for a server without a resource. */
  readonly oauth1: {
    readonly initiate: string
    readonly authorize: string
    readonly token: string
    readonly verify?: string
  }
  readonly client: { readonly id: string; readonly secret: string }
  /** What `ACTORS.signingClient` signs with, where the server knows the other half. */
  readonly signingKey?: JsonWebKey
  readonly redirectUri: string
  readonly scope: string
  /** Either a session that is there from the start, or what to type into the server's own pages. */
  readonly signIn: { readonly cookie: string } | { readonly username: string; readonly password: string }
  /** Text that only a request with a good token gets from the protected resource. */
  readonly protectedText: string
}

/** The application and the user that every server knows. */
export const ACTORS = {
  client: { id: 'client-1', secret: 'secret-1-secret-1-secret-1-secret-1' },
  /** Has no secret: it proves itself by `private_key_jwt`. */
  signingClient: 'client-2',
  /** Whose access tokens are JWTs, with a row of each and without, by their algorithm. */
  resources: {
    kept: { ES256: 'https://es256.api.example.org', EdDSA: 'https://eddsa.api.example.org' },
    unkept: { ES256: 'https://es256.jobs.example.org', EdDSA: 'https://eddsa.jobs.example.org' },
  },
  redirectUri: 'https://client.example.org/cb',
  scope: 'read',
  username: 'user-1',
  password: 'correct horse battery staple',
  sessionCookie: 's1',
} as const

export type JwtKeeping = keyof typeof ACTORS.resources
export type JwtAlgorithm = keyof typeof ACTORS.resources.kept
