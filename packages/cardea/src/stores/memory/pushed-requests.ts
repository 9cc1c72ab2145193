import type { PushedRequests } from '../../core/ports/pushed-requests.ts'
import { insertNew } from './insert-new.ts'
import type { Tables } from './tables.ts'

export const memoryPushedRequests = (tables: Tables): PushedRequests => ({
  async save(request) {
    insertNew(tables.pushedRequests, request.digest, request)
  },
  async find(digest) {
    return tables.pushedRequests.get(digest)
  },
  async take(digest, at) {
    const request = tables.pushedRequests.get(digest)
    if (request === undefined || request.takenAt !== undefined) return false
    tables.pushedRequests.set(digest, { ...request, takenAt: at })
    return true
  },
})
