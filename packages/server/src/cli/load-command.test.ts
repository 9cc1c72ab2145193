import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const rows = `
scopes:
  - name: read
    description: Read your files
    is_default: true
  - name: write
clients:
  - client_id: shop
    client_secret: a chosen secret
    redirect_uris: [https://shop.example/cb]
    grant_types: [authorization_code, refresh_token]
    scope: read write
  - client_id: app
    token_endpoint_auth_method: none
    application_type: native
    redirect_uris: ['com.example.app:/cb']
users:
  - username: jane@example.com
    name: Jane
    password: correct horse battery
`

interface Loaded {
  dryRun: boolean
  created: number
  updated: number
  unchanged: number
  changes: { kind: string; key: string; action: string; fields: string[] }[]
}

test('load: creates what is not there, and a second time finds everything unchanged, secrets included', async () => {
  const cli = new InProcessWorld()
  cli.write('rows.yaml', rows)
  const first = (await cli.run('load rows.yaml --json')).json<Loaded>()
  assert.deepEqual([first.created, first.updated, first.unchanged], [5, 0, 0])
  const stored = async () => {
    const store = await cli.open()
    const found = [await store.clients.find('shop'), await store.users.findByUsername('jane@example.com')]
    await store.close()
    return found
  }
  const before = await stored()
  const second = await cli.run('load rows.yaml')
  assert.match(second.out, /unchanged {2}client shop\n/)
  assert.match(second.out, /0 created, 0 updated, 5 unchanged\n$/)
  assert.deepEqual(await stored(), before, 'not even rehashed')
  assert.equal(cli.read('cardea.sqlite').includes('a chosen secret'), false)
})

test('load: JSON is read as well, and a minted secret is recognised by its digest', async () => {
  const cli = new InProcessWorld()
  const created = await cli.run('client create robot --grant client_credentials --json')
  const { client_secret } = created.json<{ client_secret: string }>()
  cli.write('rows.json', { clients: [{ client_id: 'robot', client_secret, grant_types: ['client_credentials'] }] })
  assert.equal((await cli.run('load rows.json --json')).json<Loaded>().unchanged, 1)
})

test('load: says which fields of which row it changed', async () => {
  const cli = new InProcessWorld()
  cli.write('rows.yaml', rows)
  await cli.run('load rows.yaml')
  const changed = rows
    .replace('a chosen secret', 'another secret')
    .replace('scope: read write', 'scope: read')
    .replace('name: Jane', 'name: Jane Doe')
    .replace('Read your files', 'Read all of your files')
  cli.write('rows.yaml', changed)
  const { changes } = (await cli.run('load rows.yaml --json')).json<Loaded>()
  const by = Object.fromEntries(changes.map(({ key, action, fields }) => [key, [action, ...fields].join(' ')]))
  assert.deepEqual(by, {
    read: 'updated description',
    write: 'unchanged',
    shop: 'updated scope client_secret',
    app: 'unchanged',
    'jane@example.com': 'updated name',
  })
})

test('load: what the file does not say of a client goes back to its default, except secret and disabled', async () => {
  const cli = new InProcessWorld()
  const row = {
    client_id: 'robot',
    client_secret: 'a chosen secret',
    grant_types: ['client_credentials'],
    first_party: true,
  }
  cli.write('rows.json', { clients: [row] })
  await cli.run('load rows.json')
  await cli.run('client update robot --disable')
  cli.write('rows.json', { clients: [{ client_id: 'robot', grant_types: ['client_credentials'] }] })
  const { changes } = (await cli.run('load rows.json --json')).json<Loaded>()
  assert.deepEqual(changes[0]?.fields, ['first_party'])
  const shown = (await cli.run('client show robot --json')).json<{ disabled?: boolean; has_secret: boolean }>()
  assert.deepEqual([shown.disabled, shown.has_secret], [true, true])
})

test('load --dry-run: says the same and changes nothing', async () => {
  const cli = new InProcessWorld()
  await cli.run('scope create read')
  cli.write('rows.yaml', rows)
  const { out } = await cli.run('load rows.yaml --dry-run')
  assert.match(out, /created {4}client shop\n/)
  assert.match(out, /updated {4}scope read \(description, is_default\)\n/)
  assert.match(out, /4 created, 1 updated, 0 unchanged \(dry run: nothing was changed\)\n$/)
  assert.equal((await cli.run('client list --json')).json<unknown[]>().length, 0)
  assert.equal((await cli.run('scope list --json')).json<unknown[]>().length, 1)
})

test('load: names every problem at once, with its line, and changes nothing', async () => {
  const cli = new InProcessWorld()
  await cli.run('scope create old')
  cli.write(
    'rows.yaml',
    [
      'scopes:',
      '  - name: read',
      '  - name: read',
      'clients:',
      '  - client_id: shop',
      '    client_secret: a chosen secret',
      '    redirect_uris: [http://shop.example/cb]',
      '  - client_id: app',
      '    grant_types: [client_credentials]',
      'users:',
      '  - username: jane',
      '    password: short',
    ].join('\n'),
  )
  const { code, err, out } = await cli.run('load rows.yaml')
  assert.equal(code, 2)
  assert.equal(out, '')
  const lines = err.trim().split('\n')
  assert.equal(lines.length, 4, err)
  assert.match(err, /scopes\[1\]\.name \(line 3\): stands twice: also scopes\[0\]/)
  assert.match(err, /clients\[0\] \(line 5\): redirect_uris: .*must use https/)
  assert.match(err, /clients\[1\] \(line 8\): needs a client_secret, or token_endpoint_auth_method none/)
  assert.match(err, /users\[0\]\.password \(line 12\): has 5 characters/)
  assert.equal((await cli.run('scope list --json')).json<unknown[]>().length, 1)
})

const broken: [string, string, RegExp][] = [
  [
    'an unknown key',
    'clients:\n  - client_id: x\n    redirect_url: y',
    /clients\[0\]\.redirect_url \(line 3\): is not a key; did you mean clients\[0\]\.redirect_uris\?/,
  ],
  ['an unknown section', 'client: []', /client \(line 1\): is not a key; did you mean clients\?/],
  ['broken YAML', 'clients: [', /rows\.yaml:\d+: /],
  ['a key that stands twice', 'scopes: []\nscopes: []', /rows\.yaml:2: Map keys must be unique/],
  ['a list instead of a map', '- a', /rows\.yaml.*: got a list/],
  [
    'a scope that is not known',
    'clients:\n  - client_id: x\n    client_secret: abcdefgh\n    grant_types: [client_credentials]\n    scope: nope',
    /clients\[0\] \(line 2\): scope: there is no scope "nope"/,
  ],
  [
    'a public client with a secret',
    'clients:\n  - client_id: x\n    client_secret: abcdefgh\n    token_endpoint_auth_method: none',
    /has a client_secret, but/,
  ],
]

for (const [what, content, pattern] of broken) {
  test(`load: refuses ${what}`, async () => {
    const cli = new InProcessWorld()
    cli.write('rows.yaml', content)
    const { code, err } = await cli.run('load rows.yaml')
    assert.equal(code, 2)
    assert.match(err, pattern)
    assert.doesNotMatch(err, /abcdefgh|\n {4}at /)
  })
}

test('load: a file that is not there is one line', async () => {
  const { code, err } = await new InProcessWorld().run('load gone.yaml')
  assert.deepEqual([code, err], [2, 'error: gone.yaml: there is no such file\n'])
})

test('RFC 9701 §6: load: a client that wants introspection answers encrypted needs keys, and is kept as it says', async () => {
  const cli = new InProcessWorld()
  const wanted = {
    introspection_encrypted_response_alg: 'ECDH-ES',
    introspection_encrypted_response_enc: 'A256GCM',
  }
  const rowsOf = (more: object) => ({
    clients: [
      { client_id: 'api', client_secret: 'a chosen secret', grant_types: ['client_credentials'], ...wanted, ...more },
    ],
  })
  cli.write('rows.json', rowsOf({}))
  const refused = await cli.run('load rows.json')
  assert.deepEqual([refused.code, /needs jwks or jwks_uri/.test(refused.err)], [2, true])
  cli.write('rows.json', rowsOf({ jwks_uri: 'https://api.example/jwks' }))
  assert.equal((await cli.run('load rows.json')).code, 0)
  const store = await cli.open()
  const found = await store.clients.find('api')
  await store.close()
  assert.deepEqual({ ...found, ...wanted }, found)
})
