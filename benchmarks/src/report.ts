import type { ResultRow } from './result.ts'
import { alignedTable } from './table.ts'

const YARDSTICK = 'floor'
const PEER = 'oidc-provider'

/** The table of one workload, with every server's processor time in floors, and in those of its peer. */
export function workloadTable(workload: string, rows: readonly ResultRow[]): string {
  const title = `\n${workload}\n`
  return title + (workload === 'startup' ? startupTable(rows) : loadTable(rows))
}

/** How many times the processor time of `other` a server needs, or undefined when one of them was not measured. */
export function costRatio(
  rows: readonly ResultRow[],
  workload: string,
  server: string,
  other: string,
): number | undefined {
  const cost = (name: string) => rows.find((row) => row.workload === workload && row.server === name)?.cpu_us
  const [own, others] = [cost(server), cost(other)]
  return own && others ? own / others : undefined
}

function loadTable(rows: readonly ResultRow[]): string {
  return alignedTable(
    ['server', 'CPU µs', '× floor', '× oidc-provider', 'units/s', 'p99 ms', 'peak RSS MB', 'bad'],
    rows.map((row) => [
      row.server,
      shown(row.cpu_us, 1),
      shown(costRatio(rows, row.workload, row.server, YARDSTICK), 2),
      shown(costRatio(rows, row.workload, row.server, PEER), 2),
      shown(row.rps, 0),
      shown(row.p99_ms, 1),
      shown(row.rss_mb, 0),
      String(row.bad),
    ]),
  )
}

function startupTable(rows: readonly ResultRow[]): string {
  return alignedTable(
    ['server', 'first token ms', 'CPU ms', 'RSS MB'],
    rows.map((row) => [
      row.server,
      shown(row.startup_ms, 0),
      shown(row.cpu_us === null ? null : row.cpu_us / 1000, 0),
      shown(row.rss_mb, 0),
    ]),
  )
}

function shown(value: number | null | undefined, decimals: number): string {
  return value === null || value === undefined ? '-' : value.toFixed(decimals)
}
