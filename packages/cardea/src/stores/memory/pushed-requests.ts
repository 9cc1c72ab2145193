import type { TokenDigest } from '../../core/model/digest.ts'
import type { PushedRequests } from '../../core/ports/pushed-requests.ts'
import { insertNew } from './insert-new.ts'
import type { Tables } from './tables.ts'

/** Whether it was there and not taken. */
export function takePushed({ pushedRequests }: Tables, digest: TokenDigest, at: number): boolean {
  const request = pushedRequests.get(digest)
  if (request === undefined || request.takenAt !== undefined) return false
  pushedRequests.set(digest, { ...request, takenAt: at })
  return true
}

export const memoryPushedRequests = (tables: Tables): PushedRequests => ({
  async save(request) {
    insertNew(tables.pushedRequests, request.digest, request)
  },
  async find(digest) {
    return tables.pushedRequests.get(digest)
  },
  async take(digest, at) {
    return takePushed(tables, digest, at)
  },
})
