import type { Bench } from './bench.ts'
import type { RoundResult } from './load/round.ts'
import type { Target } from './load/target.ts'
import { peakResidentMegabytes } from './process-usage.ts'
import type { Complaint, Outcome, ResultRow } from './result.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import type { BenchmarkServer } from './servers/server.ts'
import { median, rounded } from './statistics.ts'
import type { WorkloadName } from './workloads/list.ts'

const CONNECTIONS = 32
const FIRST_WARM_UP_SECONDS = 1
/** V8 has compiled most of what it will by then; what a server costs before is told by `startup`. */
const FIRST_WARM_UP_UNITS = 3_000
const WARM_UP_SECONDS = 0.25

interface Entrant {
  readonly server: BenchmarkServer
  readonly target: Target
  readonly process: ServerProcess
  readonly rounds: RoundResult[]
}

/**
 * Measures one workload. All servers are up at once and driven in turn, round after round, so that what else happens
 * on the machine hits them alike.
 */
export async function measureWorkload(bench: Bench, workload: WorkloadName): Promise<Outcome> {
  const complaints: Complaint[] = []
  const complain = (server: string) => (error: unknown) => {
    complaints.push({ workload, server, text: error instanceof Error ? error.message : String(error) })
  }
  const entrants: Entrant[] = []
  try {
    for (const [index, server] of bench.servers.entries()) {
      if (!server.workloads.includes(workload)) continue
      await enter(bench, server, bench.firstPort + index).then(
        (entrant) => entrants.push(entrant),
        complain(server.name),
      )
    }
    for (let round = 0; round <= bench.rounds; round++) {
      for (const entrant of entrants) {
        if (complaints.some(({ server }) => server === entrant.server.name)) continue
        await drive(bench, workload, entrant, round === 0).catch(complain(entrant.server.name))
      }
    }
    for (const { server, rounds } of entrants) {
      const wrong = rounds.find(({ bad }) => bad > 0)
      if (wrong) complain(server.name)(wrong.complaint)
    }
    return {
      rows: entrants.filter(({ rounds }) => rounds.length > 1).map((entrant) => toRow(workload, entrant)),
      complaints,
    }
  } finally {
    await Promise.all(entrants.map((entrant) => entrant.process.stop()))
  }
}

async function enter(bench: Bench, server: BenchmarkServer, port: number): Promise<Entrant> {
  const directory = bench.newDirectory()
  const launch = server.prepare(directory, port)
  const process = await startServer(launch, { directory, prefix: bench.pinning.server, signal: bench.signal })
  return { server, target: launch.target, process, rounds: [] }
}

async function drive(bench: Bench, workload: WorkloadName, entrant: Entrant, isFirst: boolean): Promise<void> {
  const result = await bench.generator.run({
    workload,
    target: entrant.target,
    connections: CONNECTIONS,
    serverPid: entrant.process.pid,
    seconds: isFirst ? 0 : bench.seconds,
    warmUpSeconds: isFirst ? FIRST_WARM_UP_SECONDS : WARM_UP_SECONDS,
    warmUpUnits: isFirst ? FIRST_WARM_UP_UNITS : 0,
  })
  entrant.rounds.push(result)
}

function toRow(workload: string, { server, rounds, process }: Entrant): ResultRow {
  const counted = rounds.slice(1)
  return {
    workload,
    server: server.name,
    cpu_us: rounded(median(counted.map((round) => round.cpuMicroseconds)), 1),
    rps: rounded(median(counted.map((round) => round.rps)), 0),
    p99_ms: rounded(median(counted.map((round) => round.p99Ms)), 2),
    rss_mb: rounded(peakResidentMegabytes(process.pid), 1),
    bad: rounds.reduce((sum, round) => sum + round.bad, 0),
  }
}
