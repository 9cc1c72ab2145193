import type { OAuth1ShortTerm } from './core/ports/oauth1-storage.ts'
import { shown } from './core/spec/shown.ts'
import type { OAuth1Options } from './oauth1/options.ts'
import { checkShortTerm } from './oauth1/short-term-option.ts'
import type { OAuth1ExchangeOptions } from './oauth2/token/grants/oauth1-exchange.ts'

/** How a provider speaks OAuth 1.0a. Everything has a default. */
export interface OAuth1FeatureOptions extends OAuth1Options {
  /**
   * Whether token credentials can be exchanged for OAuth 2 tokens (RFC 8693), and how often. The tokens have the lifetimes
   * of OAuth 2 and outlive the credential they were bought with. Default: on, repeatedly.
   */
  readonly exchange?: boolean | OAuth1ExchangeOptions
  /** Where temporary credentials and nonces are kept, such as `cacheStores(cache)`. Default: the store. */
  readonly shortTerm?: OAuth1ShortTerm
  /** Verifications one resource server may ask for a minute. Default 6000. */
  readonly verificationsPerMinute?: number
}

export interface ResolvedFeature {
  /** Undefined: it is off. */
  readonly exchange: OAuth1ExchangeOptions | undefined
  readonly shortTerm: OAuth1ShortTerm | undefined
  readonly verificationsPerMinute: number
  readonly options: OAuth1Options
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const exchangeOptions = ['repeatedly', 'revokes']

function exchangeFrom(exchange: boolean | OAuth1ExchangeOptions): OAuth1ExchangeOptions | undefined {
  if (typeof exchange === 'boolean') return exchange ? {} : undefined
  if (!isObject(exchange))
    throw new TypeError(`oauth1.exchange: must be true, false or options, got ${shown(exchange)}`)
  for (const [name, value] of Object.entries(exchange)) {
    if (!exchangeOptions.includes(name))
      throw new TypeError(`oauth1.exchange.${name}: there is no such option; valid are ${exchangeOptions.join(', ')}`)
    if (value !== undefined && typeof value !== 'boolean')
      throw new TypeError(`oauth1.exchange.${name}: must be true or false, got ${shown(value)}`)
  }
  return exchange
}

/**
 * Undefined: OAuth 1 is off.
 * @throws TypeError that names the option, what it got and what is valid
 */
export function resolvedFeature(given: boolean | OAuth1FeatureOptions | undefined): ResolvedFeature | undefined {
  if (given === undefined || given === false) return undefined
  if (given !== true && !isObject(given))
    throw new TypeError(`oauth1: must be true, false or options, got ${shown(given)}`)
  const { exchange = true, shortTerm, verificationsPerMinute = 6000, ...options } = given === true ? {} : given
  checkShortTerm('oauth1.shortTerm', shortTerm)
  if (!Number.isSafeInteger(verificationsPerMinute) || verificationsPerMinute < 1)
    throw new TypeError(
      `oauth1.verificationsPerMinute: must be a whole number from 1, got ${shown(verificationsPerMinute)}`,
    )
  return { exchange: exchangeFrom(exchange), shortTerm, verificationsPerMinute, options }
}
