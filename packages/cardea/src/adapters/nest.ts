import type { Provider } from '../provider.ts'
import { mount } from './express.ts'
import type { IncomingOptions } from './incoming.ts'
import { type ExecutionContext, OAuthGuard, requestIn } from './nest-guard.ts'
import { addGuard, addParameter, injectIntoConstructor } from './nest-metadata.ts'
import type { ScopeNeed, TokenInfo } from './protection.ts'

export { mount } from './express.ts'
export type { IncomingOptions as AdapterOptions } from './incoming.ts'
export { OAuthGuard } from './nest-guard.ts'
export type { ScopeNeed, TokenInfo } from './protection.ts'

/** `@Inject(oauthProvider)` gives the provider that `OAuthModule` was made with. */
export const oauthProvider: unique symbol = Symbol('cardea provider')

const adapterOptions: unique symbol = Symbol('cardea adapter options')

/** What is used of the middleware consumer of NestJS. */
interface Consumer {
  getHttpAdapter(): { use(middleware: ReturnType<typeof mount>): unknown }
}

export interface OAuthModuleOptions extends IncomingOptions {
  /** Whether the module serves the endpoints. Default true; false where `app.use(mount(provider))` does. */
  readonly mount?: boolean
}

export interface OAuthModuleAsyncOptions extends OAuthModuleOptions {
  readonly imports?: readonly object[]
  readonly inject?: readonly (string | symbol | object)[]
  readonly useFactory: (...injected: never[]) => Provider | Promise<Provider>
}

/** What NestJS calls a dynamic module. */
export interface OAuthDynamicModule {
  module: typeof OAuthModule
  global: boolean
  imports: never[]
  providers: never[]
  exports: symbol[]
}

/** The endpoints of a provider, and the provider for `@RequireOAuth()` in every module of the app. */
export class OAuthModule {
  readonly #provider: Provider
  readonly #options: OAuthModuleOptions

  constructor(provider: Provider, options: OAuthModuleOptions) {
    this.#provider = provider
    this.#options = options
  }

  static forRoot(provider: Provider, options: OAuthModuleOptions = {}): OAuthDynamicModule {
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

/**
 * `@RequireOAuth('notes:read')` on a controller or one of its methods lets only requests in that bring a token with
 * the scope: `'a b'` needs both, `['a', 'b']` either, undefined any token. Refuses with 401 or 403, the challenge of
 * RFC 6750 §3 and an `HttpException`. Needs `OAuthModule`; an unsound need is a TypeError when the app starts.
 */
export function RequireOAuth(need?: ScopeNeed): ClassDecorator & MethodDecorator {
  class Guard extends OAuthGuard {
    constructor(provider: Provider, options: OAuthModuleOptions) {
      super(provider, options, need)
    }
  }
  injectIntoConstructor(Guard, [oauthProvider, adapterOptions])
  return (target: object, _property?: string | symbol, descriptor?: { readonly value?: unknown }): void =>
    addGuard(descriptor === undefined ? target : (descriptor.value as object), Guard)
}

function tokenIn(_data: unknown, context: ExecutionContext): TokenInfo {
  const { oauth } = requestIn(context)
  if (oauth === undefined) throw new TypeError('@Token() is for handlers behind @RequireOAuth() or requireOAuth()')
  return oauth
}

/** `@Token() token: TokenInfo` gives a protected handler the token it was called with. */
export const Token = (): ParameterDecorator => (target, property, index) =>
  addParameter(target, property ?? '', index, tokenIn)

/** Protects routes without `OAuthModule`: `@UseGuards(requireOAuth('notes:read'))`. */
export function protector(provider: Provider, options: IncomingOptions = {}) {
  return {
    /** A guard. @throws TypeError at once, for a need that names no scope */
    requireOAuth: (need: ScopeNeed): OAuthGuard => new OAuthGuard(provider, options, need),
  }
}
