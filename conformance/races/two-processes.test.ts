import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contests } from './contests.ts'
import { runContest } from './race.ts'
import { prepared, reached, startProcess } from './server-process.ts'

const attempts = 40

test('BEAT-02: two server processes on one SQLite file', async (t) => {
  const folder = await prepared(t)
  const processes = [await startProcess(t, folder), await startProcess(t, folder)]
  const server = await reached(t, folder, processes)
  for (const contest of contests)
    await t.test(`${contest.title}, of ${attempts} at once (two processes)`, () =>
      runContest(contest, server, attempts),
    )
  await t.test('BEAT-02: no race was an error to either of them', () => {
    for (const { child, log } of processes) assert.deepEqual([child.exitCode, log()], [null, ''])
  })
})
