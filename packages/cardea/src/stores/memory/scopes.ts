import type { Scopes } from '../../core/ports/scopes.ts'
import { keptRow } from './kept-row.ts'
import type { Tables } from './tables.ts'

export const memoryScopes = (tables: Tables): Scopes => ({
  async all() {
    return [...tables.scopes.values()]
  },
  async save(scope) {
    tables.scopes.set(scope.name, keptRow(scope))
  },
  async delete(name) {
    return tables.scopes.delete(name)
  },
})
