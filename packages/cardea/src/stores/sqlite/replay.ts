import type { Replay } from '../../core/ports/replay.ts'
import { replayKey } from '../replay-key.ts'
import type { Database } from './database.ts'

/** Whether the mark is new; to be run inside a write. */
export type Marking = (key: string, until: number, at: number) => boolean

export function marking(db: Database): Marking {
  const claim = db.prepare(
    `INSERT INTO replay_marks (key, until) VALUES (?1, ?2)
     ON CONFLICT (key) DO UPDATE SET until = excluded.until WHERE until < ?3`,
  )
  return (key, until, at) => claim.run(replayKey(key), until, at).changes > 0
}

export function sqliteReplay(db: Database): Replay {
  const mark = marking(db)
  return {
    claim: (key, until, at) => db.write(() => (mark(key, until, at) ? 'first' : 'seen')),
  }
}
