import type { InitialAccessTokens } from '../../core/ports/initial-access-tokens.ts'
import { insertNew } from './insert-new.ts'
import type { Tables } from './tables.ts'

export const memoryInitialAccessTokens = ({ initialAccessTokens }: Tables): InitialAccessTokens => ({
  async save(token) {
    insertNew(initialAccessTokens, token.digest, token)
  },
  async all() {
    return [...initialAccessTokens.values()]
      .filter(({ usesLeft }) => usesLeft !== 0)
      .sort((one, other) => one.createdAt - other.createdAt)
  },
  async find(digest) {
    return initialAccessTokens.get(digest)
  },
  async use(digest, at) {
    const token = initialAccessTokens.get(digest)
    if (token === undefined || token.usesLeft === 0) return false
    if (token.expiresAt !== undefined && token.expiresAt <= at) return false
    if (token.usesLeft !== undefined) initialAccessTokens.set(digest, { ...token, usesLeft: token.usesLeft - 1 })
    return true
  },
  async delete(digest) {
    return initialAccessTokens.delete(digest)
  },
})
