import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectRoot } from './project-files.ts'
import { libraryEntries } from './reference/library-entries.ts'
import { optionsPage } from './reference/options-page.ts'
import { pageName, referenceIndex, referencePage } from './reference/reference-page.ts'

const entries = libraryEntries({ root: projectRoot, folder: 'packages/cardea' })
const folder = 'docs/reference'
const pages = new Map([
  ['docs/options.md', optionsPage(entries)],
  [`${folder}/README.md`, referenceIndex(entries)],
  ...entries.map((entry) => [`${folder}/${pageName(entry.specifier)}`, referencePage(entry)] as const),
])
const there = existsSync(join(projectRoot, folder)) ? readdirSync(join(projectRoot, folder)) : []
const left = there.map((name) => `${folder}/${name}`).filter((path) => !pages.has(path))

if (process.argv.includes('--check')) check()
else write()

function check(): void {
  const isStale = ([path, page]: [string, string]): boolean =>
    !existsSync(join(projectRoot, path)) || readFileSync(join(projectRoot, path), 'utf8') !== page
  const stale = [...[...pages].filter(isStale).map(([path]) => path), ...left]
  for (const path of stale) console.error(`${path}:1  is older than the types: run npm run generate and commit it`)
  if (stale.length > 0) process.exitCode = 1
  else console.log(`reference: ${pages.size} pages, up to date`)
}

function write(): void {
  for (const path of left) rmSync(join(projectRoot, path))
  for (const [path, page] of pages) {
    mkdirSync(dirname(join(projectRoot, path)), { recursive: true })
    writeFileSync(join(projectRoot, path), page)
  }
  console.log(`reference: ${pages.size} pages written below docs`)
}
