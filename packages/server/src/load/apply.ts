import type { Change } from './change.ts'

/** Rows of which it is not known whether they could be put back. */
export class NotUndone extends Error {
  constructor(keys: readonly string[], cause: unknown) {
    super(`The load failed, and these rows could not be put back: ${keys.join(', ')}`, { cause })
    this.name = 'NotUndone'
  }
}

/**
 * Makes the changes, one after the other, and undoes those already made when one fails: the ports commit row by row.
 * What ends sessions and tokens comes last, so that only a failure among those few leaves an end behind.
 */
export async function applyAll(changes: readonly Change[]): Promise<void> {
  const due = changes.filter(({ action }) => action !== 'unchanged')
  const ordered = [...due.filter(({ isFinal }) => !isFinal), ...due.filter(({ isFinal }) => isFinal)]
  const done: Change[] = []
  for (const change of ordered) {
    try {
      await change.apply()
      done.push(change)
    } catch (error) {
      await undoAll(done.reverse(), error)
      throw error
    }
  }
}

async function undoAll(done: readonly Change[], cause: unknown): Promise<void> {
  const stuck: string[] = []
  for (const change of done) {
    try {
      await change.undo()
    } catch {
      stuck.push(`${change.kind} ${change.key}`)
    }
  }
  if (stuck.length > 0) throw new NotUndone(stuck, cause)
}
