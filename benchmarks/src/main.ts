import { writeFileSync } from 'node:fs'
import { ArgumentError, type BenchArguments, readArguments } from './arguments.ts'
import type { Bench } from './bench.ts'
import { buildPrograms } from './build-programs.ts'
import { COMMIT_GROUPING, measureCommitGrouping } from './commit-grouping.ts'
import { createDataDirectory } from './data-directory.ts'
import { startLoadGenerator } from './load-generator.ts'
import { ADAPTERS, measureAdapters } from './measure-adapters.ts'
import { measureStartup } from './measure-startup.ts'
import { measureWorkload } from './measure-workload.ts'
import { findPinning } from './pinning.ts'
import { workloadTable } from './report.ts'
import type { Complaint, Outcome, ResultRow } from './result.ts'
import { servers } from './servers/list.ts'
import { verdicts } from './verdicts.ts'
import { type WorkloadName, workloadNames } from './workloads/list.ts'

const STARTUP = 'startup'
/** Measured only when named, with a table of their own. */
const OWN_TABLES: readonly string[] = [COMMIT_GROUPING, ADAPTERS]
const VOCABULARY = {
  workloads: [...workloadNames, STARTUP],
  extraWorkloads: [...OWN_TABLES],
  servers: [...new Set(servers.map((server) => server.name))],
}

const HELP = `Usage: npm run bench -- [options]

Processor time per verified answer, against a floor of bare node:http and other servers.

  --only NAMES     workloads: ${VOCABULARY.workloads.join(', ')} (all of these by default),
                   ${COMMIT_GROUPING} (ways to group durable commits),
                   ${ADAPTERS} (each adapter of the library beside node:http)
  --servers NAMES  ${VOCABULARY.servers.join(', ')}
  --rounds N       counted rounds of each server in each workload (5)
  --seconds S      counted seconds of each round (0.5)
  --json FILE      also write the rows as JSON
  --port N         first of the ports to use (24000)`

async function run(options: BenchArguments): Promise<number> {
  buildPrograms()
  const stopping = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort())
  const pinning = findPinning()
  const data = createDataDirectory()
  const generator = startLoadGenerator(pinning, stopping.signal)
  const bench: Bench = {
    servers: servers.filter((server) => options.servers.includes(server.name)),
    generator,
    pinning,
    firstPort: options.port,
    rounds: options.rounds,
    seconds: options.seconds,
    signal: stopping.signal,
    newDirectory: data.next,
  }
  console.log(`${pinning.description}; medians of ${options.rounds} rounds of ${options.seconds} s, servers in turn`)
  for (const { name, note } of bench.servers) console.log(`  ${name}: ${note}`)
  try {
    return await measure(bench, options)
  } finally {
    generator.stop()
    data.remove()
  }
}

async function measure(bench: Bench, options: BenchArguments): Promise<number> {
  const rows: ResultRow[] = []
  const complaints: Complaint[] = []
  for (const workload of options.only) {
    if (bench.signal.aborted) break
    const outcome = await measureOne(bench, workload)
    rows.push(...outcome.rows)
    complaints.push(...outcome.complaints)
    if (!OWN_TABLES.includes(workload)) console.log(workloadTable(workload, outcome.rows))
  }
  if (options.only.some((workload) => !OWN_TABLES.includes(workload))) console.log(`\n${verdicts(rows).join('\n')}`)
  for (const { workload, server, text } of complaints) console.error(`\nBAD ${workload} ${server}: ${text}`)
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`)
  return complaints.length > 0 || bench.signal.aborted ? 1 : 0
}

function measureOne(bench: Bench, workload: string): Promise<Outcome> {
  if (workload === COMMIT_GROUPING) return measureCommitGrouping(bench)
  if (workload === ADAPTERS) return measureAdapters(bench)
  return workload === STARTUP ? measureStartup(bench) : measureWorkload(bench, workload as WorkloadName)
}

try {
  const options = readArguments(process.argv.slice(2), VOCABULARY)
  if (options.help) console.log(HELP)
  else process.exitCode = await run(options)
} catch (error) {
  if (!(error instanceof ArgumentError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
