import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const env = {
  CARDEA_ISSUER: 'http://localhost:25099',
  CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa',
}

interface Report {
  ok: boolean
  findings: { check: string; result: string; text: string; advice?: string }[]
}

const resultOf = (report: Report, check: string): string =>
  report.findings
    .filter((finding) => finding.check === check)
    .map(({ result }) => result)
    .join(' ')

test('doctor: a good set-up has no failure, and an issuer that does not run is a warning', async () => {
  const cli = new InProcessWorld()
  await cli.run('migrate')
  const { code, json } = await cli.run('doctor --json', { env })
  const report = json<Report>()
  assert.equal(code, 0, JSON.stringify(report))
  for (const check of [
    'configuration',
    'secrets',
    'clock',
    'database file',
    'database schema',
    'database integrity',
    'database writes',
    'demonstration',
  ]) {
    assert.equal(resultOf(report, check), 'ok', check)
  }
  assert.equal(resultOf(report, 'issuer'), 'warn')
})

test('doctor: every failure says what to do, and it ends with 1', async () => {
  const cli = new InProcessWorld()
  await cli.run('migrate')
  await cli.run('user create john@doe.com --password-stdin', { stdin: 'testpassword' })
  chmodSync(join(cli.cwd, 'cardea.sqlite'), 0o644)
  const weak = { CARDEA_ISSUER: 'https://id.invalid', CARDEA_SECRETS: 'a'.repeat(40) }
  const { code, json, out } = await cli.run('doctor --json', { env: weak })
  const report = json<Report>()
  assert.equal(code, 1)
  assert.equal(report.ok, false)
  assert.equal(resultOf(report, 'configuration'), 'fail')
  assert.equal(resultOf(report, 'secrets'), 'fail')
  assert.equal(resultOf(report, 'database file'), 'warn')
  assert.equal(resultOf(report, 'demonstration'), 'fail')
  for (const { result, advice } of report.findings) assert.equal(result === 'ok', advice === undefined)
  assert.doesNotMatch(out, /aaaa|testpassword/)
  assert.match((await cli.run('doctor', { env: weak })).out, /^fail {2}configuration: .*; set CARDEA_TLS_CERT_FILE/)
})

test('doctor: a configuration that cannot be read is a finding', async () => {
  const { code, out } = await new InProcessWorld().run('doctor', { env: { CARDEA_PORT: 'x' } })
  assert.equal(code, 1)
  assert.match(out, /^fail {2}configuration: port \(from CARDEA_PORT\): got "x"/)
})

test('doctor: a database that is not there is a warning, one that is none a failure', async () => {
  const cli = new InProcessWorld()
  const missing = (await cli.run('doctor --json', { env })).json<Report>()
  assert.equal(resultOf(missing, 'database'), 'warn')
  cli.write('cardea.sqlite', 'this is not a database, it is a text that somebody put there')
  const { code, json } = await cli.run('doctor --json', { env })
  assert.equal(code, 1)
  assert.match(resultOf(json<Report>(), 'database integrity'), /fail/)
})

const answers: [string, unknown, number, number, RegExp][] = [
  ['this issuer', 'self', 200, 0, /^ok ok ok$/],
  ['another issuer', 'https://other.example', 200, 0, /^fail/],
  ['no metadata', undefined, 404, 0, /^fail/],
  ['a clock that is off', 'self', 200, 300, /^ok ok fail$/],
]

for (const [what, issuer, status, off, expected] of answers) {
  test(`doctor: asks the issuer; ${what} is told`, async () => {
    const cli = new InProcessWorld()
    let own = ''
    const server = createServer((_request, response) => {
      response.setHeader('date', new Date((1_800_000_000 + off) * 1000).toUTCString())
      response.writeHead(status)
      response.end(JSON.stringify(issuer === undefined ? {} : { issuer: issuer === 'self' ? own : issuer }))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const report = (await cli.run('doctor --json', { env: { ...env, CARDEA_ISSUER: own } })).json<Report>()
    server.close()
    server.closeAllConnections()
    assert.match(`${resultOf(report, 'issuer')} ${resultOf(report, 'clock')}`, expected)
  })
}

test('migrate: says what is pending, tries it, does it, and then has nothing to do', async () => {
  const cli = new InProcessWorld()
  const before = (await cli.run('migrate status --json')).json<{ pending: string[]; applied: string[] }>()
  assert.ok(before.pending.length > 0)
  assert.deepEqual(before.applied, [])
  const tried = (await cli.run('migrate --dry-run --json')).json<{ applied: string[] }>()
  assert.deepEqual(tried.applied, before.pending)
  assert.throws(() => cli.read('cardea.sqlite'), /ENOENT/)
  assert.equal((await cli.run('migrate')).code, 0)
  assert.equal((await cli.run('migrate')).out, 'The schema is up to date\n')
  const after = (await cli.run('migrate status --json')).json<{ pending: string[]; applied: string[] }>()
  assert.deepEqual([after.pending, after.applied], [[], before.pending])
  assert.equal((await cli.run('migrate sideways')).code, 2)
})
