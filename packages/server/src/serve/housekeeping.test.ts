import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { serverLog } from './event-log.ts'
import { startHousekeeping } from './housekeeping.ts'

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

function started(context: TestContext, sweep: (limit?: number) => Promise<number>) {
  context.mock.timers.enable({ apis: ['setInterval'] })
  let log = ''
  const housekeeping = startHousekeeping(
    { sweep },
    60,
    serverLog('warn', {
      write: (line) => {
        log += line
      },
    }),
  )
  return { housekeeping, log: () => log, minute: () => context.mock.timers.tick(60_000) }
}

test('housekeeping: sweeps in slices until nothing is left, once an interval', async (context) => {
  const left = [100, 100, 7, 0]
  let calls = 0
  const { housekeeping, minute } = started(context, async () => {
    calls += 1
    return left.shift() ?? 0
  })
  minute()
  await turns(12)
  assert.equal(calls, 4)
  minute()
  await turns(4)
  assert.equal(calls, 5)
  await housekeeping.stop()
})

test('housekeeping: a failure is logged, and the next interval tries again', async (context) => {
  let calls = 0
  const { housekeeping, log, minute } = started(context, async () => {
    calls += 1
    throw new Error('disk full')
  })
  minute()
  await turns(4)
  minute()
  await turns(4)
  assert.equal(calls, 2)
  assert.match(log(), /disk full/)
  await housekeeping.stop()
})

test('housekeeping: a long sweep is not begun a second time, and stop waits for its slice only', async (context) => {
  let calls = 0
  let finish = (_rows: number): void => undefined
  const { housekeeping, minute } = started(context, () => {
    calls += 1
    return new Promise((resolve) => {
      finish = resolve
    })
  })
  minute()
  minute()
  assert.equal(calls, 1)
  const stopped = housekeeping.stop()
  finish(100)
  await stopped
  assert.equal(calls, 1)
})
