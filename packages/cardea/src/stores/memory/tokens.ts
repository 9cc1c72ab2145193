import type { AccessToken, RefreshToken } from '../../core/model/token.ts'
import type { FoundAccessToken, FoundRefreshToken, TokenFilter, Tokens } from '../../core/ports/tokens.ts'
import { pageOf } from './page-of.ts'
import type { Tables } from './tables.ts'

/** Tokens of every kind are listed by the same filter. */
export const matches =
  ({ clientId, userId, digestPrefix }: TokenFilter) =>
  (token: Pick<AccessToken, 'clientId' | 'userId' | 'digest'>): boolean =>
    (clientId === undefined || token.clientId === clientId) &&
    (userId === undefined || token.userId === userId) &&
    (digestPrefix === undefined || token.digest.startsWith(digestPrefix))

export function memoryTokens(tables: Tables): Tokens {
  const foundAccess = (token: AccessToken): FoundAccessToken | undefined => {
    if (token.authorizationId === undefined) return { token, revoked: token.revokedAt !== undefined }
    const authorization = tables.families.get(token.authorizationId)?.authorization
    if (authorization === undefined) return undefined
    const revoked = token.revokedAt !== undefined || authorization.revokedAt !== undefined
    return { token, revoked }
  }

  const foundRefresh = (token: RefreshToken): FoundRefreshToken | undefined => {
    const authorization = tables.families.get(token.authorizationId)?.authorization
    return authorization === undefined ? undefined : { token, authorization }
  }

  return {
    async findAccess(digest) {
      const token = tables.accessTokens.get(digest)
      return token === undefined ? undefined : foundAccess(token)
    },
    async findRefresh(digest) {
      const token = tables.refreshTokens.get(digest)
      return token === undefined ? undefined : foundRefresh(token)
    },
    async revokeAccess(digest, at) {
      const token = tables.accessTokens.get(digest)
      if (token === undefined || token.revokedAt !== undefined) return false
      tables.accessTokens.set(digest, { ...token, revokedAt: at })
      return true
    },
    async listAccess(filter, page) {
      return pageOf(tables.accessTokens, page, matches(filter)).flatMap((token) => foundAccess(token) ?? [])
    },
    async listRefresh(filter, page) {
      return pageOf(tables.refreshTokens, page, matches(filter)).flatMap((token) => foundRefresh(token) ?? [])
    },
  }
}
