import { digestOf } from '../crypto/digest.ts'
import { randomText } from '../crypto/random.ts'
import { lookupDigest, mintToken } from '../crypto/token-text.ts'
import type { TokenDigest } from '../model/digest.ts'
import type { Engine } from '../ports/engine.ts'
import type { TokenGenerator, TokenTextRequest, TokenTexts } from '../ports/token-generator.ts'

type Kind = TokenTextRequest['kind']

/** RFC 6750 §2.1 b64token. The least length leaves room for 128 bits. */
const b64token = /^[A-Za-z0-9._~+/-]{1,512}={0,2}$/

const isSound = (text: unknown): text is string =>
  typeof text === 'string' && text.length >= 22 && text.length <= 512 && b64token.test(text)

/** @throws TypeError for what cannot be a token; what it was is not told, since it may be one */
function soundText(text: string, { kind, grantType }: TokenTextRequest): string {
  if (isSound(text)) return text
  const got = typeof text === 'string' ? `${(text as string).length} characters` : typeof text
  throw new TypeError(
    `tokenGenerators: the ${kind} token for ${grantType} must be 22 to 512 characters of RFC 6750 §2.1, got ${got}`,
  )
}

const generatorFor = (texts: TokenTexts, grantType: string): TokenGenerator | undefined =>
  texts.generators.get(grantType) ?? texts.generators.get('default')

/** The text of a token by the host's generator for it; `own` where there is none, or it leaves this one to us. */
export async function generatedText(texts: TokenTexts, request: TokenTextRequest, own: () => string): Promise<string> {
  const text = await generatorFor(texts, request.grantType)?.(Object.freeze(request))
  return text === undefined ? own() : soundText(text, request)
}

/** A new token of the usual text, unless the host wants another. A promise only where a generator is asked. */
export function newTokenText(
  { tokenTexts }: Engine,
  kind: Kind,
  request: Omit<TokenTextRequest, 'kind' | 'random'>,
): string | Promise<string> {
  if (tokenTexts === undefined) return mintToken(kind)
  const own = (): string => mintToken(kind, tokenTexts.lengths[kind])
  if (generatorFor(tokenTexts, request.grantType) === undefined) return own()
  return generatedText(tokenTexts, { ...request, kind, random: randomText(32) }, own)
}

/** Digest to look a presented token up by; undefined for what was never issued, as far as its shape can tell. */
export function presentedDigest({ tokenTexts }: Engine, kind: Kind, presented: string): TokenDigest | undefined {
  const own = lookupDigest(kind, presented)
  if (own !== undefined || tokenTexts === undefined || tokenTexts.generators.size === 0) return own
  return isSound(presented) ? digestOf(presented) : undefined
}
