import { digestOf } from '../crypto/digest.ts'
import type { JwtClaims } from '../crypto/jose/jwt-policy.ts'
import { randomText } from '../crypto/random.ts'
import { lookupDigest, mintToken } from '../crypto/token-text.ts'
import type { TokenDigest } from '../model/digest.ts'
import type { Engine } from '../ports/engine.ts'
import type { TokenGenerator, TokenTextRequest, TokenTexts } from '../ports/token-generator.ts'
import { presentedJwt } from './jwt-access-token.ts'

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

/** What a presented access token is found by, and what it says by itself. */
export interface PresentedAccessToken {
  readonly digest: TokenDigest
  /** Of a JWT whose signature is ours. */
  readonly claims?: JwtClaims
}

/** Undefined for what was never issued, as far as shape and signature tell. A promise only for a JWT. */
export function presentedAccessToken(
  engine: Engine,
  presented: string,
): undefined | PresentedAccessToken | Promise<PresentedAccessToken | undefined> {
  const digest = presentedDigest(engine, 'access', presented)
  const opaque = digest === undefined ? undefined : { digest }
  return presentedJwt(engine, presented)?.then((jwt) => jwt ?? opaque) ?? opaque
}

/** Digest to look a presented token up by; undefined for what was never issued, as far as its shape can tell. */
export function presentedDigest({ tokenTexts }: Engine, kind: Kind, presented: string): TokenDigest | undefined {
  const own = lookupDigest(kind, presented)
  if (own !== undefined || tokenTexts === undefined || tokenTexts.generators.size === 0) return own
  return isSound(presented) ? digestOf(presented) : undefined
}
