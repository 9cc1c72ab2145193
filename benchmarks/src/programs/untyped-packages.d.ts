declare module 'oauthorize' {
  import type { RequestHandler } from 'express'

  type Done<Values extends unknown[]> = (error: Error | null, ...values: Values) => void
  type Issued = Done<[token?: string | false, secret?: string]>

  interface Server {
    serializeClient(take: (client: { id: string }, done: Done<[id: string]>) => void): void
    deserializeClient(give: (id: string, done: Done<[client: unknown]>) => void): void
    requestToken(issue: (client: { id: string }, callback: string, done: Issued) => void): RequestHandler
    userAuthorization(
      validate: (token: string, done: Done<[client?: unknown, callback?: string]>) => void,
    ): RequestHandler
    userDecision(
      issue: (token: string, user: { id: string }, answer: unknown, done: Done<[verifier: string]>) => void,
    ): RequestHandler[]
    accessToken(
      verify: (token: string, verifier: string, done: Done<[ok: boolean]>) => void,
      issue: (client: { id: string }, token: string, info: unknown, done: Issued) => void,
    ): RequestHandler
  }
  export default function createServer(): Server
}

declare module 'passport-http-oauth' {
  type Done = (error: Error | null, ...values: unknown[]) => void
  type Find = (key: string, done: Done) => void
  type Validate = (timestamp: string, nonce: string, done: Done) => void

  /** Both take what finds a client, what finds a token, and what judges timestamp and nonce. */
  export class ConsumerStrategy {
    constructor(consumer: Find, token: Find, validate: Validate)
  }
  export class TokenStrategy {
    constructor(consumer: Find, verify: Find, validate: Validate)
  }
}

declare module 'passport' {
  import type { RequestHandler } from 'express'

  const passport: {
    use(name: string, strategy: object): void
    initialize(): RequestHandler
    authenticate(strategy: string, options: { session: false }): RequestHandler
  }
  export default passport
}
