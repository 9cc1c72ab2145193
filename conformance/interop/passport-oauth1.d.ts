declare module 'passport-oauth1' {
  import type { OAuth } from 'oauth'

  export interface StrategyOptions {
    readonly requestTokenURL: string
    readonly accessTokenURL: string
    readonly userAuthorizationURL: string
    readonly consumerKey: string
    readonly consumerSecret: string
    readonly callbackURL: string
    readonly signatureMethod: string
  }

  export type Verify = (
    token: string,
    secret: string,
    profile: unknown,
    done: (error: unknown, user: { readonly token: string; readonly secret: string }) => void,
  ) => void

  export class Strategy {
    constructor(options: StrategyOptions, verify: Verify)
    readonly _oauth: OAuth
    authenticate(request: object, options: object): void
  }
}
