import { mount } from './express.ts'
import type { Guard } from './guarded-node.ts'
import type { IncomingOptions } from './incoming.ts'
import { type ExecutionContext, OAuthGuard, requestIn } from './nest-guard.ts'
import { addGuard, addParameter, injectIntoConstructor } from './nest-metadata.ts'
import {
  type KnownNeed,
  optionalTokenGuard,
  type Protects,
  type ScopeNeed,
  type TokenInfo,
  tokenGuard,
} from './protection.ts'
import type { Served } from './served.ts'

export { mount } from './express.ts'
export type { Granting, Guard } from './guarded-node.ts'
export type { IncomingOptions as AdapterOptions } from './incoming.ts'
export { type ExecutionContext, OAuthGuard } from './nest-guard.ts'
export { type OAuthHandler, oauth, type PlatformRequest, type PlatformResponse } from './nest-oauth.ts'
export type { ScopeNeed, TokenInfo } from './protection.ts'
export type { Answering, Served } from './served.ts'

/** `@Inject(oauthProvider)` gives the provider that `OAuthModule` was made with. */
export const oauthProvider: unique symbol = Symbol('cardea provider')

const adapterOptions: unique symbol = Symbol('cardea adapter options')

/** What is used of the middleware consumer of NestJS. */
interface Consumer {
  getHttpAdapter(): { use(middleware: ReturnType<typeof mount>): unknown }
}

/** How the module reads requests, and whether it serves the endpoints. */
export interface OAuthModuleOptions extends IncomingOptions {
  /** Whether the module serves the endpoints. Default true; false where `app.use(mount(provider))` does. */
  readonly mount?: boolean
}

/** The same with a provider that is made out of what is injected. */
export interface OAuthModuleAsyncOptions extends OAuthModuleOptions {
  /** Modules that have what is injected. */
  readonly imports?: readonly object[]
  /** What `useFactory` is called with. */
  readonly inject?: readonly (string | symbol | object)[]
  /** Makes the provider. */
  readonly useFactory: (...injected: never[]) => Served | Promise<Served>
}

/** What NestJS calls a dynamic module. */
export interface OAuthDynamicModule {
  /** The class of the module, as Nest wants it. */
  module: typeof OAuthModule
  /** Guards find the provider from every module. */
  global: boolean
  /** Modules that have what is injected; of Nest's types, which this package does not have. */
  imports: never[]
  /** The provider under its token, and what mounts it. */
  providers: never[]
  /** Tokens that other modules may inject. */
  exports: symbol[]
}

/** The endpoints of a provider, and the provider for `@RequireOAuth()` in every module of the app. */
export class OAuthModule {
  readonly #provider: Served
  readonly #options: OAuthModuleOptions

  constructor(provider: Served, options: OAuthModuleOptions) {
    this.#provider = provider
    this.#options = options
  }

  static forRoot(provider: Served, options: OAuthModuleOptions = {}): OAuthDynamicModule {
    return OAuthModule.forRootAsync({ ...options, useFactory: () => provider })
  }

  static forRootAsync(given: OAuthModuleAsyncOptions): OAuthDynamicModule {
    const { imports = [], inject = [], useFactory, ...options } = given
    injectIntoConstructor(OAuthModule, [oauthProvider, adapterOptions])
    const providers = [
      { provide: oauthProvider, inject, useFactory },
      { provide: adapterOptions, useValue: options },
    ]
    return {
      module: OAuthModule,
      global: true,
      imports: imports as never[],
      providers: providers as never[],
      exports: [oauthProvider, adapterOptions],
    }
  }

  /** Not by `consumer.apply()`, which would put a global prefix in front of the well-known path. */
  configure(consumer: Consumer): void {
    if (this.#options.mount !== false) consumer.getHttpAdapter().use(mount(this.#provider, this.#options))
  }
}

type GuardOf = (provider: Served, need: ScopeNeed) => Guard<TokenInfo<unknown> | undefined>

/** A guard that NestJS makes with what `OAuthModule` provides, when the app starts. */
function guardedBy(guardOf: GuardOf, need: ScopeNeed): ClassDecorator & MethodDecorator {
  class DecoratedGuard extends OAuthGuard {
    constructor(provider: Served, options: OAuthModuleOptions) {
      super(guardOf(provider, need), options)
    }
  }
  injectIntoConstructor(DecoratedGuard, [oauthProvider, adapterOptions])
  return (target: object, _property?: string | symbol, descriptor?: { readonly value?: unknown }): void =>
    addGuard(descriptor === undefined ? target : (descriptor.value as object), DecoratedGuard)
}

/**
 * `@RequireOAuth('notes:read')` on a controller or one of its methods lets only requests in that bring a token with
 * the scope: `'a b'` needs both, `['a', 'b']` either, undefined any token. Refuses with 401 or 403, the challenge of
 * RFC 6750 §3 and an `HttpException`. Needs `OAuthModule`; an unsound need is a TypeError when the app
 * starts, and so is a scope that the server does not have, where its scopes are known.
 */
export const RequireOAuth = (need?: ScopeNeed): ClassDecorator & MethodDecorator => guardedBy(tokenGuard, need)

/** The same for routes that are open to everybody: without any authentication, `@Token()` gives undefined. */
export const OptionalOAuth = (need?: ScopeNeed): ClassDecorator & MethodDecorator => guardedBy(optionalTokenGuard, need)

function tokenIn(_data: unknown, context: ExecutionContext): TokenInfo<unknown> | undefined {
  const request = requestIn(context)
  if ('oauth' in request) return request.oauth
  throw new TypeError('@Token() is for handlers behind @RequireOAuth() or requireOAuth()')
}

/** `@Token() token: TokenInfo` gives a protected handler the token it was called with. */
export const Token = (): ParameterDecorator => (target, property, index) =>
  addParameter(target, property ?? '', index, tokenIn)

/** Protects routes without `OAuthModule`: `@UseGuards(requireOAuth('notes:read'))`. */
export function protector<Name extends string>(
  source: Protects<TokenInfo<unknown>, Name>,
  options: IncomingOptions = {},
) {
  return {
    /** A guard. @throws TypeError at once, for a need that names no scope */
    requireOAuth: <const Need extends ScopeNeed>(need: Need & KnownNeed<Name, Need>): OAuthGuard =>
      new OAuthGuard(tokenGuard(source, need), options),
    /** The same for a route that is open to everybody. */
    optionalOAuth: <const Need extends ScopeNeed>(need: Need & KnownNeed<Name, Need>): OAuthGuard =>
      new OAuthGuard(optionalTokenGuard(source, need), options),
  }
}
