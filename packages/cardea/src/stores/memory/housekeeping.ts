import { deviceRequestKept } from '../../core/model/device-request.ts'
import type { Housekeeping } from '../../core/ports/housekeeping.ts'
import { deleteDeviceRequest } from './device-requests.ts'
import { deleteFamily } from './endings.ts'
import type { Tables } from './tables.ts'

export const memoryHousekeeping = (tables: Tables): Housekeeping => ({
  async sweep(at, limit) {
    const ended = (row: { readonly expiresAt?: number }): boolean => row.expiresAt !== undefined && row.expiresAt < at
    return (
      sweepRows(tables.accessTokens, ended, limit, (digest, { authorizationId }) => {
        tables.accessTokens.delete(digest)
        if (authorizationId !== undefined) tables.families.get(authorizationId)?.accessTokens.delete(digest)
      }) +
      sweepRows(tables.refreshTokens, ended, limit, (digest, { authorizationId }) => {
        tables.refreshTokens.delete(digest)
        tables.families.get(authorizationId)?.refreshTokens.delete(digest)
      }) +
      sweepRows(tables.tokenCredentials, ended, limit, (digest, { authorizationId }) => {
        tables.tokenCredentials.delete(digest)
        tables.families.get(authorizationId)?.tokenCredentials.delete(digest)
      }) +
      sweepRows(tables.temporaryCredentials, ended, limit, (digest) => tables.temporaryCredentials.delete(digest)) +
      sweepRows(
        tables.replayMarks,
        (until) => until < at,
        limit,
        (key) => tables.replayMarks.delete(key),
      ) +
      sweepRows(
        tables.revokedTokens,
        (until) => until < at,
        limit,
        (digest) => tables.revokedTokens.delete(digest),
      ) +
      sweepRows(
        tables.tokenGenerations,
        ({ keptUntil }) => keptUntil < at,
        limit,
        (clientId) => tables.tokenGenerations.delete(clientId),
      ) +
      sweepRows(
        tables.deviceRequests,
        ({ expiresAt }) => expiresAt < at - deviceRequestKept,
        limit,
        (digest) => deleteDeviceRequest(tables, digest),
      ) +
      sweepRows(tables.pushedRequests, ended, limit, (digest) => tables.pushedRequests.delete(digest)) +
      sweepRows(tables.initialAccessTokens, ended, limit, (digest) => tables.initialAccessTokens.delete(digest)) +
      sweepRows(tables.signingKeys, ended, limit, (kid) => tables.signingKeys.delete(kid)) +
      sweepRows(tables.codes, ended, limit, (digest) => tables.codes.delete(digest)) +
      sweepRows(
        tables.families,
        ({ authorization }) => ended(authorization),
        limit,
        (id) => deleteFamily(tables, id),
      ) +
      sweepRows(tables.interactions, ended, limit, (id) => tables.interactions.delete(id)) +
      sweepRows(tables.sessions, ended, limit, (digest) => tables.sessions.delete(digest)) +
      sweepRows(
        tables.attempts,
        ({ endsAt }) => endsAt < at,
        limit,
        (key) => tables.attempts.delete(key),
      )
    )
  },
})

function sweepRows<T>(
  rows: ReadonlyMap<string, T>,
  ended: (row: T) => boolean,
  limit: number,
  remove: (key: string, row: T) => void,
): number {
  let removed = 0
  for (const [key, row] of rows) {
    if (removed === limit) break
    if (!ended(row)) continue
    remove(key, row)
    removed += 1
  }
  return removed
}
