import { costRatio } from './report.ts'
import type { ResultRow } from './result.ts'
import { NODE_ADAPTER } from './servers/adapters.ts'

const SUBJECT = 'cardea'
const MOST_FLOORS = 1.5
const MOST_STARTUP_MS = 500
const MOST_MEGABYTES = 150
const COMPARED = ['client_credentials', 'refresh', 'introspection', 'code_pkce', 'oauth1_request', 'oauth1_flow']
/** Extensions do cryptography that no server can leave out, so that less is left to differ in. */
const EXTENSIONS = ['jwt_unkept_es256', 'jwt_unkept_eddsa', 'private_key_jwt', 'dpop', 'par_code']
/** Stored, so that an operator can list and end them: the peer does less, and its figure is told and not judged. */
const KEPT = ['jwt_es256', 'jwt_eddsa']
const MOST_FLOORS_OF_EXTENSIONS = 1.3
const MOST_OF_PEER = 0.5
const PEER = 'oidc-provider'
const PEERS = [PEER, 'oauthorize']

/** One line for each target of the product: met, missed or not measured. */
export function verdicts(rows: readonly ResultRow[]): string[] {
  return [
    ...COMPARED.map((workload) => costVerdict(rows, workload, MOST_FLOORS)),
    ...KEPT.map((workload) => costVerdict(rows, workload, MOST_FLOORS_OF_EXTENSIONS)),
    ...[...EXTENSIONS, 'dpop_request'].map((workload) =>
      ratioVerdict(rows, workload, 'floor', MOST_FLOORS_OF_EXTENSIONS),
    ),
    ...EXTENSIONS.map((workload) => ratioVerdict(rows, workload, PEER, MOST_OF_PEER)),
    startupVerdict(rows),
    memoryVerdict(rows),
  ]
}

const MOST_OF_NODE = 1.4

/** The same for what adapters of the library cost. */
export function adapterVerdict(rows: readonly ResultRow[], workload: string): string {
  const ratio = costRatio(rows, workload, 'fetch', NODE_ADAPTER)
  return verdict(
    `fetch: at most ${MOST_OF_NODE} × ${NODE_ADAPTER}`,
    ratio,
    MOST_OF_NODE,
    `${ratio?.toFixed(2)} × ${NODE_ADAPTER}`,
  )
}

function ratioVerdict(rows: readonly ResultRow[], workload: string, other: string, most: number): string {
  const ratio = costRatio(rows, workload, SUBJECT, other)
  return verdict(`${workload}: at most ${most} × ${other}`, ratio, most, `${ratio?.toFixed(2)} × ${other}`)
}

/** Against the floor; what the peers need is told beside it. */
function costVerdict(rows: readonly ResultRow[], workload: string, most: number): string {
  const ratio = costRatio(rows, workload, SUBJECT, 'floor')
  const peers = PEERS.map((peer) => {
    const toPeer = costRatio(rows, workload, SUBJECT, peer)
    return toPeer === undefined ? '' : `, ${toPeer.toFixed(2)} × ${peer}`
  })
  return verdict(`${workload}: at most ${most} × floor`, ratio, most, `${ratio?.toFixed(2)} × floor${peers.join('')}`)
}

function startupVerdict(rows: readonly ResultRow[]): string {
  const ms = rowOf(rows, 'startup')?.startup_ms
  return verdict(`startup: first token after at most ${MOST_STARTUP_MS} ms`, ms, MOST_STARTUP_MS, `${ms} ms`)
}

function memoryVerdict(rows: readonly ResultRow[]): string {
  const megabytes = rowOf(rows, 'client_credentials')?.rss_mb
  const target = `memory: at most ${MOST_MEGABYTES} MB in client_credentials`
  return verdict(target, megabytes, MOST_MEGABYTES, `${megabytes} MB`)
}

function verdict(target: string, measured: number | null | undefined, limit: number, words: string): string {
  if (measured === null || measured === undefined) return `not measured  ${target}`
  return `${measured <= limit ? 'met         ' : 'MISSED      '}  ${target}: ${words}`
}

function rowOf(rows: readonly ResultRow[], workload: string): ResultRow | undefined {
  return rows.find((row) => row.workload === workload && row.server === SUBJECT)
}
