import type { Database } from './database.ts'

/** What a full disk has no room for, while it may still take a row that only changes in place. */
const probeSize = 65_536

/** A key that nobody counts by; its row has ended, so that the sweep removes what a crash leaves behind. */
const probeKey = 'write check '.padEnd(probeSize, '.')

/**
 * `Store.check`: one small durable write. While other writes fail, it is a large one, committed and removed again: the
 * small one alone would tell balancers to send requests that all end with 503.
 */
export function writeCheck(db: Database): () => Promise<void> {
  const count = db.prepare('UPDATE write_checks SET count = count + 1')
  const insert = db.prepare('INSERT OR REPLACE INTO attempts (key, count, ends_at) VALUES (?, 0, 0)')
  const remove = db.prepare('DELETE FROM attempts WHERE key = ?')
  const proveRoom = async (): Promise<void> => {
    // Two commits: pages that are freed in the transaction that filled them are never written.
    await db.probe(() => insert.run(probeKey))
    await db.probe(() => remove.run(probeKey))
    db.recovered()
  }
  return async () => {
    await db.probe(() => count.run())
    if (db.failing) await proveRoom()
  }
}
