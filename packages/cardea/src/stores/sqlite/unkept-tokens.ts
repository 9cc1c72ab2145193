import { generationKeptFor, nextGeneration, type UnkeptTokens } from '../../core/ports/unkept-tokens.ts'
import type { Database } from './database.ts'

export function sqliteUnkeptTokens(db: Database): UnkeptTokens {
  const generation = generationLookup(db)
  const revoke = db.prepare('INSERT INTO revoked_tokens (digest, until) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const isRevoked = db.prepare('SELECT 1 FROM revoked_tokens WHERE digest = ?')
  return {
    generation: (clientId) => db.read(() => generation(clientId)),
    revoke: (digest, until) => db.write(() => revoke.run(digest, until).changes > 0),
    isRevoked: (digest) => db.read(() => isRevoked.get(digest) !== undefined),
  }
}

function generationLookup(db: Database): (clientId: string) => number {
  const find = db.prepare<{ generation: number }>('SELECT generation FROM token_generations WHERE client_id = ?')
  return (clientId) => {
    const cached = db.cache.generation(clientId)
    if (cached !== undefined) return cached
    const found = find.get(clientId)?.generation ?? 0
    db.cache.keepGeneration(clientId, found)
    return found
  }
}

/** Everything that a client has without a row ends. To be run inside a write. */
export function generationStart(db: Database): (clientId: string, at: number) => void {
  const lookup = generationLookup(db)
  const save = db.prepare(
    `INSERT INTO token_generations (client_id, generation, kept_until) VALUES (?, ?, ?)
     ON CONFLICT (client_id) DO UPDATE SET generation = excluded.generation,
       kept_until = max(kept_until, excluded.kept_until)`,
  )
  return (clientId, at) => {
    const generation = nextGeneration(lookup(clientId), at)
    db.cache.keepGeneration(clientId, generation)
    save.run(clientId, generation, at + generationKeptFor)
  }
}
