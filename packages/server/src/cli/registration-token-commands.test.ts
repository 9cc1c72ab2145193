import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld, type Serving } from '../../test-support/in-process-world.ts'

const env = { CARDEA_ISSUER: 'http://localhost:8000', CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa' }

interface View {
  readonly reference: string
  readonly label: string
  readonly policy: string
  readonly uses_left: number | null
  readonly expires_at: number | null
  readonly token?: string
}

interface Registered {
  readonly client_id: string
  readonly registration_client_uri: string
  readonly registration_access_token: string
}

const register = (server: Serving, token?: string, metadata: object = {}): Promise<Response> =>
  fetch(`${server.url}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ redirect_uris: ['https://app.example/cb'], ...metadata }),
  })

async function serving(cli: InProcessWorld, use: (server: Serving) => Promise<void>, more = {}): Promise<void> {
  const server = await cli.serve('serve --port 0', { env: { ...env, ...more } })
  try {
    await use(server)
  } finally {
    server.signal('SIGTERM')
    await server.done
  }
}

test('RFC 7591 §1.2: a token is made, listed without itself, used by the server, and revoked', async () => {
  const cli = new InProcessWorld()
  const [made, spare] = [
    (await cli.run('registration-token create --label Acme --json')).json<View>(),
    (await cli.run('registration-token create --uses any --json')).json<View>(),
  ]
  assert.match(made.token ?? '', /^cia_[\w-]{49}$/)
  assert.deepEqual([made.uses_left, made.expires_at, made.policy, spare.uses_left], [1, null, 'default', null])
  const list = await cli.run('registration-token list')
  assert.match(list.out, /Acme/)
  assert.doesNotMatch(list.out, /cia_/)
  const off = await cli.serve('serve --port 0', { env })
  assert.equal((await register(off, made.token)).status, 404)
  off.signal('SIGTERM')
  await off.done
  const mode = { CARDEA_REGISTRATION_MODE: 'initial-access-token' }
  await serving(
    cli,
    async (server) => {
      assert.equal((await register(server)).status, 401)
      assert.equal((await register(server, made.token)).status, 201)
      assert.equal((await register(server, made.token)).status, 401)
      assert.equal((await register(server, spare.token)).status, 201)
      assert.equal((await cli.run(`registration-token revoke ${spare.reference}`)).code, 0)
      assert.equal((await register(server, spare.token)).status, 401)
      assert.doesNotMatch(server.log(), /(?:cia|crg)_[\w-]{20}/)
    },
    mode,
  )
  assert.equal((await cli.run(`registration-token revoke ${spare.reference}`)).code, 3)
})

const config = {
  registration: {
    mode: 'open',
    policies: { default: { scope: 'read' }, partner: { grantTypes: ['client_credentials'], approved: true } },
    inferApplicationType: true,
  },
  scopes: [{ name: 'read', is_default: true }, { name: 'write' }],
}

test('RFC 7591 §5: policies of the configuration hold for what registers under them', async () => {
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', config)
  const { token } = (await cli.run('registration-token create --policy partner --json')).json<View>()
  await serving(cli, async (server) => {
    assert.equal((await register(server, undefined, { scope: 'read write' })).status, 400)
    assert.equal((await register(server, token, { grant_types: ['client_credentials'] })).status, 201)
    assert.equal((await register(server, undefined, { redirect_uris: ['http://127.0.0.1/cb'] })).status, 201)
  })
  const rows = (await cli.run('client list --json')).json<{ registration_policy: string }[]>()
  assert.deepEqual(rows.map((row) => row.registration_policy).sort(), ['default', 'partner'])
  assert.match((await cli.run('client list')).out, /REGISTRATION_POLICY\s+UNAPPROVED/)
})

test('RFC 7592 §3: the operator sees, approves, changes and disables a client that registered itself', async () => {
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', config)
  await serving(cli, async (server) => {
    const answer = await register(server, undefined, { software_id: 'app-1', scope: 'read' })
    const client = (await answer.json()) as Registered
    const headers = { authorization: `Bearer ${client.registration_access_token}` }
    const own = () => fetch(`${server.url}/register/${client.client_id}`, { headers })
    const shown = await cli.run(`client show ${client.client_id} --json`)
    assert.doesNotMatch(shown.out, /digest|hash|"sha256/)
    assert.equal(shown.json<{ unapproved?: boolean }>().unapproved, true)
    const approved = (await cli.run(`client approve ${client.client_id} --json`)).json<object>()
    assert.equal('unapproved' in approved, false)
    const changed = await cli.run(['client', 'update', client.client_id, '--name', 'Known', '--json'])
    assert.deepEqual(
      [changed.json<{ software_id: string }>().software_id, changed.json<{ client_name: string }>().client_name],
      ['app-1', 'Known'],
    )
    assert.equal((await own()).status, 200)
    assert.equal((await cli.run(`client update ${client.client_id} --disable`)).code, 0)
    assert.equal((await own()).status, 403)
  })
})

const mistakes: readonly (readonly [string, RegExp])[] = [
  ['registration-token create --uses 0', /--uses: got "0"; must be a whole number from 1, or any/],
  ['registration-token create --expires yesterday', /--expires: got "yesterday"/],
  ['registration-token create --expires 2001-01-01', /--expires: got "2001-01-01"; must be a date to come/],
  [
    'registration-token create --policy gold',
    /--policy: there is no "gold" in registration\.policies; valid are default/,
  ],
]

for (const [line, message] of mistakes) {
  test(`registration-token: \`${line}\` is refused, and nothing is made`, async () => {
    const cli = new InProcessWorld()
    await cli.run('registration-token create')
    const { code, err } = await cli.run(line)
    assert.deepEqual([code, message.test(err)], [2, true], err)
    assert.equal((await cli.run('registration-token list --json')).json<View[]>().length, 1)
  })
}

const refused: readonly (readonly [object, RegExp])[] = [
  [{ mode: 'on' }, /registration\.mode: got "on"; must be off, initial-access-token or open/],
  [
    { mode: 'open', softwareStatements: [{ issuer: 'https://a.example', jwksUri: 'http://a.example/' }] },
    /registration\.softwareStatements\[0\]\.jwksUri: must be an https URL/,
  ],
  [{ rotateToken: true }, /registration\.rotateToken: is not a key/],
  [
    { policies: { default: { scopes: 'read' } } },
    /registration\.policies\.default\.scopes: is not a key; did you mean .*scope\?/,
  ],
]

for (const [registration, message] of refused) {
  test(`Configuration: registration ${JSON.stringify(registration)} is refused before anything starts`, async () => {
    const cli = new InProcessWorld()
    cli.write('cardea.config.json', { registration })
    const { code, err } = await cli.run('serve --port 0', { env })
    assert.equal(code, 2)
    assert.match(err, message)
  })
}
