import type { OAuth1Settings } from './settings.ts'
import { defaultOAuth1Settings } from './settings.ts'
import { builtInSignatureMethods, type SignatureMethod } from './signature-methods.ts'
import { opaqueTokens, type TokenGenerator } from './token-generator.ts'

/** What a host may say about OAuth 1. Everything has a default. */
export interface OAuth1Options extends Partial<OAuth1Settings> {
  /** Signature methods besides the built-in ones; to be on, they are also named in `signatureMethods`. */
  readonly ownSignatureMethods?: readonly SignatureMethod[]
  /** Makes tokens and secrets. Default: random letters and digits of `tokenLength` and `secretLength`. */
  readonly generateToken?: TokenGenerator
}

export interface ResolvedOAuth1 {
  readonly settings: OAuth1Settings
  readonly signatureMethods: readonly SignatureMethod[]
  readonly generateToken: TokenGenerator
}

const whole: readonly (keyof OAuth1Settings)[] = [
  'temporaryCredential',
  'tokenCredential',
  'tokenLength',
  'secretLength',
  'pinLength',
  'verifierAttempts',
]
const least: Partial<Record<keyof OAuth1Settings, number>> = {
  tokenCredential: 0,
  tokenLength: 22,
  secretLength: 22,
  pinLength: 6,
}

/** @throws TypeError that names the option, what it got and what is valid */
export function resolvedOAuth1({ ownSignatureMethods = [], generateToken, ...given }: OAuth1Options): ResolvedOAuth1 {
  const settings: OAuth1Settings = { ...defaultOAuth1Settings, ...given }
  for (const name of whole) {
    const value = settings[name]
    if (!Number.isInteger(value) || Number(value) < (least[name] ?? 1)) {
      throw new TypeError(
        `oauth1.${name}: must be a whole number from ${least[name] ?? 1}, got ${JSON.stringify(value)}`,
      )
    }
  }
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(defaultOAuth1Settings, name))
  if (unknown !== undefined) {
    throw new TypeError(
      `oauth1.${unknown}: there is no such option; valid are ${Object.keys(defaultOAuth1Settings).join(', ')}`,
    )
  }
  return {
    settings,
    signatureMethods: [...builtInSignatureMethods, ...ownSignatureMethods],
    generateToken: generateToken ?? opaqueTokens(settings),
  }
}
