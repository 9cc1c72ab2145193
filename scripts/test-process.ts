import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Outcome, recordMark } from './outcome-reporter.ts'
import type { Ended, ProcessGroups } from './process-groups.ts'

export interface Totals {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export interface TestRun {
  readonly groups: ProcessGroups
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  /** Processes at a time. */
  readonly concurrency: number
  /** Milliseconds one test may take; a file that says nothing for longer is ended. */
  readonly testTimeout: number
  readonly print: (text: string) => void
}

/**
 * Runs every file in a process of its own, with descendants in the same group. `node --test` is not used: it waits for
 * ever for a file that leaves a handle open, and with `--test-force-exit` it forgets tests behind a top-level `await`.
 */
export async function runTestFiles(files: readonly string[], run: TestRun): Promise<Totals> {
  const waiting = [...files]
  const totals = { passed: 0, failed: 0, skipped: 0 }
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const counted = await runTestFile(file, run)
      totals.passed += counted.passed
      totals.failed += counted.failed
      totals.skipped += counted.skipped
    }
  }
  await Promise.all(Array.from({ length: run.concurrency }, worker))
  return totals
}

async function runTestFile(file: string, run: TestRun): Promise<Totals> {
  const outcomes: Outcome[] = []
  const ended = await run.groups.run(process.execPath, nodeArguments(file, run), {
    cwd: run.root,
    env: run.env,
    silence: run.testTimeout * 1.25,
    onLine: (line) => {
      // A test may have printed something without an end of line just before.
      const [printed = '', record] = line.split(recordMark)
      if (record !== undefined) outcomes.push(JSON.parse(record) as Outcome)
      return printed
    },
  })
  const count = (result: Outcome['result']): number => outcomes.filter((outcome) => outcome.result === result).length
  const problem = problemOf(ended, outcomes)
  const failed = count('failed') + (problem === undefined ? 0 : 1)
  if (failed > 0) run.print(failureText(file, outcomes, problem, ended.output))
  return { passed: count('passed'), failed, skipped: count('skipped') }
}

function nodeArguments(file: string, run: TestRun): string[] {
  return [
    '--conditions=cardea-source',
    `--test-timeout=${run.testTimeout}`,
    `--test-reporter=${fileURLToPath(new URL('outcome-reporter.ts', import.meta.url))}`,
    join(run.root, file),
  ]
}

/** What is wrong with the file as a whole, beyond its failed tests. */
function problemOf(ended: Ended, outcomes: readonly Outcome[]): string | undefined {
  if (ended.stopped !== undefined) {
    const open = outcomes.length > 0 ? ' (a server, timer or child process may still be open)' : ''
    return `did not end: ${ended.stopped} after ${outcomes.length} tests${open}`
  }
  if (ended.code !== 0 && !outcomes.some(({ result }) => result === 'failed')) return `ended with code ${ended.code}`
  return outcomes.length === 0 ? 'holds no test' : undefined
}

function failureText(file: string, outcomes: readonly Outcome[], problem: string | undefined, output: string): string {
  const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ').trimEnd()
  const failures = outcomes.flatMap(({ name, line, error }) =>
    error === undefined ? [] : [`✖ ${file}:${line}  ${name}\n${indented(error)}`],
  )
  const whole = problem === undefined ? [] : [`✖ ${file}  ${problem}`]
  const printed = output.trim() === '' ? [] : [`  ${file} printed:\n${indented(output)}`]
  return [...failures, ...whole, ...printed].join('\n')
}
