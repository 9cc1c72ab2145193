import type { Codes } from '../../core/ports/codes.ts'
import type { Tables } from './tables.ts'

export const memoryCodes = (tables: Tables): Codes => ({
  async find(digest) {
    return tables.codes.get(digest)
  },
})
