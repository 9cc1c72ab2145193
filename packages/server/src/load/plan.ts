import { InvalidInput } from '../config/problems.ts'
import { actionFor, type Change, type PlanContext } from './change.ts'
import { changedFields } from './changed-fields.ts'
import { scopeFrom } from './from-row.ts'
import type { LocatedRows } from './located-rows.ts'
import { planClient } from './plan-client.ts'
import { planUser } from './plan-user.ts'
import { problemsOf } from './row-problems.ts'
import type { ScopeRow } from './rows.ts'

async function planScope({ store }: PlanContext, row: ScopeRow): Promise<Change> {
  const stored = (await store.scopes.all()).find(({ name }) => name === row.name)
  const scope = scopeFrom(row)
  const fields = stored === undefined ? [] : changedFields(stored, scope)
  return {
    kind: 'scope',
    key: row.name,
    action: actionFor(stored, fields),
    fields,
    prepare: async () => () => store.scopes.save(scope),
    async undo() {
      if (stored === undefined) await store.scopes.delete(row.name)
      else await store.scopes.save(stored)
    },
  }
}

/**
 * What loading the rows would change. Reads only.
 * @throws InvalidInput with every problem at once
 */
export async function planOf(context: PlanContext, located: LocatedRows): Promise<Change[]> {
  const problems = await problemsOf(context, located)
  if (problems.length > 0) throw new InvalidInput(problems)
  const { scopes, clients, users } = located.rows
  // One after the other: verifying thousands of passwords at once would overrun the hasher's queue.
  const changes: Change[] = []
  for (const row of scopes) changes.push(await planScope(context, row))
  for (const row of clients) changes.push(await planClient(context, row))
  for (const row of users) changes.push(await planUser(context, row))
  return changes
}
