import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { processGroups } from './process-groups.ts'
import { runTestFiles, type Totals } from './test-process.ts'

interface Ran extends Totals {
  readonly printed: string
}

async function ran(t: TestContext, source: string, testTimeout = 20_000): Promise<Ran> {
  const root = mkdtempSync(join(tmpdir(), 'test-process-'))
  t.after(() => rmSync(root, { recursive: true }))
  const imports = "import test, { describe } from 'node:test'\nimport assert from 'node:assert/strict'\n"
  writeFileSync(join(root, 'a.test.mjs'), imports + source)
  const printed: string[] = []
  const totals = await runTestFiles(['a.test.mjs'], {
    groups: processGroups(),
    root,
    env: process.env,
    concurrency: 1,
    testTimeout,
    print: (text) => printed.push(text),
  })
  return { ...totals, printed: printed.join('\n') }
}

test('test run: counts passed, skipped and todo, and stays quiet about what a passing file prints', async (t) => {
  const { printed, ...totals } = await ran(
    t,
    "test('a', () => process.stdout.write('noise'))\ntest.skip('b')\ntest.todo('c')\ndescribe('d', () => { test('e', () => {}) })",
  )
  assert.deepEqual(totals, { passed: 2, failed: 0, skipped: 2 })
  assert.equal(printed, '')
})

test('test run: prints a failure in full, with its place, and what the file printed', async (t) => {
  const { printed, ...totals } = await ran(
    t,
    "console.log('a hint')\ntest('one', () => assert.equal(1, 2))\ntest('two', () => {})",
  )
  assert.deepEqual(totals, { passed: 1, failed: 1, skipped: 0 })
  assert.match(printed, /✖ a\.test\.mjs:4 {2}one\n {4}AssertionError.*strictly equal/)
  assert.match(printed, /a hint/)
})

test('test run: counts the tests behind a top-level await', async (t) => {
  const { printed, ...totals } = await ran(
    t,
    "test('a', () => {})\nawait new Promise((resolve) => setTimeout(resolve, 50))\ntest('b', () => {})",
  )
  assert.deepEqual(totals, { passed: 2, failed: 0, skipped: 0 })
  assert.equal(printed, '')
})

test('test run: a file that leaves something open is ended and fails', async (t) => {
  const { printed, ...totals } = await ran(t, "setInterval(() => {}, 1000)\ntest('a', () => {})", 800)
  assert.deepEqual(totals, { passed: 1, failed: 1, skipped: 0 })
  assert.match(printed, /did not end: silent for 1 s after 1 tests \(a server, timer or child process/)
})

test('test run: a file that breaks while loading, or holds no test, fails', async (t) => {
  const broken = await ran(t, "throw new Error('broken')")
  assert.equal(broken.failed, 1)
  assert.match(broken.printed, /broken/)
  const empty = await ran(t, 'console.log(1)')
  assert.match(empty.printed, /holds no test/)
})

test('test run: a failing hook of a suite fails the run', async (t) => {
  const { failed, printed } = await ran(t, "describe('a', () => { throw new Error('no suite') })")
  assert.equal(failed, 1)
  assert.match(printed, /no suite/)
})

test('test run: what a test started does not outlive its file', async (t) => {
  // The grandchild holds the pipe of its file open, so the run could only end by silence if it lived on.
  const source = `import { spawn } from 'node:child_process'
test('a', () => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }).unref())`
  const { printed, ...totals } = await ran(t, source)
  assert.deepEqual(totals, { passed: 1, failed: 0, skipped: 0 })
  assert.equal(printed, '')
})
