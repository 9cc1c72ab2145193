import type { TokenGenerator } from '../core/ports/token-generator.ts'
import type { ResponseMode } from '../oauth2/authorize/response-mode.ts'
import type { ClientAuthMethod } from '../oauth2/client-auth/method.ts'
import type { Endpoint } from '../oauth2/endpoint.ts'
import type { Hook, HookEntry, HookName, Hooks } from '../oauth2/hooks.ts'
import type { Grant } from '../oauth2/token/grant.ts'
import type { ProviderOptions } from '../options.ts'

type AnyHook = HookEntry<HookName>

/** What was registered, on top of what the options say. */
export class Registrations {
  readonly #grants: Grant[] = []
  readonly #endpoints: Endpoint[] = []
  readonly #hooks = new Map<HookName, AnyHook[]>()
  readonly #methods: ClientAuthMethod[] = []
  readonly #modes: ResponseMode[] = []
  readonly #generators: Record<string, TokenGenerator> = {}
  #closed = false

  #mustBeOpen(verb: string): void {
    if (this.#closed) throw new TypeError(`${verb}: the server is in use already; register before its first request`)
  }

  grant(grant: Grant): void {
    this.#mustBeOpen('registerGrant')
    this.#grants.push(grant)
  }

  endpoint(endpoint: Endpoint): void {
    this.#mustBeOpen('registerEndpoint')
    this.#endpoints.push(endpoint)
  }

  hook<N extends HookName>(name: N, hook: Hook<N>, grantType: string | undefined): void {
    this.#mustBeOpen('registerHook')
    const entry: HookEntry<N> = grantType === undefined ? hook : { grantType, hook }
    this.#hooks.set(name, [...(this.#hooks.get(name) ?? []), entry as unknown as AnyHook])
  }

  clientAuthMethod(method: ClientAuthMethod): void {
    this.#mustBeOpen('registerClientAuthMethod')
    this.#methods.push(method)
  }

  responseMode(mode: ResponseMode): void {
    this.#mustBeOpen('registerResponseMode')
    this.#modes.push(mode)
  }

  tokenGenerator(grantType: string, generator: TokenGenerator): void {
    this.#mustBeOpen('registerTokenGenerator')
    if (Object.hasOwn(this.#generators, grantType))
      throw new TypeError(`registerTokenGenerator: ${JSON.stringify(grantType)} has one already`)
    this.#generators[grantType] = generator
  }

  /** Every grant there is; undefined for the usual ones. */
  grants({ grants }: ProviderOptions): readonly Grant[] | undefined {
    return this.#grants.length === 0 ? grants : [...(grants ?? []), ...this.#grants]
  }

  /** The options with what was registered; nothing can be registered any more. */
  close(options: ProviderOptions): ProviderOptions {
    this.#closed = true
    const grants = this.grants(options)
    const modes = this.#modes.length === 0 ? options.responseModes : this.#allModes(options)
    return {
      ...options,
      ...(grants !== undefined && { grants }),
      ...(modes !== undefined && { responseModes: modes }),
      endpoints: [...(options.endpoints ?? []), ...this.#endpoints],
      hooks: this.#allHooks(options.hooks ?? {}),
      clientAuthMethods: [...(options.clientAuthMethods ?? []), ...this.#methods],
      tokenGenerators: { ...options.tokenGenerators, ...this.#generators },
    }
  }

  #allModes({ responseModes = ['query', 'fragment', 'form_post'] }: ProviderOptions) {
    return [...responseModes, ...this.#modes]
  }

  #allHooks(given: Hooks): Hooks {
    const all = new Map<string, unknown>(Object.entries(given))
    for (const [name, entries] of this.#hooks) all.set(name, [given[name] ?? [], entries].flat(2))
    return Object.fromEntries(all) as Hooks
  }
}
