import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const env = { CARDEA_ISSUER: 'http://localhost:8000', CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa' }

/** The day on which the clock of the tests begins, and that of the next year. */
const today = '2027-01-15'
const nextYear = Date.UTC(2028, 0, 15) / 1000
const robot = 'client create robot --grant client_credentials'

const endOf = async (cli: InProcessWorld, id = 'robot'): Promise<number | undefined> =>
  (await cli.run(`client show ${id} --json`)).json<{ client_secret_expires_at?: number }>().client_secret_expires_at

test('RFC 7591 §3.2.1: client create --secret-expires takes a date, a moment or seconds, and show tells it', async () => {
  const cli = new InProcessWorld()
  for (const [id, text] of [
    ['date', '2028-01-15'],
    ['moment', '2028-01-15T01:00:00+01:00'],
    ['seconds', String(nextYear)],
  ]) {
    const { code, err } = await cli.run(`client create ${id} --grant client_credentials --secret-expires ${text}`)
    assert.equal(code, 0, err)
    assert.equal(await endOf(cli, id), nextYear)
    assert.match((await cli.run(`client show ${id}`)).out, /^client_secret_expires_at +2028-01-15T00:00:00Z$/m)
  }
})

test('RFC 7591 §3.2.1: the end stays with the secret, and goes with it', async () => {
  const cli = new InProcessWorld()
  await cli.run(`${robot} --secret-expires 2028-01-15`)
  await cli.run('client update robot --name Renamed')
  assert.equal(await endOf(cli), nextYear)
  await cli.run('client update robot --rotate-secret')
  assert.equal(await endOf(cli), undefined)
  await cli.run('client update robot --rotate-secret --secret-expires 2028-01-15')
  assert.equal(await endOf(cli), nextYear)
  await cli.run('client update robot --secret-expires never')
  assert.equal(await endOf(cli), undefined)
})

const wrong = ['soon', '2028-02-30', '2028-13-01', '15.01.2028', '-1', '1800000000000', '2028-01-15T25:00:00Z']

for (const text of wrong) {
  test(`client create: \`--secret-expires=${text}\` ends with 2 and says what is valid`, async () => {
    const { code, err } = await new InProcessWorld().run(`${robot} --secret-expires=${text}`)
    assert.equal(code, 2, err)
    assert.match(err, /client_secret_expires_at: got .*; must be epoch seconds, or a date such as 2027-01-31/)
  })
}

test('client create: a public client has no secret that could end', async () => {
  const line = 'client create app --public --native --redirect-uri com.example.app:/cb --secret-expires 2028-01-15'
  const { code, err } = await new InProcessWorld().run(line)
  assert.equal(code, 2)
  assert.match(err, /has client_secret_expires_at, but token_endpoint_auth_method none/)
})

test('RFC 7591 §3.2.1: load takes the end of a secret; what a row does not say stays until the secret changes', async () => {
  const cli = new InProcessWorld()
  const load = async (more: object) => {
    const client = { client_id: 'robot', client_secret: 'a chosen secret', grant_types: ['client_credentials'] }
    cli.write('rows.json', { clients: [{ ...client, ...more }] })
    return (await cli.run('load rows.json')).out
  }
  assert.match(await load({ client_secret_expires_at: '2028-01-15' }), /1 created/)
  assert.match(await load({ client_secret_expires_at: nextYear }), /1 unchanged/)
  assert.match(await load({}), /1 unchanged/)
  assert.equal(await endOf(cli), nextYear)
  assert.match(await load({ client_secret: 'another secret' }), /updated {4}client robot \(client_secret\)/)
  assert.equal(await endOf(cli), undefined)
  assert.match(await load({ client_secret: 'another secret', client_secret_expires_at: '2028-01-15' }), /1 updated/)
  assert.match(await load({ client_secret: 'another secret', client_secret_expires_at: 0 }), /1 updated/)
  assert.equal(await endOf(cli), undefined)
})

test('RFC 7591 §3.2.1: a served client is let in until its secret ends, and refused from then on', async () => {
  const cli = new InProcessWorld()
  const client = { client_id: 'robot', client_secret: 'a chosen secret', grant_types: ['client_credentials'] }
  cli.write('cardea.config.json', { clients: [{ ...client, client_secret_expires_at: 1_800_000_060 }] })
  const server = await cli.serve('serve --port 0', { env })
  const status = async () => {
    const body = new URLSearchParams({ grant_type: 'client_credentials' })
    const headers = { authorization: `Basic ${btoa('robot:a chosen secret')}` }
    return (await fetch(`${server.url}/token`, { method: 'POST', headers, body })).status
  }
  try {
    assert.equal(await status(), 200)
    cli.advance(60)
    assert.equal(await status(), 401)
  } finally {
    server.signal('SIGTERM')
    await server.done
  }
})

test('doctor: warns of secrets that end within 30 days, or have ended, and of no others', async () => {
  const cli = new InProcessWorld()
  const day = 86_400
  const start = Date.parse(`${today}T08:00:00Z`) / 1000
  const create = (id: string, end: number | 'never') =>
    cli.run(`client create ${id} --grant client_credentials --secret-expires ${end}`)
  const said = async () => {
    const { code, json } = await cli.run('doctor --json', { env })
    const { findings } = json<{ findings: { check: string; result: string; text: string; advice?: string }[] }>()
    assert.equal(code, 0)
    return findings.filter(({ check }) => check === 'client secrets')
  }
  assert.equal(start, 1_800_000_000)
  await create('endless', 'never')
  await create('later', start + 30 * day + 1)
  assert.deepEqual(
    (await said()).map(({ result }) => result),
    ['ok'],
  )
  await create('gone', start)
  await create('month', start + 30 * day)
  await create('today', start + 3600)
  await create('off', start + 3600)
  await cli.run('client update off --disable')
  const findings = await said()
  assert.deepEqual(
    findings.map(({ result, text }) => `${result} ${text}`),
    [
      'warn that of client gone expired at 2027-01-15T08:00:00Z',
      'warn that of client month expires in 30 days, at 2027-02-14T08:00:00Z',
      'warn that of client today expires within a day, at 2027-01-15T09:00:00Z',
    ],
  )
  assert.match(findings[0]?.advice ?? '', /cardea client update gone --rotate-secret/)
})
