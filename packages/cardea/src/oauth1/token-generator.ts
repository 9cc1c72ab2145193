import { opaqueText } from '../core/crypto/opaque-text.ts'
import type { OAuth1Settings } from './settings.ts'

/** `oauth_token` and `oauth_token_secret`, as they go to the client. */
export interface TokenAndSecret {
  /** `oauth_token`. */
  readonly token: string
  /** `oauth_token_secret`. */
  readonly secret: string
}

/** Makes `oauth_token` and `oauth_token_secret`, for temporary and for token credentials: 22 to 512 characters of ASCII, never the same twice. */
export type TokenGenerator = () => TokenAndSecret

/** The least length leaves room for 128 bits; what is longer, or not in ASCII, clients could not send back. */
const sound = /^[\x20-\x7e]{22,512}$/

/**
 * The host's generator, held to what a credential needs.
 * @throws TypeError for what cannot be one; what it was is not told, since it may be one
 */
export const checkedTokens =
  (generate: TokenGenerator): TokenGenerator =>
  () => {
    const made = generate() as Partial<TokenAndSecret> | undefined
    const { token, secret } = made ?? {}
    if (typeof token === 'string' && typeof secret === 'string' && sound.test(token) && sound.test(secret))
      return { token, secret }
    throw new TypeError('generateToken: token and secret must be 22 to 512 characters of ASCII each')
  }

export const opaqueTokens =
  ({ tokenLength, secretLength }: Pick<OAuth1Settings, 'tokenLength' | 'secretLength'>): TokenGenerator =>
  () => ({ token: opaqueText(tokenLength), secret: opaqueText(secretLength) })
