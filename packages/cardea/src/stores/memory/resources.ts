import type { Resources } from '../../core/ports/resources.ts'
import { keptRow } from './kept-row.ts'
import type { Tables } from './tables.ts'

export const memoryResources = ({ resources }: Tables): Resources => ({
  async all() {
    return [...resources.values()]
  },
  async save(resource) {
    resources.set(resource.identifier, keptRow(resource))
  },
  async delete(identifier) {
    return resources.delete(identifier)
  },
})
