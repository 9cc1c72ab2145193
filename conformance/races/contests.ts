import { deviceContests } from './device-contests.ts'
import { oauth1Contests } from './oauth1-contests.ts'
import { pageContests } from './page-contests.ts'
import type { Contest } from './race.ts'
import { registrationContests } from './registration-contests.ts'
import { tokenContests } from './token-contests.ts'

/** Everything that is good for one use. */
export const contests: readonly Contest[] = [
  ...tokenContests,
  ...pageContests,
  ...deviceContests,
  ...registrationContests,
  ...oauth1Contests,
]
