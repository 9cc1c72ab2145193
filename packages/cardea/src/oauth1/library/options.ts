import type { IncomingOptions } from '../../adapters/incoming.ts'
import { keyringFrom } from '../../core/crypto/keyring.ts'
import type { Scope } from '../../core/model/scope.ts'
import { type Clock, systemClock } from '../../core/ports/clock.ts'
import type { Emit, EventSink } from '../../core/ports/events.ts'
import type { OAuth1ShortTerm } from '../../core/ports/oauth1-storage.ts'
import type { Store } from '../../core/ports/store.ts'
import { grantableScope, scopeStillAllowed } from '../../core/rules/scope.ts'
import { signedOriginFrom } from '../base-uri.ts'
import type { OAuth1Engine } from '../engine.ts'
import type { OAuth1Options } from '../options.ts'
import type { ClientModels, TokenModels } from './models.ts'

/** What both sides of OAuth 1 need, the server that issues credentials and the one that protects resources. */
export interface OAuth1LibraryOptions<User = unknown> extends OAuth1Options, IncomingOptions {
  /** Where clients find this server: https, or http on loopback. Its origin is what they sign. */
  readonly issuer: string
  /** At least one of 32 characters; the first seals, all open. The same for every process that shares the data. */
  readonly secrets: readonly string[]
  /** Everything in one of Cardea's stores. Or bring `clients` and `tokens` of your own. */
  readonly store?: Store
  /** Where clients are found. Not needed with a store. */
  readonly clients?: ClientModels
  /** Where token credentials are kept and found. Not needed with a store. */
  readonly tokens?: TokenModels
  /** Where temporary credentials and nonces are kept, such as `cacheStores(cache)`. */
  readonly shortTerm?: OAuth1ShortTerm
  /** The host's users. With them, credentials of users that are gone stop working, and handlers get the user. */
  readonly users?: { find(userId: string): User | undefined | null | Promise<User | undefined | null> }
  /** Scopes clients may ask for, when there is no store to name them. Default: none, and requests for any get none. */
  readonly scopes?: readonly Scope[]
  /** Default: the system clock. */
  readonly clock?: Clock
  /** Is told what happened. Default: nobody is. */
  readonly onEvent?: EventSink
}

const isLoopbackOrigin = (origin: string): boolean =>
  /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(origin)

/** @throws TypeError that names the option, what it got and what is valid */
export function originOf({ issuer, allowInsecureTransport }: OAuth1LibraryOptions): string {
  const origin = signedOriginFrom(issuer)
  if (origin === undefined)
    throw new TypeError(`issuer: must be a URL such as https://auth.example.com, got ${JSON.stringify(issuer)}`)
  if (origin.startsWith('https:') || isLoopbackOrigin(new URL(origin).origin) || allowInsecureTransport) return origin
  throw new TypeError(
    `issuer: must use https, or http on loopback; for development only, allowInsecureTransport lets ${issuer} pass`,
  )
}

const eventFailed = (error: unknown): void => console.error('cardea: onEvent threw', error)

/** A sink that throws, or rejects, must not break the request it was told of. */
const safely =
  (sink: EventSink | undefined): Emit =>
  (event) => {
    try {
      const pending = sink?.(event)
      return pending instanceof Promise ? pending.catch(eventFailed) : undefined
    } catch (error) {
      eventFailed(error)
      return undefined
    }
  }

/** @throws TypeError */
export function libraryEngine(options: OAuth1LibraryOptions): OAuth1Engine {
  const { clock = systemClock, onEvent, scopes, secrets, store, users } = options
  const issuer = originOf(options)
  // Where no scopes are known, OAuth 1 is what it was: a client may do what its user may.
  const policy = { ignoreRequested: false, dropUnknown: scopes === undefined && store === undefined }
  return {
    issuer,
    isLoopback: issuer.startsWith('http:') && isLoopbackOrigin(new URL(issuer).origin),
    clock,
    keyring: keyringFrom(secrets),
    emit: safely(onEvent),
    signatureLimit: { attempts: 30, window: 300 },
    grantableScope: async (client, requested) =>
      grantableScope(client, scopes ?? (await store?.scopes.all()) ?? [], requested, policy),
    scopeStillAllowed: async (client, approved) => {
      const known = scopes ?? (await store?.scopes.all())
      return known === undefined ? approved : scopeStillAllowed(client, known, approved)
    },
    async findHolder(userId) {
      const user = await users?.find(userId)
      return users !== undefined && user == null ? undefined : { user }
    },
  }
}
