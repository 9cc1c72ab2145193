import assert from 'node:assert/strict'
import { test } from 'node:test'
import { staleOutput } from './remove-stale-output.ts'

const outputOf = (name: string): string[] => ['js', 'js.map', 'd.ts', 'd.ts.map'].map((end) => `dist/${name}.${end}`)

test('publishing: what was built from a source that has gone is stale', () => {
  assert.deepEqual(staleOutput([...outputOf('a/here'), ...outputOf('a/gone')], ['src/a/here.ts']), outputOf('a/gone'))
})

test('publishing: what was built from a test is stale', () => {
  assert.deepEqual(staleOutput(outputOf('a.test'), ['src/a.test.ts', 'src/a.ts']), outputOf('a.test'))
})

test('publishing: what the compiler knows of the last build is not stale, and neither is the command', () => {
  assert.deepEqual(staleOutput(['dist/.tsbuildinfo', 'dist/command.js', 'dist/command-chunk-AB.js'], []), [])
})
