import type { Use } from '../../core/ports/ledger.ts'
import type { Database } from './database.ts'
import { takingPushed } from './pushed-requests.ts'
import { marking } from './replay.ts'

/** Uses up what a request was made with, in order; the place of the first that was used before. To be run inside a write. */
export type Using = (uses: readonly Use[], at: number) => number | undefined

export function using(db: Database): Using {
  const mark = marking(db)
  const take = takingPushed(db)
  const isFirst = (use: Use, at: number): boolean =>
    use.kind === 'mark' ? mark(use.key, use.until, at) : take(use.digest, at)
  return (uses, at) => {
    const used = uses.findIndex((use) => !isFirst(use, at))
    return used === -1 ? undefined : used
  }
}
