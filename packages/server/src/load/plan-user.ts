import type { StoredUser } from 'cardea'
import { isForeignHash } from '../accounts/hash-formats.ts'
import { actionFor, type Change, NameTaken, type PlanContext } from './change.ts'
import { changedFields } from './changed-fields.ts'
import { userFrom } from './from-row.ts'
import type { UserRow } from './rows.ts'

/** A moved hash is made anew at the first sign-in, and must not come back at the next load. */
function takesHash(stored: string | undefined, declared: string | undefined): declared is string {
  if (declared === undefined || declared === stored) return false
  return stored === undefined || isForeignHash(stored) || !isForeignHash(declared)
}

/** How the row's password is to be stored, or undefined when it is stored already. */
async function newPassword(
  { hasher }: PlanContext,
  { password, password_hash: hash }: UserRow,
  stored: StoredUser | undefined,
): Promise<(() => Promise<string>) | undefined> {
  if (takesHash(stored?.password_hash, hash)) return async () => hash
  if (password === undefined) return undefined
  const isKnown = stored?.password_hash !== undefined && (await hasher.verify(stored.password_hash, password))
  return isKnown ? undefined : () => hasher.hash(password)
}

export async function planUser(context: PlanContext, row: UserRow): Promise<Change> {
  const { store, now } = context
  const stored = await store.users.findByUsername(row.username)
  const user = userFrom(row, stored, now)
  const hash = await newPassword(context, row, stored)
  const fields = stored === undefined ? [] : changedFields(stored, user)
  if (stored !== undefined && hash !== undefined) fields.push('password')
  return {
    kind: 'user',
    key: row.username,
    action: actionFor(stored, fields),
    fields,
    async prepare() {
      const password = hash === undefined ? {} : { password_hash: await hash() }
      return async () => {
        if ((await store.users.save({ ...user, ...password })) === 'username_taken') throw new NameTaken([row.username])
      }
    },
    async undo() {
      if (stored === undefined) await store.users.delete(user.id)
      else await store.users.save(stored)
    },
  }
}
