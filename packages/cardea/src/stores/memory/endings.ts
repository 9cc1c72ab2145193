import type { TemporaryCredential } from '../../core/model/temporary-credential.ts'
import type { AccessToken } from '../../core/model/token.ts'
import { deleteDeviceRequest } from './device-requests.ts'
import type { Tables } from './tables.ts'
import { beginGeneration } from './unkept-tokens.ts'

/** Marks the authorization; everything below it reads as revoked from then on. Returns whether it was newly revoked. */
export function revokeFamily(tables: Tables, id: string, at: number): boolean {
  const family = tables.families.get(id)
  if (family === undefined || family.authorization.revokedAt !== undefined) return false
  family.authorization = { ...family.authorization, revokedAt: at }
  return true
}

export function deleteFamily(tables: Tables, id: string): void {
  const family = tables.families.get(id)
  if (family === undefined) return
  for (const digest of family.accessTokens) tables.accessTokens.delete(digest)
  for (const digest of family.refreshTokens) tables.refreshTokens.delete(digest)
  for (const digest of family.tokenCredentials) tables.tokenCredentials.delete(digest)
  tables.families.delete(id)
}

interface Owned {
  readonly clientId: string
  readonly userId?: string
}

/** A temporary credential belongs to whoever approved it, and to nobody before. */
const ownerOf = ({ clientId, approval }: TemporaryCredential): Owned =>
  approval === undefined ? { clientId } : { clientId, userId: approval.userId }

/** What was exchanged for a client may hang below the authorization of another one (RFC 8693). */
function isBelowOwn(tables: Tables, { authorizationId, clientId }: AccessToken): boolean {
  return authorizationId !== undefined && tables.families.get(authorizationId)?.authorization.clientId === clientId
}

/** Ends all that matches without forgetting it: authorizations, tokens that stand alone, and what was not exchanged. */
export function revokeOwned(tables: Tables, owned: (row: Owned) => boolean, at: number): number {
  let ended = 0
  for (const [id, { authorization }] of tables.families) {
    if (owned(authorization) && revokeFamily(tables, id, at)) ended += 1
  }
  for (const [digest, token] of tables.accessTokens) {
    if (token.revokedAt === undefined && owned(token) && !isBelowOwn(tables, token)) {
      tables.accessTokens.set(digest, { ...token, revokedAt: at })
    }
  }
  for (const [digest, code] of tables.codes) {
    if (code.spentAt === undefined && owned(code)) tables.codes.delete(digest)
  }
  for (const [digest, credential] of tables.temporaryCredentials) {
    if (credential.takenAt === undefined && owned(ownerOf(credential))) tables.temporaryCredentials.delete(digest)
  }
  forgetDeviceRequests(tables, owned)
  return ended
}

/** The same for all that a client has, tokens without a row included. */
export function revokeClientOwned(tables: Tables, clientId: string, at: number): number {
  beginGeneration(tables, clientId, at)
  return revokeOwned(tables, (row) => row.clientId === clientId, at)
}

/** Removes all that matches: authorizations with what hangs below them, what stands alone, consents. */
export function deleteOwned(tables: Tables, owned: (row: Owned) => boolean): void {
  for (const [id, { authorization }] of tables.families) if (owned(authorization)) deleteFamily(tables, id)
  for (const [digest, token] of tables.accessTokens) if (owned(token)) tables.accessTokens.delete(digest)
  for (const [digest, code] of tables.codes) if (owned(code)) tables.codes.delete(digest)
  for (const [digest, credential] of tables.tokenCredentials) {
    if (owned(credential)) tables.tokenCredentials.delete(digest)
  }
  for (const [digest, credential] of tables.temporaryCredentials) {
    if (owned(ownerOf(credential))) tables.temporaryCredentials.delete(digest)
  }
  forgetDeviceRequests(tables, owned)
  deleteConsents(tables, owned)
}

/** The same for all that a client had, tokens without a row included. */
export function deleteClientOwned(tables: Tables, clientId: string, at: number): void {
  beginGeneration(tables, clientId, at)
  deleteOwned(tables, (row) => row.clientId === clientId)
}

/** Those not redeemed; like a temporary credential, one belongs to whoever approved it. */
function forgetDeviceRequests(tables: Tables, owned: (row: Owned) => boolean): void {
  for (const [digest, { clientId, approval, spentAt }] of tables.deviceRequests) {
    const owner = approval === undefined ? { clientId } : { clientId, userId: approval.userId }
    if (spentAt === undefined && owned(owner)) deleteDeviceRequest(tables, digest)
  }
}

export function deleteConsents(tables: Tables, owned: (row: Owned) => boolean): void {
  for (const [key, consent] of tables.consents) if (owned(consent)) tables.consents.delete(key)
}

export function deleteSessions(tables: Tables, userId: string): void {
  for (const [digest, session] of tables.sessions) if (session.userId === userId) tables.sessions.delete(digest)
}
