import type { Scope } from '../../core/model/scope.ts'
import type { Scopes } from '../../core/ports/scopes.ts'
import type { Database } from './database.ts'

interface ScopeRow {
  readonly name: string
  readonly description: string
  readonly is_default: number
}

export function sqliteScopes(db: Database): Scopes {
  const all = db.prepare<ScopeRow>('SELECT * FROM scopes ORDER BY position')
  const save = db.prepare(
    `INSERT INTO scopes (name, description, is_default, position)
       VALUES (?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM scopes))
     ON CONFLICT (name) DO UPDATE SET description = excluded.description, is_default = excluded.is_default`,
  )
  const remove = db.prepare('DELETE FROM scopes WHERE name = ?')

  const readAll = (): readonly Scope[] => {
    const cached = db.cache.scopes
    if (cached !== undefined) return cached
    const scopes = all.all().map(({ name, description, is_default }) => ({
      name,
      description,
      is_default: is_default === 1,
    }))
    db.cache.keepScopes(scopes)
    return scopes
  }

  return {
    all: () => db.read(readAll),
    save: ({ name, description, is_default }) =>
      db.write(() => {
        db.cache.keepScopes(undefined)
        save.run(name, description, Number(is_default))
      }),
    delete: (name) =>
      db.write(() => {
        db.cache.keepScopes(undefined)
        return remove.run(name).changes > 0
      }),
  }
}
