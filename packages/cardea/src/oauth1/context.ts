import { signedOriginFrom } from './base-uri.ts'
import type { OAuth1Engine } from './engine.ts'
import { countedGuesses, type Guesses } from './guesses.ts'
import { type Nobody, nobodyOf } from './nobody.ts'
import { type RsaKeyFinder, rsaKeyFinder } from './rsa-keys.ts'
import type { OAuth1Settings } from './settings.ts'
import { type SignatureMethod, signatureMethodFinder } from './signature-methods.ts'
import type { OAuth1Storage } from './storage.ts'
import type { TokenGenerator } from './token-generator.ts'

/** What every part of OAuth 1 is handed. Made once, never changed. */
export interface OAuth1Context {
  readonly engine: OAuth1Engine
  readonly settings: OAuth1Settings
  readonly storage: OAuth1Storage
  readonly findMethod: (name: string) => SignatureMethod | undefined
  readonly findRsaKey: RsaKeyFinder
  readonly generateToken: TokenGenerator
  /** Origins that clients may sign for, normalised; the issuer's own first, with the prefix it is configured with. */
  readonly origins: readonly string[]
  readonly nobody: Nobody
  readonly guesses: Guesses
}

export interface OAuth1Parts {
  readonly engine: OAuth1Engine
  readonly settings: OAuth1Settings
  readonly storage: OAuth1Storage
  readonly signatureMethods: readonly SignatureMethod[]
  readonly generateToken: TokenGenerator
  /** What this one takes the place of: guesses that were counted go on counting. */
  readonly replaces?: Pick<OAuth1Context, 'guesses' | 'findRsaKey'> | undefined
}

/** Where requests without TLS are let in, clients sign the address they used: the same origins, as http. */
function originsFrom(texts: readonly string[], { allowInsecureTransport }: OAuth1Settings): readonly string[] {
  const origins = texts.map((text) => {
    const origin = signedOriginFrom(text)
    if (origin === undefined) throw new TypeError(`oauth1.origins: ${JSON.stringify(text)} is no http(s) origin`)
    return origin
  })
  if (!allowInsecureTransport) return origins
  return [...origins, ...origins.flatMap((origin) => signedOriginFrom(origin.replace(/^https:/, 'http:')) ?? [])]
}

const bareOf = (origin: string): string => new URL(origin).origin

/**
 * RFC 5849 §3.4.1.2: clients sign the path they see, and a request tells nothing of one that was taken off: nothing in it
 * could say which of two was meant, and to try both would let a signature for one path do for another.
 */
function prefixesMustBeClear(origins: readonly string[]): void {
  const byHost = new Map<string, string>()
  for (const text of origins) {
    const origin = signedOriginFrom(text)
    if (origin === undefined) continue
    const other = byHost.get(bareOf(origin)) ?? origin
    if (other !== origin)
      throw new TypeError(`oauth1.origins: ${other} and ${origin} are one origin; name one path of it`)
    byHost.set(bareOf(origin), origin)
  }
}

/**
 * The issuer's own origin, and in front of it one with a path that a proxy takes off on that host: Host cannot tell the
 * two apart, and what is configured is meant. Mount prefixes of frameworks need no such thing: they are in the target.
 */
function signedFor({ issuer }: OAuth1Engine, { origins }: OAuth1Settings): readonly string[] {
  prefixesMustBeClear(origins)
  const own = new URL(issuer).origin
  const prefixed = origins.filter((origin) => signedOriginFrom(origin)?.startsWith(`${own}/`))
  return [...prefixed, own, ...origins]
}

function warnOfOpenTransport(): void {
  console.warn(
    'cardea: oauth1.allowInsecureTransport is on. Secrets of clients and users can be read on their way. Never use it but for development.',
  )
}

/** @throws TypeError for a method that is switched on and not there, and for an origin that is none */
export function oauth1Context({
  engine,
  settings,
  storage,
  signatureMethods,
  generateToken,
  replaces,
}: OAuth1Parts): OAuth1Context {
  const known = signatureMethods.map(({ name }) => name)
  const unknown = settings.signatureMethods.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new TypeError(
      `oauth1.signatureMethods: there is no ${JSON.stringify(unknown)}; valid are ${known.join(', ')}`,
    )
  }
  const find = signatureMethodFinder(signatureMethods)
  const enabled = new Set(settings.signatureMethods)
  const origins = originsFrom(signedFor(engine, settings), settings)
  if (settings.allowInsecureTransport && replaces === undefined) warnOfOpenTransport()
  const findMethod = (name: string) => (enabled.has(name) ? find(name) : undefined)
  let nobody: Nobody | undefined
  const { clock, signatureLimit: limit } = engine
  const guesses = replaces?.guesses ?? countedGuesses({ clock, limit, attempts: storage.attempts })
  return {
    engine,
    settings,
    storage,
    findMethod,
    findRsaKey: replaces?.findRsaKey ?? rsaKeyFinder(),
    generateToken,
    origins,
    // Not before the first request, of whomever: workers take no random numbers earlier.
    get nobody() {
      nobody ??= nobodyOf(engine.keyring)
      return nobody
    },
    guesses,
  }
}
