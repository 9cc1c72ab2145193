import type { OAuth1Settings } from './settings.ts'
import { defaultOAuth1Settings } from './settings.ts'
import { builtInSignatureMethods, type SignatureMethod } from './signature-methods.ts'
import { defaultTimestampWindow, type TimestampWindow } from './timestamp.ts'
import { checkedTokens, opaqueTokens, type TokenGenerator } from './token-generator.ts'

/** What a host may say about OAuth 1. Everything has a default. */
export interface OAuth1Options extends Partial<Omit<OAuth1Settings, 'timestampWindow'>> {
  readonly timestampWindow?: Partial<TimestampWindow>
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

const shown = (value: unknown): string =>
  typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))

function mustBeWhole(name: string, value: unknown, from: number): void {
  if (Number.isSafeInteger(value) && Number(value) >= from) return
  throw new TypeError(`oauth1.${name}: must be a whole number from ${from}, got ${shown(value)}`)
}

function mustBeTexts(name: string, value: unknown): void {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return
  throw new TypeError(`oauth1.${name}: must be a list of texts, got ${shown(value)}`)
}

/** A window that is open to one side would let requests be replayed as soon as their nonces are forgotten. */
function checkedWindow(given: Partial<TimestampWindow> | undefined): TimestampWindow {
  const window = { ...defaultTimestampWindow, ...given }
  const unknown = Object.keys(window).find((name) => !Object.hasOwn(defaultTimestampWindow, name))
  if (unknown !== undefined) throw new TypeError(`oauth1.timestampWindow.${unknown}: valid are past, future`)
  if (window.past !== Number.POSITIVE_INFINITY) mustBeWhole('timestampWindow.past', window.past, 1)
  mustBeWhole('timestampWindow.future', window.future, 0)
  return window
}

function checkSettings(settings: OAuth1Settings): void {
  for (const name of whole) mustBeWhole(name, settings[name], least[name] ?? 1)
  mustBeTexts('signatureMethods', settings.signatureMethods)
  mustBeTexts('origins', settings.origins)
  const { allowInsecureTransport } = settings
  // Not by truth: the text 'false' comes out of an environment.
  if (typeof allowInsecureTransport !== 'boolean')
    throw new TypeError(`oauth1.allowInsecureTransport: must be true or false, got ${shown(allowInsecureTransport)}`)
}

/** @throws TypeError that names the option, what it got and what is valid */
export function resolvedOAuth1({ ownSignatureMethods = [], generateToken, ...given }: OAuth1Options): ResolvedOAuth1 {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(defaultOAuth1Settings, name))
  if (unknown !== undefined) {
    throw new TypeError(
      `oauth1.${unknown}: there is no such option; valid are ${Object.keys(defaultOAuth1Settings).join(', ')}`,
    )
  }
  const settings = { ...defaultOAuth1Settings, ...given, timestampWindow: checkedWindow(given.timestampWindow) }
  checkSettings(settings)
  return {
    settings,
    signatureMethods: [...builtInSignatureMethods, ...ownSignatureMethods],
    generateToken: generateToken === undefined ? opaqueTokens(settings) : checkedTokens(generateToken),
  }
}
