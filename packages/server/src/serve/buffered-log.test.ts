import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BufferedLog, bufferedLog } from './buffered-log.ts'
import { serverLog } from './event-log.ts'

function written(): { readonly groups: string[]; readonly calls: string[]; readonly sink: BufferedLog } {
  const groups: string[] = []
  const calls: string[] = []
  const destination = {
    write: (text: string) => {
      groups.push(text)
      calls.push('write')
    },
    flushSync: () => void calls.push('flushSync'),
  }
  return { groups, calls, sink: bufferedLog(destination) }
}

const messages = (groups: readonly string[]): string[] =>
  groups
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).msg)

test('log: lines that say little wait for each other, and a tenth of a second at most', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const { groups, sink } = written()
  const log = serverLog('info', sink)
  log.info('one')
  log.info('two')
  context.mock.timers.tick(99)
  assert.deepEqual(groups, [])
  context.mock.timers.tick(1)
  assert.equal(groups.length, 1)
  assert.deepEqual(messages(groups), ['one', 'two'])
  log.info('three')
  context.mock.timers.tick(100)
  assert.deepEqual(messages(groups), ['one', 'two', 'three'])
})

test('log: a warning waits for nothing and comes after what was said before it', () => {
  const { groups, sink } = written()
  const log = serverLog('info', sink)
  log.info('before')
  log.warn('now')
  assert.deepEqual(messages(groups), ['before', 'now'])
  log.info('after')
  assert.equal(groups.length, 1)
  log.error('again')
  assert.deepEqual(messages(groups), ['before', 'now', 'after', 'again'])
  sink.flush()
})

test('log: many lines are handed on before the time is over, in order and each once', () => {
  const { groups, sink } = written()
  const log = serverLog('info', sink)
  const wanted = Array.from({ length: 500 }, (_, index) => `line ${index}`)
  for (const text of wanted) log.info(text)
  assert.ok(groups.length > 1 && groups.length < 50, `${groups.length} groups`)
  sink.flush()
  assert.deepEqual(messages(groups), wanted)
})

test('log: flushed for the end of the process, everything said is written, and written out', () => {
  const { groups, calls, sink } = written()
  serverLog('info', sink).info('last words')
  sink.flushSync()
  assert.deepEqual(messages(groups), ['last words'])
  assert.deepEqual(calls, ['write', 'flushSync'])
  sink.flushSync()
  assert.deepEqual(calls, ['write', 'flushSync', 'flushSync'])
})
