import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wantedFrom } from './test-arguments.ts'

const wanted = (...args: string[]): [string[], readonly string[]] => {
  const { parts, patterns } = wantedFrom(args)
  return [[...parts], patterns]
}

test('npm test: everything by default', () => {
  assert.deepEqual(wanted(), [['check', 'unit', 'browser', 'interop'], []])
})

test('npm test: --only and --without choose parts', () => {
  assert.deepEqual(wanted('--only', 'unit'), [['unit'], []])
  assert.deepEqual(wanted('--only', 'unit', '--only=check'), [['unit', 'check'], []])
  assert.deepEqual(wanted('--without', 'browser'), [['check', 'unit', 'interop'], []])
  assert.deepEqual(wanted('--without', 'interop', '--without', 'browser'), [['check', 'unit'], []])
})

test('npm test: a path leaves the checks out', () => {
  assert.deepEqual(wanted('./packages/cardea', 'grants'), [
    ['unit', 'browser', 'interop'],
    ['packages/cardea', 'grants'],
  ])
})

test('npm test: an unknown part or option is refused by name', () => {
  assert.throws(
    () => wantedFrom(['--only', 'units']),
    /"units" is not a part of the tests: check, unit, browser, interop/,
  )
  assert.throws(() => wantedFrom(['--fast']), TypeError)
})
