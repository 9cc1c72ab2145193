import assert from 'node:assert/strict'
import { test } from 'node:test'
import { costRatio, workloadTable } from './report.ts'
import type { ResultRow } from './result.ts'
import { adapterVerdict, verdicts } from './verdicts.ts'

const row = (workload: string, server: string, cpu_us: number | null, more: Partial<ResultRow> = {}): ResultRow => ({
  workload,
  server,
  cpu_us,
  rps: 1000,
  p99_ms: 2,
  rss_mb: 100,
  bad: 0,
  ...more,
})

test('report: the cost ratio compares two servers of the same workload', () => {
  const rows = [row('refresh', 'floor', 100), row('refresh', 'cardea', 140), row('bearer', 'floor', 10)]
  assert.equal(costRatio(rows, 'refresh', 'cardea', 'floor'), 1.4)
  assert.equal(costRatio(rows, 'bearer', 'cardea', 'floor'), undefined)
})

test('report: the table is aligned and shows what is missing as a dash', () => {
  const table = workloadTable('refresh', [row('refresh', 'floor', 100), row('refresh', 'cardea', null, { rps: null })])
  assert.equal(
    table,
    [
      '',
      'refresh',
      'server  CPU µs  × floor  × oidc-provider  units/s  p99 ms  peak RSS MB  bad',
      '------  ------  -------  ---------------  -------  ------  -----------  ---',
      'floor    100.0     1.00                -     1000     2.0          100    0',
      'cardea       -        -                -        -     2.0          100    0',
    ].join('\n'),
  )
})

test('verdicts: every target that was not measured says so', () => {
  const lines = verdicts([row('refresh', 'floor', 100)])
  assert.equal(lines.length, 21)
  assert.ok(lines.every((line) => line.startsWith('not measured')))
})

test('verdicts: a limit is met up to its value and missed above it', () => {
  const startup = { startup_ms: 501 }
  const lines = verdicts([
    row('client_credentials', 'floor', 100),
    row('client_credentials', 'cardea', 150, { rss_mb: 150 }),
    row('refresh', 'floor', 100),
    row('refresh', 'cardea', 151),
    row('refresh', 'oidc-provider', 302),
    row('oauth1_flow', 'floor', 100),
    row('oauth1_flow', 'cardea', 149),
    row('oauth1_flow', 'oauthorize', 298),
    row('jwt_es256', 'floor', 100),
    row('jwt_es256', 'cardea', 130),
    row('jwt_es256', 'oidc-provider', 200),
    row('jwt_unkept_es256', 'cardea', 100),
    row('jwt_unkept_es256', 'oidc-provider', 199),
    row('dpop', 'floor', 100),
    row('dpop', 'cardea', 130),
    row('dpop', 'oidc-provider', 259),
    row('startup', 'cardea', 1, startup),
  ])
  assert.match(lines[0] ?? '', /^met .*client_credentials.*1\.50 × floor$/)
  assert.match(lines[1] ?? '', /^MISSED .*refresh.*1\.51 × floor, 0\.50 × oidc-provider$/)
  assert.match(lines[5] ?? '', /^met .*oauth1_flow.*1\.49 × floor, 0\.50 × oauthorize$/)
  assert.match(lines[6] ?? '', /^met .*jwt_es256: at most 1\.3 × floor: 1\.30 × floor, 0\.65 × oidc-provider$/)
  assert.match(lines[11] ?? '', /^met .*dpop: at most 1\.3 × floor: 1\.30 × floor$/)
  assert.match(lines[14] ?? '', /^MISSED .*jwt_unkept_es256: at most 0\.5 × oidc-provider: 0\.50 × oidc-provider$/)
  assert.match(lines[17] ?? '', /^MISSED .*dpop: at most 0\.5 × oidc-provider: 0\.50 × oidc-provider$/)
  assert.match(lines[19] ?? '', /^MISSED .*startup.*501 ms$/)
  assert.match(lines[20] ?? '', /^met .*150 MB$/)
})

test('verdicts: fetch is compared with node:http', () => {
  const rows = (cost: number) => [row('adapters', 'node', 100), row('adapters', 'fetch', cost)]
  assert.equal(adapterVerdict(rows(140), 'adapters'), 'met           fetch: at most 1.4 × node: 1.40 × node')
  assert.match(adapterVerdict(rows(141), 'adapters'), /^MISSED /)
  assert.match(adapterVerdict([], 'adapters'), /^not measured /)
})
