import { opaqueText } from '../core/crypto/opaque-text.ts'
import type { OAuth1Settings } from './settings.ts'

/** `oauth_token` and `oauth_token_secret`, as they go to the client. */
export interface TokenAndSecret {
  /** `oauth_token`. */
  readonly token: string
  /** `oauth_token_secret`. */
  readonly secret: string
}

/** Makes `oauth_token` and `oauth_token_secret`, for temporary and for token credentials. */
export type TokenGenerator = () => TokenAndSecret

export const opaqueTokens =
  ({ tokenLength, secretLength }: Pick<OAuth1Settings, 'tokenLength' | 'secretLength'>): TokenGenerator =>
  () => ({ token: opaqueText(tokenLength), secret: opaqueText(secretLength) })
