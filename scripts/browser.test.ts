import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chromium, findChromium } from './browser.ts'
import type { Machine } from './distribution-packages.ts'
import type { RunOptions } from './process-groups.ts'

const only =
  (...paths: string[]) =>
  (path: string): boolean =>
    paths.includes(path)

test('browser: CHROMIUM_PATH wins, and a wrong one is not silently replaced', () => {
  const runs = only('/usr/bin/chromium', '/opt/mine')
  assert.equal(findChromium({ CHROMIUM_PATH: '/opt/mine' }, runs), '/opt/mine')
  assert.equal(findChromium({ CHROMIUM_PATH: '/opt/gone' }, runs), undefined)
})

test('browser: the usual places come before PATH, and nothing found is undefined', () => {
  assert.equal(findChromium({ PATH: '/opt/bin' }, only('/opt/bin/chromium', '/usr/bin/chromium')), '/usr/bin/chromium')
  assert.equal(findChromium({ PATH: '/opt/a:/opt/bin' }, only('/opt/bin/chrome')), '/opt/bin/chrome')
  assert.equal(findChromium({ PATH: '/opt/bin' }, only()), undefined)
})

test('browser: with a wrong CHROMIUM_PATH nothing is installed', async () => {
  const started: string[] = []
  const machine: Machine = {
    groups: {
      async run(command: string, _args: readonly string[], _options: RunOptions) {
        started.push(command)
        return { code: 1, output: '' }
      },
      stopAll() {},
    },
    root: '.',
    env: { CHROMIUM_PATH: '/opt/gone' },
    print() {},
  }
  assert.equal(await chromium(machine), undefined)
  assert.deepEqual(started, [])
})
