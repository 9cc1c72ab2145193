import type { Resource } from '../../core/model/resource.ts'
import type { Resources } from '../../core/ports/resources.ts'
import type { Database } from './database.ts'
import { type Draft, scopeList, scopeText } from './row-values.ts'

interface ResourceRow {
  readonly identifier: string
  readonly name: string
  readonly scopes: string | null
  readonly token_format: 'opaque' | 'jwt' | null
  readonly signing_alg: string | null
  readonly access_token_lifetime: number | null
  readonly keeps_tokens: number | null
}

function resourceFrom(row: ResourceRow): Resource {
  const resource: Draft<Resource> = { identifier: row.identifier, name: row.name }
  if (row.scopes !== null) resource.scopes = scopeList(row.scopes)
  if (row.token_format !== null) resource.token_format = row.token_format
  if (row.signing_alg !== null) resource.signing_alg = row.signing_alg
  if (row.access_token_lifetime !== null) resource.access_token_lifetime = row.access_token_lifetime
  if (row.keeps_tokens !== null) resource.keeps_tokens = row.keeps_tokens === 1
  return resource
}

export function sqliteResources(db: Database): Resources {
  const all = db.prepare<ResourceRow>('SELECT * FROM resources ORDER BY position')
  const save = db.prepare(
    `INSERT INTO resources (identifier, name, scopes, token_format, signing_alg, access_token_lifetime, keeps_tokens,
       position) VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM resources))
     ON CONFLICT (identifier) DO UPDATE SET name = excluded.name, scopes = excluded.scopes,
       token_format = excluded.token_format, signing_alg = excluded.signing_alg,
       access_token_lifetime = excluded.access_token_lifetime, keeps_tokens = excluded.keeps_tokens`,
  )
  const remove = db.prepare('DELETE FROM resources WHERE identifier = ?')
  const readAll = (): readonly Resource[] => {
    const cached = db.cache.resources
    if (cached !== undefined) return cached
    const resources = all.all().map(resourceFrom)
    db.cache.keepResources(resources)
    return resources
  }
  return {
    all: () => db.read(readAll),
    save: ({ identifier, name, scopes, token_format, signing_alg, access_token_lifetime, keeps_tokens }) =>
      db.write(() => {
        db.cache.keepResources(undefined)
        save.run(
          identifier,
          name,
          scopes === undefined ? null : scopeText(scopes),
          token_format ?? null,
          signing_alg ?? null,
          access_token_lifetime ?? null,
          keeps_tokens === undefined ? null : Number(keeps_tokens),
        )
      }),
    delete: (identifier) =>
      db.write(() => {
        db.cache.keepResources(undefined)
        return remove.run(identifier).changes > 0
      }),
  }
}
