import { type Change, NameTaken } from './change.ts'

/** Rows of which it is not known whether they could be put back. */
export class NotUndone extends Error {
  constructor(keys: readonly string[], cause: unknown) {
    super(`The load failed, and these rows could not be put back: ${keys.join(', ')}`, { cause })
    this.name = 'NotUndone'
  }
}

/**
 * Makes the changes, all or none. The writes begin in one turn of the event loop, so that the SQLite store commits them
 * as one: a full disk or a killed process leaves none of them. A store that commits row by row has those undone that
 * were made.
 * @throws NameTaken when another load was faster; the other rows are written then, and planning anew finds the rest
 */
export async function applyAll(changes: readonly Change[]): Promise<void> {
  const due = changes.filter(({ action }) => action !== 'unchanged')
  const writes: (() => Promise<void>)[] = []
  // One after the other: hashing thousands of passwords at once would overrun the hasher's queue.
  for (const change of due) writes.push(await change.prepare())
  const results = await Promise.allSettled(writes.map((write) => write()))
  const failures: unknown[] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  if (failures.length === 0) return
  const taken = failures.filter((failure) => failure instanceof NameTaken)
  // Not undone: rows that the other load made as well would be deleted under it, with all that was issued to them.
  if (taken.length === failures.length) throw new NameTaken(taken.flatMap(({ usernames }) => usernames))
  await undoAll(due.filter((_, index) => results[index]?.status === 'fulfilled').reverse(), failures[0])
  throw failures[0]
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
