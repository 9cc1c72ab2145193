import { generationKeptFor, nextGeneration, type UnkeptTokens } from '../../core/ports/unkept-tokens.ts'
import type { Tables } from './tables.ts'

export const memoryUnkeptTokens = (tables: Tables): UnkeptTokens => ({
  async generation(clientId) {
    return tables.tokenGenerations.get(clientId)?.generation ?? 0
  },
  async revoke(digest, until) {
    if (tables.revokedTokens.has(digest)) return false
    tables.revokedTokens.set(digest, until)
    return true
  },
  async isRevoked(digest) {
    return tables.revokedTokens.has(digest)
  },
})

/** Everything that the client has without a row ends. */
export function beginGeneration({ tokenGenerations }: Tables, clientId: string, at: number): void {
  const before = tokenGenerations.get(clientId)
  tokenGenerations.set(clientId, {
    generation: nextGeneration(before?.generation ?? 0, at),
    keptUntil: Math.max(before?.keptUntil ?? 0, at + generationKeptFor),
  })
}
