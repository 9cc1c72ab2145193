import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, report } from './findings.ts'
import { inventoryPage } from './inventory-page.ts'
import { projectFiles, projectRoot, testFiles } from './project-files.ts'
import { titlesIn } from './test-titles.ts'

/** One behaviour that was found in a predecessor, in a complaint or in an advisory. */
export interface InventoryRow {
  readonly id: string
  readonly section: string
  /** Letters that the page explains. */
  readonly tag: string
  readonly behaviour: string
}

export interface Inventory {
  readonly sections: readonly { readonly section: string; readonly title: string }[]
  readonly rows: readonly InventoryRow[]
}

/** What proves a row besides the tests that cite it, or why nothing does. */
export interface Cover {
  /** Parts of titles. */
  readonly tests?: readonly string[]
  readonly reason?: string
}

export type Covers = Readonly<Record<string, Cover>>

export interface StatedTest {
  readonly title: string
  readonly file: string
}

export interface ProvenRow extends InventoryRow {
  readonly tests: readonly StatedTest[]
  readonly reason: string | undefined
}

const coversFile = 'conformance/inventory/covers.json'
const citedId = /\b(?:A1|A2|OIDC|JOSE|DJO|ASK|SEC|BEAT)-(?:[A-Z0-9]+-)*\d+\b/g
const goodReason = /^(?:Not yet|Different on purpose|Nothing to test): \S/

const cites = (title: string, id: string): boolean => title.match(citedId)?.includes(id) === true

/** Each row with its tests. A reason is dropped once a test cites the row. */
export function provenRows({ rows }: Inventory, covers: Covers, tests: readonly StatedTest[]): ProvenRow[] {
  return rows.map((row) => {
    const { tests: parts = [], reason } = covers[row.id] ?? {}
    const proving = tests.filter(({ title }) => cites(title, row.id) || parts.some((part) => title.includes(part)))
    return { ...row, tests: proving, reason: reason?.startsWith('Not yet') && proving.length > 0 ? undefined : reason }
  })
}

/** Rows that nothing proves or excuses, and mappings of what does not exist. */
export function inventoryFindings(inventory: Inventory, covers: Covers, tests: readonly StatedTest[]): Finding[] {
  const found: string[] = []
  const ids = new Set(inventory.rows.map(({ id }) => id))
  for (const { id, tests: proving, reason } of provenRows(inventory, covers, tests)) {
    if (proving.length === 0 && reason === undefined) found.push(`${id}: no test and no reason`)
  }
  for (const [id, { tests: parts = [], reason }] of Object.entries(covers)) {
    if (!ids.has(id)) found.push(`${id}: there is no such row`)
    for (const part of parts.filter((text) => !tests.some(({ title }) => title.includes(text)))) {
      found.push(`${id}: no test has a title with ${JSON.stringify(part)}`)
    }
    if (reason !== undefined && !goodReason.test(reason)) {
      found.push(`${id}: a reason begins with Not yet, Different on purpose or Nothing to test, and a colon`)
    }
  }
  const made = tests.flatMap(({ title, file }) => (title.match(citedId) ?? []).map((id) => ({ id, file })))
  const unknown = made
    .filter(({ id }) => !ids.has(id))
    .map(({ id, file }) => ({ file, line: 1, rule: `cites ${id}, which is no row` }))
  return [...found.map((rule) => ({ file: coversFile, line: 1, rule })), ...unknown]
}

/** Every test of the project; rules and cases that are shared stand in files of their own. */
function statedTests(): StatedTest[] {
  const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8')
  const own = (['.test.ts', '.browser-test.ts', '.interop-test.ts'] as const)
    .flatMap((suffix) => testFiles(projectRoot, suffix))
    // The scripts' tests cite rows as examples only.
    .filter((file) => !file.startsWith('scripts/'))
    .flatMap((file) => titlesIn(read(file)).map((title) => ({ title, file })))
  const rules = projectFiles(projectRoot, 'packages/cardea/src/testing/store-contract')
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => titlesIn(read(file), 'rule').map((title) => ({ title, file })))
  const cases = projectFiles(projectRoot, 'conformance/adapters')
    .filter((file) => file.endsWith('-cases.ts'))
    .flatMap((file) => titlesIn(read(file), 'case').map((title) => ({ title, file })))
  return [...own, ...rules, ...cases]
}

const parsed = <T>(file: string): T => JSON.parse(readFileSync(join(projectRoot, file), 'utf8')) as T

function main(): void {
  const inventory = parsed<Inventory>('conformance/inventory/rows.json')
  const covers = parsed<Covers>(coversFile)
  const tests = statedTests()
  const page = inventoryPage(inventory.sections, provenRows(inventory, covers, tests))
  const path = join(projectRoot, 'docs/inventory.md')
  if (!process.argv.includes('--check')) writeFileSync(path, page)
  const findings = inventoryFindings(inventory, covers, tests)
  const isStale = !existsSync(path) || readFileSync(path, 'utf8') !== page
  const stale = {
    file: 'docs/inventory.md',
    line: 1,
    rule: 'is older than the tests: run `npm run generate` and commit it',
  }
  report('inventory', isStale ? [...findings, stale] : findings, `${inventory.rows.length} rows`)
}

if (import.meta.main) main()
