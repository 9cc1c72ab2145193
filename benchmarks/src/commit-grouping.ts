import { join } from 'node:path'
import type { Bench } from './bench.ts'
import type { RoundResult } from './load/round.ts'
import type { Target } from './load/target.ts'
import { peakResidentMegabytes } from './process-usage.ts'
import type { Complaint, Outcome, ResultRow } from './result.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import { programPath, programTarget } from './servers/program.ts'
import { median, rounded } from './statistics.ts'
import { alignedTable } from './table.ts'

export const COMMIT_GROUPING = 'commit-grouping'

const WAYS = ['none', 'request', 'turn', 'worker'] as const
const CONNECTION_COUNTS = [1, 4, 32] as const
const FIRST_WARM_UP_SECONDS = 0.7
const WARM_UP_SECONDS = 0.2

interface Entrant {
  readonly name: string
  readonly target: Target
  readonly process: ServerProcess
}

interface Sample extends RoundResult {
  readonly loopDelayP99Ms: number
}

/**
 * Measures the ways to make one row per request durable in SQLite (WAL, synchronous=FULL): not at all, one commit per
 * request, one per event-loop turn, and a worker thread that commits whatever has piled up; on one processor and free.
 */
export async function measureCommitGrouping(bench: Bench): Promise<Outcome> {
  const rows: ResultRow[] = []
  const complaints: Complaint[] = []
  const entrants: Entrant[] = []
  try {
    for (const placement of placements(bench)) {
      for (const way of WAYS) entrants.push(await enter(bench, way, placement, bench.firstPort + entrants.length))
    }
    for (const connections of CONNECTION_COUNTS) {
      const workload = `${COMMIT_GROUPING}, connections: ${connections}`
      const samples = await driveInTurn(bench, entrants, connections)
      for (const [{ name, process }, measured] of samples) {
        const row = toRow(workload, name, peakResidentMegabytes(process.pid), measured)
        rows.push(row)
        if (row.bad > 0)
          complaints.push({ workload, server: name, text: measured.find(({ bad }) => bad > 0)?.complaint ?? '' })
      }
      console.log(`\n${workload}\n${table(rows.filter((row) => row.workload === workload))}`)
    }
    return { rows, complaints }
  } finally {
    await Promise.all(entrants.map((entrant) => entrant.process.stop()))
  }
}

function placements(bench: Bench) {
  const pinned = { name: 'one CPU', prefix: bench.pinning.server }
  return bench.pinning.server.length > 0 ? [pinned, { name: 'any CPU', prefix: [] }] : [{ ...pinned, name: 'any CPU' }]
}

async function enter(
  bench: Bench,
  way: string,
  placement: ReturnType<typeof placements>[number],
  port: number,
): Promise<Entrant> {
  const target = programTarget(port)
  const directory = bench.newDirectory()
  const args = [programPath('commit-grouping'), String(port), join(directory, 'tokens.sqlite'), way]
  const process = await startServer({ args, target }, { directory, prefix: placement.prefix, signal: bench.signal })
  return { name: `${way}, ${placement.name}`, target, process }
}

async function driveInTurn(
  bench: Bench,
  entrants: readonly Entrant[],
  connections: number,
): Promise<Map<Entrant, Sample[]>> {
  const samples = new Map<Entrant, Sample[]>(entrants.map((entrant) => [entrant, []]))
  for (let round = 0; round <= bench.rounds; round++) {
    for (const [entrant, measured] of samples) {
      const sample = await drive(bench, entrant, connections, round === 0)
      if (round > 0) measured.push(sample)
    }
  }
  return samples
}

async function drive(
  bench: Bench,
  { target, process }: Entrant,
  connections: number,
  isFirst: boolean,
): Promise<Sample> {
  await readLoopDelay(target)
  const result = await bench.generator.run({
    workload: 'client_credentials',
    target,
    connections,
    serverPid: process.pid,
    seconds: isFirst ? 0 : bench.seconds,
    warmUpSeconds: isFirst ? FIRST_WARM_UP_SECONDS : WARM_UP_SECONDS,
  })
  return { ...result, loopDelayP99Ms: await readLoopDelay(target) }
}

/** Reads and resets what the server measured about its event loop. */
async function readLoopDelay(target: Target): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${target.port}/delay`)
  const delay = (await response.json()) as { readonly p99: number }
  return delay.p99
}

function toRow(workload: string, server: string, megabytes: number, samples: readonly Sample[]): ResultRow {
  return {
    workload,
    server,
    cpu_us: rounded(median(samples.map((sample) => sample.cpuMicroseconds)), 1),
    rps: rounded(median(samples.map((sample) => sample.rps)), 0),
    p99_ms: rounded(median(samples.map((sample) => sample.p99Ms)), 2),
    rss_mb: rounded(megabytes, 1),
    bad: samples.reduce((sum, sample) => sum + sample.bad, 0),
    loop_delay_p99_ms: rounded(median(samples.map((sample) => sample.loopDelayP99Ms)), 2),
  }
}

function table(rows: readonly ResultRow[]): string {
  return alignedTable(
    ['commit, placement', 'CPU µs', 'units/s', 'p99 ms', 'loop delay p99 ms', 'peak RSS MB', 'bad'],
    rows.map((row) => [
      row.server,
      String(row.cpu_us),
      String(row.rps),
      String(row.p99_ms),
      String(row.loop_delay_p99_ms),
      String(row.rss_mb),
      String(row.bad),
    ]),
  )
}
