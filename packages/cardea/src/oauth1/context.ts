import { originFrom } from './base-uri.ts'
import type { OAuth1Engine } from './engine.ts'
import { type Nobody, nobodyOf } from './nobody.ts'
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
  readonly generateToken: TokenGenerator
  /** Origins that clients may sign for, normalised; the issuer's own first. */
  readonly origins: readonly string[]
  readonly nobody: Nobody
}

export interface OAuth1Parts {
  readonly engine: OAuth1Engine
  readonly settings: OAuth1Settings
  readonly storage: OAuth1Storage
  readonly signatureMethods: readonly SignatureMethod[]
  readonly generateToken: TokenGenerator
}

/** @throws TypeError for a method that is switched on and not there, and for an origin that is none */
export function oauth1Context({
  engine,
  settings,
  storage,
  signatureMethods,
  generateToken,
}: OAuth1Parts): OAuth1Context {
  const known = signatureMethods.map(({ name }) => name)
  const unknown = settings.signatureMethods.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new TypeError(
      `oauth1.signatureMethods: there is no ${JSON.stringify(unknown)}; valid are ${known.join(', ')}`,
    )
  }
  const enabled = signatureMethods.filter(({ name }) => settings.signatureMethods.includes(name))
  const origins = [new URL(engine.issuer).origin, ...settings.origins].map((text) => {
    const origin = originFrom(text)
    if (origin === undefined) throw new TypeError(`oauth1.origins: ${JSON.stringify(text)} is no http(s) origin`)
    return origin
  })
  const nobody = nobodyOf(engine.keyring)
  return { engine, settings, storage, findMethod: signatureMethodFinder(enabled), generateToken, origins, nobody }
}
