import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot, testFiles } from './project-files.ts'
import { titlesIn } from './test-titles.ts'

/** One rule a test states, under one section it cites. */
export interface CitedRule {
  /** Such as `RFC 6749` or `OIDC Core`. */
  readonly specification: string
  /** Such as `4.1.3`; empty when the title cites the whole document. */
  readonly section: string
  readonly rule: string
  readonly file: string
}

const citation =
  /^(?<specification>RFC \d+|(?:OIDC|OAuth|FAPI)(?: [A-Z0-9][\w.]*)+)(?: §(?<sections>[\w.]+(?:, §[\w.]+)*))?$/

/** The rules stated by the titles of one test file. A title may cite several: `RFC 6749 §4.1.3, RFC 9700 §4.5: …`. */
export function citedRules(file: string, source: string): CitedRule[] {
  return titlesIn(source).flatMap((text) => {
    const end = text.indexOf(': ')
    if (end === -1) return []
    const rule = text.slice(end + 2)
    const places = text.slice(0, end).split(/,\s+(?=[A-Z])|\s+(?:and|\+|\/)\s+(?=[A-Z])/)
    return places.flatMap((place) => citedSections(place).map((cited) => ({ ...cited, rule, file })))
  })
}

function citedSections(place: string): { specification: string; section: string }[] {
  const groups = citation.exec(place)?.groups
  if (groups === undefined) return []
  const specification = groups.specification ?? ''
  return (groups.sections ?? '').split(', §').map((section) => ({ specification, section }))
}

const natural = new Intl.Collator('en', { numeric: true })

/** The page: one heading per specification, one row per rule, in an order that depends on the rules alone. */
export function specMap(rules: readonly CitedRule[]): string {
  const lines = [
    '# Specification map',
    '',
    'What the tests state, by specification and section. Generated from the titles of the tests: `npm run spec-map`.',
    '',
  ]
  for (const [specification, stated] of grouped(rules)) {
    lines.push(`## ${specification}`, '', '| Section | Rule | Test |', '|---|---|---|')
    lines.push(...new Set(stated.map(row)), '')
  }
  if (rules.length === 0) lines.push('No test cites a specification yet.', '')
  return lines.join('\n')
}

function grouped(rules: readonly CitedRule[]): Map<string, CitedRule[]> {
  const sorted = [...rules].sort(
    (a, b) =>
      natural.compare(a.specification, b.specification) ||
      natural.compare(a.section, b.section) ||
      natural.compare(a.rule, b.rule) ||
      natural.compare(a.file, b.file),
  )
  return Map.groupBy(sorted, ({ specification }) => specification)
}

function row({ section, rule, file }: CitedRule): string {
  const cell = rule.replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\s+/g, ' ')
  return `| ${section === '' ? '' : `§${section}`} | ${cell} | [${file.split('/').at(-1)}](../${file}) |`
}

function main(): void {
  const files = [...testFiles(projectRoot, '.test.ts'), ...testFiles(projectRoot, '.browser-test.ts')]
    // The scripts' tests cite sections as examples of titles only.
    .filter((file) => !file.startsWith('scripts/'))
  const page = specMap(files.flatMap((file) => citedRules(file, readFileSync(join(projectRoot, file), 'utf8'))))
  const path = join(projectRoot, 'docs/spec-map.md')
  if (!process.argv.includes('--check')) {
    writeFileSync(path, page)
    console.log('spec map: docs/spec-map.md written')
  } else if (existsSync(path) && readFileSync(path, 'utf8') === page) {
    console.log('spec map: up to date')
  } else {
    console.error('docs/spec-map.md:1  is older than the titles of the tests: run `npm run spec-map` and commit it')
    process.exitCode = 1
  }
}

if (import.meta.main) main()
