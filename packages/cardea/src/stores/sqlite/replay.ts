import type { Replay } from '../../core/ports/replay.ts'
import { replayKey } from '../replay-key.ts'
import type { Database } from './database.ts'

export function sqliteReplay(db: Database): Replay {
  const claim = db.prepare(
    `INSERT INTO replay_marks (key, until) VALUES (?1, ?2)
     ON CONFLICT (key) DO UPDATE SET until = excluded.until WHERE until < ?3`,
  )
  return {
    claim: (key, until, at) => db.write(() => (claim.run(replayKey(key), until, at).changes > 0 ? 'first' : 'seen')),
  }
}
