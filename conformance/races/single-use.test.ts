import { test } from 'node:test'
import { contests } from './contests.ts'
import { shortTermContests } from './oauth1-contests.ts'
import { runContest } from './race.ts'
import { reuseWindow } from './token-contests.ts'
import { withCache, withReuseWindow, worlds } from './worlds.ts'

const attempts = 100

for (const [name, open] of Object.entries(worlds))
  for (const contest of contests)
    test(`${contest.title}, of a hundred at once (${name})`, async (t) => runContest(contest, await open(t), attempts))

for (const contest of shortTermContests)
  test(`${contest.title}, of a hundred at once (SQLite and a cache)`, async (t) =>
    runContest(contest, await withCache(t), attempts))

test(`${reuseWindow.title}, of a hundred at once (two stores on one SQLite file)`, async (t) =>
  runContest(reuseWindow, await withReuseWindow(t), attempts))
