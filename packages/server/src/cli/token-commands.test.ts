import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld, type Serving } from '../../test-support/in-process-world.ts'

const env = {
  CARDEA_ISSUER: 'http://localhost:8000',
  CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa',
  CARDEA_GRANTS: 'password,refresh_token,client_credentials',
}

interface TokenView {
  reference: number
  kind: string
  state: string
  client: string
  user: string | null
}

interface Answer {
  access_token: string
  refresh_token?: string
  active?: boolean
}

const post = async (server: Serving, path: string, body: Record<string, string>): Promise<Answer> => {
  const credentials = { client_id: 'shop', client_secret: 'a chosen secret' }
  const answer = await fetch(server.url + path, {
    method: 'POST',
    body: new URLSearchParams({ ...credentials, ...body }),
  })
  return (await answer.json()) as Answer
}

const isActive = async (server: Serving, token: string): Promise<boolean | undefined> =>
  (await post(server, '/introspect', { token })).active

async function withTokens(use: (cli: InProcessWorld, server: Serving, user: Answer, machine: Answer) => Promise<void>) {
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', {
    scopes: [{ name: 'read', is_default: true }],
    clients: [
      {
        client_id: 'shop',
        client_secret: 'a chosen secret',
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['password', 'refresh_token', 'client_credentials'],
      },
    ],
    users: [{ username: 'jane', password: 'correct horse' }],
  })
  const server = await cli.serve('serve --port 0', { env })
  try {
    const user = await post(server, '/token', { grant_type: 'password', username: 'jane', password: 'correct horse' })
    const machine = await post(server, '/token', { grant_type: 'client_credentials' })
    await use(cli, server, user, machine)
  } finally {
    server.signal('SIGTERM')
    await server.done
  }
}

const list = async (cli: InProcessWorld, line = ''): Promise<TokenView[]> =>
  (await cli.run(`token list --json${line}`, { env })).json<TokenView[]>()

test('token list: shows references of live tokens, never the tokens', async () => {
  await withTokens(async (cli, _server, user, machine) => {
    const rows = await list(cli)
    assert.deepEqual(rows.map(({ kind, client, user: name }) => [kind, client, name].join(' ')).sort(), [
      'access shop ',
      'access shop jane',
      'refresh shop jane',
    ])
    const { out } = await cli.run('token list', { env })
    for (const token of [user.access_token, user.refresh_token ?? '', machine.access_token]) {
      assert.equal(out.includes(token), false)
    }
    assert.equal((await list(cli, ' --user jane')).length, 2)
    assert.equal((await list(cli, ' --client shop')).length, 3)
    assert.equal((await list(cli, ' --limit 1')).length, 1)
    assert.equal((await cli.run('token list --user nobody', { env })).code, 3)
    assert.equal((await cli.run('token list --client nobody', { env })).code, 3)
    assert.equal((await cli.run('token list --limit many', { env })).code, 2)
    cli.advance(3601)
    assert.deepEqual(
      (await list(cli)).map(({ kind }) => kind),
      ['refresh'],
    )
    assert.deepEqual((await list(cli, ' --all')).map(({ state }) => state).sort(), ['expired', 'expired', 'live'])
  })
})

test('token revoke: by reference ends that access token only', async () => {
  await withTokens(async (cli, server, user, machine) => {
    const found = (await list(cli)).find(({ kind, user: name }) => kind === 'access' && name === null)
    const revoked = await cli.run(`token revoke ${found?.reference} --json`, { env })
    assert.deepEqual(revoked.json(), { reference: found?.reference, kind: 'access', revoked: true })
    assert.equal(await isActive(server, machine.access_token), false)
    assert.equal(await isActive(server, user.access_token), true)
    assert.match((await cli.run(`token revoke ${found?.reference}`, { env })).out, /had ended before/)
  })
})

test('token revoke: of a refresh token ends its whole authorization', async () => {
  await withTokens(async (cli, server, user, machine) => {
    const found = (await list(cli)).find(({ kind }) => kind === 'refresh')
    assert.equal((await cli.run(`token revoke ${found?.reference}`, { env })).code, 0)
    assert.equal(await isActive(server, user.access_token), false)
    assert.equal(await isActive(server, machine.access_token), true)
  })
})

test('token revoke --client and --user: end everything of theirs', async () => {
  await withTokens(async (cli, server, user, machine) => {
    assert.deepEqual((await cli.run('token revoke --user jane --json', { env })).json(), { authorizations: 1 })
    assert.equal(await isActive(server, user.access_token), false)
    assert.equal(await isActive(server, machine.access_token), true)
    assert.deepEqual((await cli.run('token revoke --client shop --json', { env })).json(), { authorizations: 0 })
    assert.equal(await isActive(server, machine.access_token), false)
    assert.equal((await list(cli)).length, 0)
  })
})

test('RFC 9700 §4.14.2: a new password of a user ends what was issued for them, another name does not', async () => {
  await withTokens(async (cli, server, user, machine) => {
    assert.equal((await cli.run(['user', 'update', 'jane', '--name', 'Jane Doe'], { env })).code, 0)
    assert.equal(await isActive(server, user.access_token), true)
    const chosen = { ...env, CARDEA_PASSWORD: 'another horse' }
    assert.equal((await cli.run('user update jane --set-password', { env: chosen })).code, 0)
    assert.equal(await isActive(server, user.access_token), false)
    assert.equal(await isActive(server, user.refresh_token ?? ''), false)
    assert.equal(await isActive(server, machine.access_token), true)
  })
})

test('token revoke: wrong references end with 2, unknown ones with 3', async () => {
  const cli = new InProcessWorld()
  await cli.run('scope create read')
  assert.equal((await cli.run('token revoke 12345')).code, 3)
  assert.equal((await cli.run('token revoke abc')).code, 2)
  assert.equal((await cli.run('token revoke 999999999999999')).code, 2)
  assert.equal((await cli.run('token revoke')).code, 2)
  assert.equal((await cli.run('token revoke 1 --client shop')).code, 2)
})
