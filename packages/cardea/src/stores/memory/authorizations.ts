import type { Authorizations, Consents } from '../../core/ports/authorizations.ts'
import { deleteConsents, revokeClientOwned, revokeFamily, revokeOwned } from './endings.ts'
import { pageOf } from './page-of.ts'
import { consentKey, type Tables } from './tables.ts'

export const memoryAuthorizations = (tables: Tables): Authorizations => ({
  async find(id) {
    return tables.families.get(id)?.authorization
  },
  async list({ clientId, userId }, page) {
    const families = pageOf(
      tables.families,
      page,
      ({ authorization }) =>
        (clientId === undefined || authorization.clientId === clientId) &&
        (userId === undefined || authorization.userId === userId),
    )
    return families.map((family) => family.authorization)
  },
  async revoke(id, at) {
    return revokeFamily(tables, id, at)
  },
  async revokeByUser(userId, at, clientId) {
    const owned = (row: { userId?: string; clientId: string }): boolean =>
      row.userId === userId && (clientId === undefined || row.clientId === clientId)
    deleteConsents(tables, owned)
    return revokeOwned(tables, owned, at)
  },
  async revokeByClient(clientId, at) {
    return revokeClientOwned(tables, clientId, at)
  },
})

export const memoryConsents = (tables: Tables): Consents => ({
  async find(userId, clientId) {
    return tables.consents.get(consentKey(userId, clientId))
  },
})
