import type { Bench } from './bench.ts'
import { measureWorkload } from './measure-workload.ts'
import { costRatio } from './report.ts'
import type { Outcome, ResultRow } from './result.ts'
import { adapters, NODE_ADAPTER } from './servers/adapters.ts'
import { alignedTable } from './table.ts'
import { adapterVerdict } from './verdicts.ts'

export const ADAPTERS = 'adapters'

/** What each adapter costs beside node:http: one unit is one access token by client credentials. */
export async function measureAdapters(bench: Bench): Promise<Outcome> {
  for (const { name, note } of adapters) console.log(`  ${name}: ${note}`)
  const { rows, complaints } = await measureWorkload({ ...bench, servers: adapters }, 'client_credentials')
  const named = rows.map((row) => ({ ...row, workload: ADAPTERS }))
  console.log(`\n${ADAPTERS}\n${adapterTable(named)}\n\n${adapterVerdict(named, ADAPTERS)}`)
  return { rows: named, complaints: complaints.map((complaint) => ({ ...complaint, workload: ADAPTERS })) }
}

function adapterTable(rows: readonly ResultRow[]): string {
  return alignedTable(
    ['adapter', 'CPU µs', '× node', 'units/s', 'bad'],
    rows.map((row) => [
      row.server,
      row.cpu_us?.toFixed(1) ?? '-',
      costRatio(rows, ADAPTERS, row.server, NODE_ADAPTER)?.toFixed(2) ?? '-',
      row.rps?.toFixed(0) ?? '-',
      String(row.bad),
    ]),
  )
}
