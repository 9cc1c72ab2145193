import type { Bench } from './bench.ts'
import { processorMicroseconds } from './process-usage.ts'
import type { Complaint, Outcome, ResultRow } from './result.ts'
import { startServer } from './server-process.ts'
import type { BenchmarkServer } from './servers/server.ts'
import { median, rounded } from './statistics.ts'

interface Start {
  readonly ms: number
  readonly megabytes: number
  readonly cpuMicroseconds: number
}

/** Starts every server that issues tokens on an empty directory, in turn, as often as there are rounds: process start to first token. */
export async function measureStartup(bench: Bench): Promise<Outcome> {
  const issuing = bench.servers.filter(({ workloads }) => workloads.includes('client_credentials'))
  const starts = new Map<BenchmarkServer, Start[]>(issuing.map((server) => [server, []]))
  const complaints: Complaint[] = []
  for (let round = 0; round < bench.rounds; round++) {
    for (const [server, measured] of starts) {
      try {
        measured.push(await startOnce(bench, server))
      } catch (error) {
        complaints.push({ workload: 'startup', server: server.name, text: String(error) })
        starts.delete(server)
      }
    }
  }
  return { rows: [...starts].map(([server, measured]) => toRow(server.name, measured)), complaints }
}

async function startOnce(bench: Bench, server: BenchmarkServer): Promise<Start> {
  const directory = bench.newDirectory()
  const launch = server.prepare(directory, bench.firstPort)
  const running = await startServer(launch, { directory, prefix: bench.pinning.server, signal: bench.signal })
  const cpuMicroseconds = processorMicroseconds(running.pid)
  await running.stop()
  return { ms: running.startupMs, megabytes: running.startupMegabytes, cpuMicroseconds }
}

function toRow(server: string, starts: readonly Start[]): ResultRow {
  return {
    workload: 'startup',
    server,
    cpu_us: rounded(median(starts.map((start) => start.cpuMicroseconds)), 0),
    rps: null,
    p99_ms: null,
    rss_mb: rounded(median(starts.map((start) => start.megabytes)), 1),
    bad: 0,
    startup_ms: rounded(median(starts.map((start) => start.ms)), 0),
  }
}
