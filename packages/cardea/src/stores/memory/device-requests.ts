import type { DeviceApproval, DeviceRequest } from '../../core/model/device-request.ts'
import type { TokenDigest } from '../../core/model/digest.ts'
import type { DeviceRequests } from '../../core/ports/device-requests.ts'
import { refuseExisting } from './insert-new.ts'
import type { Tables } from './tables.ts'

export const memoryDeviceRequests = (tables: Tables): DeviceRequests => ({
  async save(request) {
    refuseExisting(tables.deviceRequests, request.digest)
    if (tables.userCodes.has(request.userCode)) return false
    tables.deviceRequests.set(request.digest, request)
    tables.userCodes.set(request.userCode, request.digest)
    return true
  },
  async find(digest) {
    return tables.deviceRequests.get(digest)
  },
  async findByUserCode(userCode) {
    const digest = tables.userCodes.get(userCode)
    return digest === undefined ? undefined : tables.deviceRequests.get(digest)
  },
  async claim(digest, userId) {
    const request = tables.deviceRequests.get(digest)
    if (request === undefined || isAnothers(request, userId)) return false
    tables.deviceRequests.set(digest, { ...request, claimedBy: userId })
    return true
  },
  async deny(digest, userId, at) {
    const request = decidable(tables, digest, userId, at)
    if (request === undefined) return false
    tables.deviceRequests.set(digest, { ...request, deniedAt: at })
    return true
  },
  async poll(digest, at, longer) {
    const request = tables.deviceRequests.get(digest)
    if (request === undefined) return undefined
    const { polledAt, interval } = request
    const tooSoon = polledAt !== undefined && at - polledAt < interval
    tables.deviceRequests.set(digest, { ...request, polledAt: at, interval: tooSoon ? interval + longer : interval })
    return tooSoon ? 'slow_down' : 'ok'
  },
})

export function deleteDeviceRequest(tables: Tables, digest: string): void {
  const request = tables.deviceRequests.get(digest)
  if (request === undefined) return
  tables.deviceRequests.delete(digest)
  tables.userCodes.delete(request.userCode)
}

const isAnothers = ({ claimedBy }: DeviceRequest, userId: string): boolean =>
  claimedBy !== undefined && claimedBy !== userId

function decidable(tables: Tables, digest: TokenDigest, userId: string, at: number): DeviceRequest | undefined {
  const request = tables.deviceRequests.get(digest)
  if (request === undefined || isAnothers(request, userId) || request.expiresAt <= at) return undefined
  return request.approval === undefined && request.deniedAt === undefined ? request : undefined
}

/** The step that approves, or nothing where that cannot be. */
export function approvingDevice(
  tables: Tables,
  { digest, approval }: { readonly digest: TokenDigest; readonly approval: DeviceApproval },
  at: number,
): (() => void) | undefined {
  const request = decidable(tables, digest, approval.userId, at)
  if (request === undefined) return undefined
  return () => tables.deviceRequests.set(digest, { ...request, approval })
}

/** The step that redeems an approved one, or nothing where that cannot be. */
export function spendingDevice(tables: Tables, digest: TokenDigest, at: number): (() => void) | undefined {
  const request = tables.deviceRequests.get(digest)
  if (request?.approval === undefined || request.spentAt !== undefined || request.expiresAt <= at) return undefined
  return () => tables.deviceRequests.set(digest, { ...request, spentAt: at })
}
