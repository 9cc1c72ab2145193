import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { chromium, missingBrowser } from './browser.ts'
import { type Check, checks } from './checks.ts'
import { interopClients, missingClients } from './interop.ts'
import { type ProcessGroups, processGroups } from './process-groups.ts'
import { projectRoot, testFiles } from './project-files.ts'
import { usage, type Wanted, wantedFrom } from './test-arguments.ts'
import { runTestFiles, type Totals } from './test-process.ts'

const minute = 60_000
const timeLimit = 25 * minute
const testTimeout = 2 * minute

const none: Totals = { passed: 0, failed: 0, skipped: 0 }
const print = (text: string): void => console.log(text)

interface Stage {
  readonly headline: string
  run(): Promise<Totals>
}

function sum(all: readonly Totals[]): Totals {
  return all.reduce(
    (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }),
    none,
  )
}

/** Nearly every file loads the same sources: what Node.js has made of them is kept for the run, and found by content. */
const compiled = mkdtempSync(join(tmpdir(), 'cardea-compiled-'))

/** Commands of this workspace come first, also for what the tests start; nothing of an outer test run leaks in. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _outer, ...env } = process.env
  const path = [join(projectRoot, 'node_modules/.bin'), env.PATH ?? ''].join(delimiter)
  return { ...env, PATH: path, NODE_COMPILE_CACHE: compiled }
}

function checkStage({ name, command }: Check, groups: ProcessGroups): Stage {
  return {
    headline: name,
    async run() {
      const [program, ...args] = command
      const ended = await groups.run(program, args, { cwd: projectRoot, env: environment(), silence: 5 * minute })
      if (ended.code === 0) return { ...none, passed: 1 }
      print(ended.output.trimEnd())
      print(`✖ ${command.join(' ')}  ${ended.stopped ?? `ended with code ${ended.code}`}`)
      return { ...none, failed: 1 }
    },
  }
}

function unitStage(files: readonly string[], groups: ProcessGroups): Stage {
  const concurrency = availableParallelism()
  return {
    headline: `tests, ${files.length} files`,
    run: () => runTestFiles(files, { groups, root: projectRoot, env: environment(), concurrency, testTimeout, print }),
  }
}

function browserStage(files: readonly string[], groups: ProcessGroups): Stage {
  return {
    headline: `pages in Chromium, ${files.length} files`,
    async run() {
      const path = await chromium({ groups, root: projectRoot, env: environment(), print })
      if (path === undefined) {
        print(`✖ ${missingBrowser}`)
        return { ...none, failed: 1 }
      }
      const env = { ...environment(), CHROMIUM_PATH: path }
      return runTestFiles(files, { groups, root: projectRoot, env, concurrency: 1, testTimeout, print })
    },
  }
}

function interopStage(files: readonly string[], groups: ProcessGroups): Stage {
  return {
    headline: `clients and caches of other authors, and our packages with them, ${files.length} files`,
    async run() {
      const missing = await interopClients({ groups, root: projectRoot, env: environment(), print })
      if (missing.length > 0) {
        print(`✖ ${missingClients(missing)}`)
        return { ...none, failed: 1 }
      }
      return runTestFiles(files, { groups, root: projectRoot, env: environment(), concurrency: 1, testTimeout, print })
    },
  }
}

function stagesFor({ parts, patterns }: Wanted, groups: ProcessGroups): Stage[] {
  const chosen = (file: string): boolean => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern))
  const unit = parts.has('unit') ? testFiles(projectRoot, '.test.ts').filter(chosen) : []
  const browser = parts.has('browser') ? testFiles(projectRoot, '.browser-test.ts').filter(chosen) : []
  const interop = parts.has('interop') ? testFiles(projectRoot, '.interop-test.ts').filter(chosen) : []
  return [
    ...(parts.has('check') ? checks.map((check) => checkStage(check, groups)) : []),
    ...(unit.length > 0 ? [unitStage(unit, groups)] : []),
    ...(browser.length > 0 ? [browserStage(browser, groups)] : []),
    ...(interop.length > 0 ? [interopStage(interop, groups)] : []),
  ]
}

async function runStage(stage: Stage): Promise<Totals> {
  const started = performance.now()
  print(`▶ ${stage.headline}`)
  const totals = await stage.run()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  print(`${totals.failed === 0 ? '✔' : '✖'} ${stage.headline} (${totals.passed} passed, ${seconds} s)`)
  return totals
}

async function main(): Promise<void> {
  const groups = processGroups()
  const stages = stagesFor(wantedFrom(process.argv.slice(2)), groups)
  if (stages.length === 0) throw new TypeError('nothing to run: no test file matches')
  const clock = setTimeout(() => groups.stopAll(`the run took longer than ${timeLimit / minute} minutes`), timeLimit)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => groups.stopAll(`stopped by ${signal}`))
  }
  const totals: Totals[] = []
  for (const stage of stages) totals.push(await runStage(stage))
  clearTimeout(clock)
  const { passed, failed, skipped } = sum(totals)
  print(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  process.exitCode = failed === 0 ? 0 : 1
}

main()
  .catch((error: unknown) => {
    console.error(error instanceof TypeError ? `${error.message}\n${usage}` : error)
    process.exitCode = 2
  })
  .finally(() => rmSync(compiled, { recursive: true, force: true, maxRetries: 3 }))
