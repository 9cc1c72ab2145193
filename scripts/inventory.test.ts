import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Covers, type Inventory, inventoryFindings, provenRows } from './inventory.ts'
import { inventoryPage } from './inventory-page.ts'
import { titlesIn } from './test-titles.ts'

const inventory: Inventory = {
  sections: [{ section: '3', title: 'The core' }],
  rows: [
    { id: 'A2-AS-01', section: '3', tag: 'MH', behaviour: 'One | thing.' },
    { id: 'A2-AS-10', section: '3', tag: 'B', behaviour: 'Another.' },
  ],
}
const cited = { title: 'A2-AS-10, RFC 6749 §3.1: cites its row', file: 'packages/x/a.test.ts' }
const other = { title: 'RFC 6749 §3.2: proves it too', file: 'packages/x/b.test.ts' }

const rulesFor = (covers: Covers, tests = [cited, other]): string[] =>
  inventoryFindings(inventory, covers, tests).map(({ rule }) => rule)

test('inventory: a row needs a test that cites it, one that it is mapped to, or a reason', () => {
  assert.deepEqual(rulesFor({}), ['A2-AS-01: no test and no reason'])
  assert.deepEqual(rulesFor({ 'A2-AS-01': { tests: ['proves it too'] } }), [])
  assert.deepEqual(rulesFor({ 'A2-AS-01': { reason: 'Not yet: it is not there.' } }), [])
})

test('inventory: a number is cited whole, so that no row is proven by a longer one', () => {
  const [first, second] = provenRows(inventory, {}, [cited])
  assert.deepEqual([first?.tests.length, second?.tests.length], [0, 1])
})

test('inventory: a mapping of a test or row that does not exist is found, and so is a reason without its kind', () => {
  assert.deepEqual(rulesFor({ 'A2-AS-01': { tests: ['proves it too', 'nowhere'] } }), [
    'A2-AS-01: no test has a title with "nowhere"',
  ])
  assert.deepEqual(rulesFor({ 'A2-AS-01': { reason: 'later' }, 'A2-AS-99': { reason: 'Not yet: x' } }), [
    'A2-AS-01: a reason begins with Not yet, Different on purpose or Nothing to test, and a colon',
    'A2-AS-99: there is no such row',
  ])
})

test('inventory: a title that cites no row is found with its file', () => {
  const wrong = { title: 'A2-AS-77: a slip', file: 'packages/x/c.test.ts' }
  const covers = { 'A2-AS-01': { reason: 'Not yet: x' } }
  assert.deepEqual(inventoryFindings(inventory, covers, [cited, wrong]), [
    { file: 'packages/x/c.test.ts', line: 1, rule: 'cites A2-AS-77, which is no row' },
  ])
})

test('inventory: the page shows tests and reasons, and drops what is not so any more', () => {
  const reasons = { 'A2-AS-01': { reason: 'Different on purpose: a < b' }, 'A2-AS-10': { reason: 'Not yet: x' } }
  const page = inventoryPage(inventory.sections, provenRows(inventory, reasons, [cited]))
  const rows = page.split('\n').filter((line) => line.startsWith('| A2-'))
  assert.deepEqual(rows, [
    '| A2-AS-01 | M, H | One \\| thing. | _Different on purpose: a &lt; b_ |',
    '| A2-AS-10 | B | Another. | A2-AS-10, RFC 6749 §3.1: cites its row ([a.test.ts](../packages/x/a.test.ts)) |',
  ])
  assert.match(page, /^1 of 2 rows have tests\.$/m)
})

test('titles: tests, shared rules and cases are told apart', () => {
  const source = "test('one')\nit.skip(`two`)\nrule(\n  'three', x)\nconst a = { title: 'fo\\'ur' }"
  assert.deepEqual(titlesIn(source), ['one', 'two'])
  assert.deepEqual(titlesIn(source, 'rule'), ['three'])
  assert.deepEqual(titlesIn(source, 'case'), ["fo'ur"])
})
