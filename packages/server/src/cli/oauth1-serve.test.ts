import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld, type Serving } from '../../test-support/in-process-world.ts'
import { oauth1Visit } from '../../test-support/oauth1-visit.ts'

const issuer = 'http://localhost:8000'
const secrets = 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa'
const env = { CARDEA_ISSUER: issuer, CARDEA_SECRETS: secrets, CARDEA_OAUTH1_ENABLED: 'true' }

interface TokenView {
  reference: number
  kind: string
  state: string
  client: string
  user: string | null
  last_used_at?: number | null
}

interface Report {
  clients: { client_id: string; live_credentials: number; last_used_at: number | null; registered: boolean }[]
  live_credentials: number
}

const consumer = { key: 'old-shop', secret: 'a shared secret: 100% & more' }

type Visit = ReturnType<typeof oauth1Visit>

async function serving(
  variables: Readonly<Record<string, string>>,
  use: (cli: InProcessWorld, visit: Visit, server: Serving) => Promise<void>,
): Promise<void> {
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', {
    scopes: [{ name: 'read', is_default: true }],
    clients: [
      {
        client_id: consumer.key,
        grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange', 'refresh_token'],
        oauth1: { secret: consumer.secret, callbacks: ['oob', 'https://shop.example/cb'] },
      },
    ],
    users: [
      { username: 'jane', password: 'correct horse' },
      { username: 'sam', password: 'battery staple' },
    ],
  })
  const server = await cli.serve('serve --port 0', { env: { ...env, ...variables } })
  try {
    await use(cli, oauth1Visit(server.url, issuer, consumer), server)
  } finally {
    server.signal('SIGTERM')
    await server.done
  }
}

const tokensOf = async (cli: InProcessWorld, ...options: string[]): Promise<TokenView[]> =>
  (await cli.run(['token', 'list', '--json', ...options])).json<TokenView[]>()

test('serve: OAuth 1 is off unless it is switched on', async () => {
  const cli = new InProcessWorld()
  const { CARDEA_OAUTH1_ENABLED: _, ...without } = env
  const server = await cli.serve('serve --port 0', { env: without })
  assert.equal((await fetch(`${server.url}/oauth1/initiate`, { method: 'POST' })).status, 404)
  server.signal('SIGTERM')
  assert.equal((await server.done).code, 0)
})

test('RFC 5849 §2: a declared client gets its token credential, which `token list` shows with the others', () =>
  serving({}, async (cli, visit) => {
    const { token, secret } = await visit.tokenFor('jane', 'correct horse')
    const [shown, ...others] = await tokensOf(cli)
    assert.equal(others.length, 0)
    assert.deepEqual(
      [shown?.kind, shown?.state, shown?.client, shown?.user, shown?.last_used_at],
      ['oauth1', 'live', 'old-shop', 'jane', null],
    )
    const text = await cli.run('token list')
    assert.match(text.out, /\boauth1 +live +old-shop +jane +read\b.*never/)
    for (const canary of [token, secret, consumer.secret]) {
      assert.equal(text.out.includes(canary), false)
      assert.equal(cli.read('cardea.sqlite').includes(canary), false)
      assert.equal(cli.read('cardea.sqlite-wal').includes(canary), false)
    }
  }))

const endings: [string, (reference: number) => string][] = [
  ['its reference', (reference) => `token revoke ${reference}`],
  ['--client', () => 'token revoke --client old-shop'],
  ['--user', () => 'token revoke --user jane'],
]

for (const [how, command] of endings) {
  test(`token revoke: a token credential of OAuth 1 ends by ${how}, at once, and others do not`, () =>
    serving({}, async (cli, visit) => {
      const janes = await visit.tokenFor('jane', 'correct horse')
      const sams = await visit.tokenFor('sam', 'battery staple')
      const [shown] = await tokensOf(cli, '--user', 'jane')
      const ended = await cli.run(command(shown?.reference ?? 0))
      assert.equal(ended.code, 0, ended.err)
      assert.equal((await visit.exchange(janes)).status, 401)
      assert.equal((await visit.exchange(sams)).status, how === '--client' ? 401 : 200)
      const [after] = await tokensOf(cli, '--user', 'jane', '--all')
      assert.equal(after?.state, 'revoked')
    }))
}

test('oauth1 report: says who still uses OAuth 1, how much and when last, most recent first', () =>
  serving({}, async (cli, visit) => {
    await cli.run('client create unused --oauth1 --callback oob', { env })
    await cli.run('client create modern --grant client_credentials')
    const credential = await visit.tokenFor('jane', 'correct horse')
    const before = (await cli.run('oauth1 report --json')).json<Report>()
    assert.deepEqual(
      before.clients.map(({ client_id, live_credentials, last_used_at }) => [
        client_id,
        live_credentials,
        last_used_at,
      ]),
      [
        ['old-shop', 1, null],
        ['unused', 0, null],
      ],
    )
    assert.equal((await visit.exchange(credential)).status, 200)
    const after = (await cli.run('oauth1 report --json')).json<Report>()
    assert.equal(after.live_credentials, 1)
    assert.equal(after.clients[0]?.last_used_at, 1_800_000_000)
    assert.match((await cli.run('oauth1 report')).out, /old-shop .*secret +1 +2027-01-15T08:00Z\nunused/)
    await cli.run('client update old-shop --no-oauth1')
    const left = (await cli.run('oauth1 report --json')).json<Report>()
    assert.equal(left.clients.find(({ client_id }) => client_id === 'old-shop')?.registered, false)
  }))

const exchanges: [string, Record<string, string>, readonly number[]][] = [
  ['by default again and again', {}, [200, 200]],
  ['`once` the first time only', { CARDEA_OAUTH1_EXCHANGE_USE: 'once' }, [200, 400]],
  [
    '`revoke` the first time only, for the credential is gone',
    { CARDEA_OAUTH1_EXCHANGE_CREDENTIAL: 'revoke' },
    [200, 401],
  ],
  ['`off` never', { CARDEA_OAUTH1_EXCHANGE_USE: 'off' }, [401, 401]],
]

for (const [what, variables, statuses] of exchanges) {
  test(`RFC 8693 §2: a token credential is exchanged ${what}`, () =>
    serving(variables, async (cli, visit) => {
      const credential = await visit.tokenFor('jane', 'correct horse')
      for (const status of statuses) {
        const answer = await visit.exchange(credential)
        assert.equal(answer.status, status, await answer.text())
      }
      const states = (await tokensOf(cli, '--all')).filter(({ kind }) => kind === 'oauth1').map(({ state }) => state)
      assert.deepEqual(states, [variables.CARDEA_OAUTH1_EXCHANGE_CREDENTIAL === 'revoke' ? 'revoked' : 'live'])
    }))
}
