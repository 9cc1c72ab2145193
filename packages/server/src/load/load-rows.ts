import { applyAll } from './apply.ts'
import { type Change, NameTaken, type PlanContext } from './change.ts'
import type { LocatedRows } from './located-rows.ts'
import { planOf } from './plan.ts'

/** Each time, the rows of whoever was faster are found as stored ones. */
const mostAttempts = 3

const nameOf = ({ kind, key }: Change): string => `${kind} ${key}`

/**
 * Brings the store up to date with the rows. Several processes may do so at once, as servers that start together do.
 * Returns what it changed.
 * @throws InvalidInput with every problem at once
 */
export async function loadRows(context: PlanContext, rows: LocatedRows): Promise<Change[]> {
  const made = new Map<string, Change>()
  for (let attempt = 1; ; attempt += 1) {
    const changes = await planOf(context, rows)
    try {
      await applyAll(changes)
      return changes.map((change) => (change.action === 'unchanged' ? (made.get(nameOf(change)) ?? change) : change))
    } catch (error) {
      if (!(error instanceof NameTaken) || attempt === mostAttempts) throw error
      const wasMade = ({ action, kind, key }: Change): boolean =>
        action !== 'unchanged' && !(kind === 'user' && error.usernames.includes(key))
      for (const change of changes.filter(wasMade)) made.set(nameOf(change), change)
    }
  }
}
