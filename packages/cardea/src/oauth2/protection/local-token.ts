import type { Engine } from '../../core/ports/engine.ts'
import { factClaims } from '../../core/tokens/fact-claims.ts'
import { type ActiveAccessToken, activeAccessToken } from '../../core/tokens/lookup.ts'
import type { TokenFacts } from './token-info.ts'
import type { TokenValidator } from './token-validator.ts'

const factsFrom = ({ claims, token }: ActiveAccessToken): TokenFacts => ({
  scheme: 'Bearer',
  clientId: token.clientId,
  scope: token.scope,
  ...(token.userId !== undefined && { userId: token.userId }),
  ...(token.expiresAt !== undefined && { expiresAt: token.expiresAt }),
  ...(token.authorizationId !== undefined && { authorizationId: token.authorizationId }),
  ...((token.facts ?? claims) !== undefined && { claims: { ...claims, ...factClaims(token.facts) } }),
})

/** The access tokens of an authorization server in this process (RFC 6750 §2.1). */
export const localTokens = (engine: Engine): TokenValidator => ({
  scheme: 'Bearer',
  async validate(token) {
    const active = await activeAccessToken(engine, token)
    return active === undefined ? undefined : factsFrom(active)
  },
})
