import type { Scopes } from '../../core/ports/scopes.ts'
import { pageOf } from './page-of.ts'
import type { Tables } from './tables.ts'

export const memoryScopes = (tables: Tables): Scopes => ({
  async all() {
    return pageOf(tables.scopes, { limit: tables.scopes.size }, () => true)
  },
  async save(scope) {
    tables.scopes.set(scope.name, scope)
  },
  async delete(name) {
    return tables.scopes.delete(name)
  },
})
