import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

interface ClientView {
  client_id: string
  client_secret?: string
  has_secret: boolean
  token_endpoint_auth_method: string
  response_types: string[]
  redirect_uris: string[]
  scope?: string
  disabled?: boolean
}

const shop =
  'client create shop --redirect-uri https://shop.example/cb --grant authorization_code --grant refresh_token'

test('client create: makes a secret, shows it once and stores only its hash', async () => {
  const cli = new InProcessWorld()
  const created = (await cli.run(`${shop} --json`)).json<ClientView>()
  assert.match(created.client_secret ?? '', /^csc_/)
  assert.deepEqual(created.response_types, ['code'])
  const shown = await cli.run('client show shop --json')
  assert.equal(shown.json<ClientView>().has_secret, true)
  assert.doesNotMatch(shown.out, /csc_|sha256|client_secret_hash/)
  assert.equal(cli.read('cardea.sqlite').includes(created.client_secret ?? ''), false)
})

test('client create: a public client has no secret, and is refused one', async () => {
  const cli = new InProcessWorld()
  const app = 'client create app --public --native --redirect-uri com.example.app:/cb'
  const created = await cli.run(`${app} --json`)
  assert.equal(created.json<ClientView>().token_endpoint_auth_method, 'none')
  assert.equal(created.json<ClientView>().has_secret, false)
  const refused = await cli.run('client update app --secret something-long')
  assert.equal(refused.code, 2)
  assert.match(refused.err, /A public client has no secret/)
})

test('RFC 8628 §3.1: client create --device registers the grants of a device, and no redirect URI', async () => {
  const cli = new InProcessWorld()
  const { grant_types, redirect_uris, response_types } = (
    await cli.run('client create tv --device --public --json')
  ).json<ClientView & { grant_types: string[] }>()
  assert.deepEqual(grant_types, ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'])
  assert.deepEqual([redirect_uris, response_types], [[], []])
  const said = await cli.run(`client create box --device --grant ${grant_types[0]} --json`)
  assert.deepEqual(said.json<{ grant_types: string[] }>().grant_types, grant_types.slice(0, 1))
})

test('client create: a chosen secret comes from standard input or the environment; on the command line it warns', async () => {
  const cli = new InProcessWorld()
  const piped = await cli.run('client create a --grant client_credentials --secret-stdin --json', {
    stdin: 'chosen one\n',
  })
  assert.equal(piped.json<ClientView>().has_secret, true)
  assert.doesNotMatch(piped.out + piped.err, /chosen one/)
  const env = { CARDEA_CLIENT_SECRET: 'chosen two' }
  assert.equal((await cli.run('client create b --grant client_credentials', { env })).code, 0)
  const inline = await cli.run('client create c --grant client_credentials --secret chosen-three')
  assert.equal(inline.code, 0)
  assert.match(inline.err, /^warning: --secret can be seen/)
  const store = await cli.open()
  assert.match((await store.clients.find('a'))?.client_secret_hash ?? '', /^\$argon2id\$/)
  await store.close()
})

test('client update: changes what is given and leaves the rest, the secret included', async () => {
  const cli = new InProcessWorld()
  await cli.run('scope create read')
  const { client_secret } = (await cli.run(`${shop} --json`)).json<ClientView>()
  const updated = (
    await cli.run(['client', 'update', 'shop', '--name', 'The shop', '--scope', 'read', '--json'])
  ).json<ClientView>()
  assert.equal(updated.scope, 'read')
  assert.deepEqual(updated.redirect_uris, ['https://shop.example/cb'])
  assert.equal(updated.has_secret, true)
  assert.equal(updated.client_secret, undefined)
  const rotated = (await cli.run('client update shop --rotate-secret --json')).json<ClientView>()
  assert.match(rotated.client_secret ?? '', /^csc_/)
  assert.notEqual(rotated.client_secret, client_secret)
  assert.equal((await cli.run('client update shop --disable --json')).json<ClientView>().disabled, true)
  assert.equal((await cli.run('client update shop --enable --json')).json<ClientView>().disabled, undefined)
})

const refused: [string, RegExp][] = [
  ['client create x', /redirect_uris: at least one is needed/],
  ['client create x --redirect-uri http://shop.example/cb', /redirect_uris: .* must use https/],
  ['client create x --grant teleport', /grant_types\[0\]: got "teleport"; .*authorization_code/],
  ['client create x --auth-method magic', /token_endpoint_auth_method: got "magic"/],
  ['client create x --grant client_credentials --scope nope', /scope: there is no scope "nope"; known are none/],
  ['client create x --public --grant client_credentials', /client_credentials is for clients that authenticate/],
  ['client create x --public --pkce none --redirect-uri https://a.example', /pkce: a public client cannot go without/],
  ['client create x --frobnicate', /unknown option '--frobnicate'/],
  ['client create', /missing required argument 'client_id'/],
  ['client crate x', /unknown command 'crate'/],
  ['client create x --secret a --secret-stdin', /not both/],
]

for (const [line, pattern] of refused) {
  test(`client: \`${line}\` ends with 2 and says why`, async () => {
    const cli = new InProcessWorld()
    const { code, out, err } = await cli.run(line)
    assert.equal(code, 2, err)
    assert.equal(out, '')
    assert.match(err, pattern)
    assert.doesNotMatch(err, /\n {4}at /)
    assert.notEqual((await cli.run('client show x')).code, 0)
  })
}

test('client: rows that are missing end with 3, rows that are there with 4', async () => {
  const cli = new InProcessWorld()
  assert.equal((await cli.run('client list')).code, 3, 'no database')
  await cli.run(shop)
  for (const line of ['client show nope', 'client update nope --name x', 'client delete nope']) {
    const { code, err } = await cli.run(line)
    assert.equal(code, 3, line)
    assert.equal(err, 'error: There is no client "nope"\n')
  }
  const again = await cli.run(shop)
  assert.equal(again.code, 4)
  assert.match(again.err, /There already is a client "shop"/)
})

test('client list and delete: list has every client, delete takes one away', async () => {
  const cli = new InProcessWorld()
  await cli.run(shop)
  await cli.run('client create robot --grant client_credentials')
  const ids = (await cli.run('client list --json')).json<ClientView[]>().map(({ client_id }) => client_id)
  assert.deepEqual(ids, ['robot', 'shop'])
  assert.match((await cli.run('client list')).out, /^CLIENT_ID .*\nrobot .*\nshop /)
  assert.deepEqual((await cli.run('client delete robot --json')).json(), { deleted: 'robot' })
  assert.equal((await cli.run('client list --json')).json<ClientView[]>().length, 1)
})

test('client list: control characters in a name cannot write to the terminal', async () => {
  const cli = new InProcessWorld()
  const name = 'a\u001b[2Jb\nc'
  const create = ['client', 'create', 'evil', '--grant', 'client_credentials']
  assert.match((await cli.run([...create, '--name', name])).err, /client_name: holds characters that are not allowed/)
  await cli.run(create)
  const store = await cli.open()
  const client = await store.clients.find('evil')
  assert.ok(client)
  await store.clients.save({ ...client, client_name: name })
  await store.close()
  const { out } = await cli.run('client list')
  assert.equal(out.includes('\u001b'), false)
  assert.equal(out.trim().split('\n').length, 2)
})

test('help: every command has an example, and --help ends with 0', async () => {
  const cli = new InProcessWorld()
  const top = await cli.run('--help')
  assert.equal(top.code, 0)
  assert.match(top.out, /Exit codes:/)
  const nouns = ['client', 'user', 'scope'].flatMap((noun) =>
    ['create', 'list', 'show', 'update', 'delete'].map((verb) => `${noun} ${verb}`),
  )
  nouns.push(...['create', 'list', 'revoke'].map((verb) => `registration-token ${verb}`), 'client approve')
  for (const command of [...nouns, 'token list', 'token revoke', 'load', 'migrate', 'doctor', 'serve', 'demo']) {
    const { code, out } = await cli.run(`${command} --help`)
    assert.equal(code, 0, command)
    assert.match(out, new RegExp(`Examples:\\n.*\\$ .*cardea ${command.split(' ')[0]}`, 's'), command)
    assert.match(out, /--json/, command)
  }
  assert.equal((await cli.run('--version')).out, '0.0.0\n')
})

test('--database: names another database', async () => {
  const cli = new InProcessWorld()
  await cli.run('scope create read --database other.sqlite')
  assert.equal((await cli.run('scope list --json --database other.sqlite')).json<unknown[]>().length, 1)
  assert.equal((await cli.run('scope list --json')).code, 3)
})

test('a wrong configuration stops every command, with the key named', async () => {
  const cli = new InProcessWorld()
  const { code, err } = await cli.run('scope create read', { env: { CARDEA_PORT: 'eighty' } })
  assert.equal(code, 2)
  assert.match(err, /^error: port \(from CARDEA_PORT\): got "eighty"/)
})
