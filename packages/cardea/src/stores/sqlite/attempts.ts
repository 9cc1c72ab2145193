import { type Attempts, clockTolerance } from '../../core/ports/attempts.ts'
import type { Database } from './database.ts'

export function sqliteAttempts(db: Database): Attempts {
  const isOver = `ends_at <= ?3 OR ends_at > ?2 + ${clockTolerance}`
  const add = db.prepare<{ count: number; ends_at: number }>(
    `INSERT INTO attempts (key, count, ends_at) VALUES (?1, 1, ?2)
     ON CONFLICT (key) DO UPDATE SET
       count = CASE WHEN ${isOver} THEN 1 ELSE count + 1 END,
       ends_at = CASE WHEN ${isOver} THEN excluded.ends_at ELSE ends_at END
     RETURNING count, ends_at`,
  )
  const takeBack = db.prepare('UPDATE attempts SET count = max(0, count - 1) WHERE key = ?')
  const clear = db.prepare('DELETE FROM attempts WHERE key = ?')
  return {
    add: (key, window, at) =>
      db.write(() => {
        const row = add.get(key, at + window, at)
        return { count: row?.count ?? 1, endsAt: row?.ends_at ?? at + window }
      }),
    takeBack: (key) =>
      db.write(() => {
        takeBack.run(key)
      }),
    clear: (key) =>
      db.write(() => {
        clear.run(key)
      }),
  }
}
