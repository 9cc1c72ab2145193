import type { Sessions } from '../../core/ports/sessions.ts'
import { deleteSessions } from './endings.ts'
import type { Tables } from './tables.ts'
import { userStands } from './users.ts'

export const memorySessions = (tables: Tables): Sessions => ({
  async find(digest) {
    return tables.sessions.get(digest)
  },
  async save(session, requireUser, requirePassword) {
    if (requireUser && !userStands(tables, session.userId, requirePassword)) return false
    tables.sessions.set(session.digest, session)
    return true
  },
  async delete(digest) {
    tables.sessions.delete(digest)
  },
  async deleteByUser(userId) {
    deleteSessions(tables, userId)
  },
})
