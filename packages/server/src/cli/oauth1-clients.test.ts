import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { oauth1Secrets } from 'cardea'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const secrets = 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa'
const newer = 'Zq4M1vX9cR7tB2nK6pW8sL3dG5hJ0yFa'
const env = { CARDEA_SECRETS: secrets }

interface View {
  client_id: string
  has_secret: boolean
  client_secret?: string
  token_endpoint_auth_method: string
  grant_types: string[]
  oauth1?: {
    has_secret: boolean
    secret?: string
    public_key?: string
    callbacks: string[]
    signature_methods?: string[]
  }
}

const keyOf = (modulusLength: number) =>
  generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

const key = keyOf(2048)

async function sealedIn(cli: InProcessWorld, clientId: string): Promise<string> {
  const store = await cli.open()
  const sealed = (await store.clients.find(clientId))?.oauth1?.sealed_secret
  await store.close()
  return sealed ?? ''
}

test('client create --oauth1: makes a shared secret, shows it once, stores it sealed, and needs nothing of OAuth 2', async () => {
  const cli = new InProcessWorld()
  const line = 'client create old --oauth1 --callback https://old.example/cb --callback oob'
  const created = (await cli.run(`${line} --json`, { env })).json<View>()
  const secret = created.oauth1?.secret ?? ''
  assert.match(secret, /^csc_/)
  assert.deepEqual([created.token_endpoint_auth_method, created.grant_types, created.has_secret], ['none', [], false])
  assert.equal(oauth1Secrets([secrets]).openClientSecret('old', await sealedIn(cli, 'old')), secret)
  const shown = await cli.run('client show old')
  assert.match(shown.out, /^oauth1\.callbacks +https:\/\/old\.example\/cb oob$/m)
  assert.match(shown.out, /^oauth1\.has_secret +true$/m)
  const json = await cli.run('client show old --json')
  assert.deepEqual(json.json<View>().oauth1, { callbacks: ['https://old.example/cb', 'oob'], has_secret: true })
  const list = await cli.run('client list --json')
  const sealed = await sealedIn(cli, 'old')
  for (const text of [shown.out, json.out, list.out, (await cli.run('client list')).out]) {
    assert.equal(text.includes(secret) || text.includes(sealed), false)
  }
  assert.equal(cli.read('cardea.sqlite').includes(secret), false)
})

test('client create --oauth1: with an RSA key there is no shared secret, nor are secrets of the server needed', async () => {
  const cli = new InProcessWorld()
  cli.write('old.pem', key.publicKey)
  const line = 'client create old --callback oob --rsa-key old.pem --signature-method RSA-SHA256 --json'
  const created = (await cli.run(line)).json<View>()
  assert.deepEqual(created.oauth1, {
    public_key: key.publicKey,
    callbacks: ['oob'],
    signature_methods: ['RSA-SHA256'],
    has_secret: false,
  })
  assert.match((await cli.run('client show old')).out, /^oauth1\.public_key +RSA, 2048 bits$/m)
})

test('client create --oauth1: a client of both protocols has a secret for each', async () => {
  const cli = new InProcessWorld()
  const line = 'client create both --oauth1 --callback oob --grant client_credentials --json'
  const { client_secret, oauth1, token_endpoint_auth_method: method } = (await cli.run(line, { env })).json<View>()
  assert.equal(method, 'client_secret_basic')
  assert.match(client_secret ?? '', /^csc_/)
  assert.match(oauth1?.secret ?? '', /^csc_/)
  assert.notEqual(client_secret, oauth1?.secret)
})

test('client create --oauth1: a chosen shared secret comes from standard input or the environment', async () => {
  const cli = new InProcessWorld()
  const line = 'client create a --oauth1 --callback oob --oauth1-secret-stdin --json'
  const piped = await cli.run(line, { env, stdin: 'chosen one\n' })
  assert.equal(piped.out.includes('chosen one'), false)
  assert.equal(oauth1Secrets([secrets]).openClientSecret('a', await sealedIn(cli, 'a')), 'chosen one')
  await cli.run('client create b --oauth1 --callback oob', { env: { ...env, CARDEA_OAUTH1_SECRET: 'chosen two' } })
  assert.equal(oauth1Secrets([secrets]).openClientSecret('b', await sealedIn(cli, 'b')), 'chosen two')
})

test('client update: OAuth 1 is added, changed, its secret rotated, and taken away; what is not said stays', async () => {
  const cli = new InProcessWorld()
  await cli.run('client create shop --grant client_credentials')
  const added = (await cli.run('client update shop --oauth1 --callback oob --json', { env })).json<View>()
  assert.match(added.oauth1?.secret ?? '', /^csc_/)
  assert.equal(added.client_secret, undefined)
  const before = await sealedIn(cli, 'shop')
  await cli.run('client update shop --name Shop --signature-method HMAC-SHA256')
  assert.equal(await sealedIn(cli, 'shop'), before)
  const rotated = (await cli.run('client update shop --rotate-oauth1-secret --json', { env })).json<View>()
  assert.match(rotated.oauth1?.secret ?? '', /^csc_/)
  assert.notEqual(rotated.oauth1?.secret, added.oauth1?.secret)
  assert.deepEqual(rotated.oauth1?.signature_methods, ['HMAC-SHA256'])
  const without = (await cli.run('client update shop --no-oauth1 --json')).json<View>()
  assert.equal(without.oauth1, undefined)
  assert.equal(without.has_secret, true)
})

const weak = keyOf(1024)
const elliptic = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

const refusals: [string, RegExp][] = [
  ['--oauth1', /oauth1\.callbacks: at least one is needed/],
  ['--oauth1 --callback http://a.example/cb', /oauth1\.callbacks: "http:\/\/a\.example\/cb" must use https/],
  ['--oauth1 --callback http://localhost/cb', /oauth1\.callbacks: .*application_type native/],
  ['--oauth1 --callback https://a.example/#x', /oauth1\.callbacks: .*must not hold a fragment/],
  ['--oauth1 --callback javascript:alert(1)', /oauth1\.callbacks: .*must use https/],
  ['--callback oob --rsa-key private.pem', /oauth1\.public_key: is a private key/],
  ['--callback oob --rsa-key weak.pem', /oauth1\.public_key: has 1024 bits; must have 2048 to 8192/],
  ['--callback oob --rsa-key elliptic.pem', /oauth1\.public_key: is a key of type ec; must be an RSA key/],
  ['--callback oob --rsa-key rows.yaml', /oauth1\.public_key: is not a public key in PEM/],
  ['--callback oob --rsa-key gone.pem', /--rsa-key: got "gone\.pem", which cannot be read \(ENOENT\)/],
  ['--oauth1 --callback oob --signature-method HMAC-MD5', /signature_methods\[0\]: got "HMAC-MD5"/],
  ['--oauth1 --callback oob --signature-method RSA-SHA256', /RSA-SHA256 needs a public_key/],
  ['--callback oob --rsa-key good.pem --signature-method HMAC-SHA1', /HMAC-SHA1 needs a secret/],
  ['--oauth1 --callback oob --secret-stdin --oauth1-secret-stdin', /Standard input holds one secret/],
]

for (const [options, pattern] of refusals) {
  test(`client create x ${options}: ends with 2 and says why`, async () => {
    const cli = new InProcessWorld()
    cli.write('private.pem', key.privateKey)
    cli.write('good.pem', key.publicKey)
    cli.write('weak.pem', weak.publicKey)
    cli.write('elliptic.pem', elliptic.publicKey)
    cli.write('rows.yaml', 'a: 1')
    const { code, err } = await cli.run(`client create x ${options}`, { env })
    assert.equal(code, 2, err)
    assert.match(err, pattern)
    assert.doesNotMatch(err, /PRIVATE|\n {4}at /)
    assert.notEqual((await cli.run('client show x')).code, 0)
  })
}

test('client create --oauth1: without the secrets of the server nothing can be sealed, and it says what to set', async () => {
  const cli = new InProcessWorld()
  const { code, err } = await cli.run('client create x --oauth1 --callback oob')
  assert.equal(code, 2)
  assert.match(err, /secrets: are needed to seal a secret of OAuth 1; set CARDEA_SECRETS/)
  assert.equal((await cli.run('client show x')).code, 3)
})

const rows = {
  clients: [
    { client_id: 'old', oauth1: { secret: 'a shared secret', callbacks: ['oob'] } },
    { client_id: 'signed', oauth1: { public_key: key.publicKey.replaceAll('\n', '\r\n'), callbacks: ['oob'] } },
  ],
}

test('load: OAuth 1 clients are created once; an unchanged secret is recognised by opening the seal', async () => {
  const cli = new InProcessWorld()
  cli.write('rows.json', rows)
  const first = await cli.run('load rows.json', { env })
  assert.match(first.out, /2 created/)
  const sealed = await sealedIn(cli, 'old')
  const again = await cli.run('load rows.json', { env })
  assert.match(again.out, /2 unchanged/)
  const rotated = await cli.run('load rows.json', { env: { CARDEA_SECRETS: `${newer},${secrets}` } })
  assert.match(rotated.out, /2 unchanged/)
  assert.equal(await sealedIn(cli, 'old'), sealed)
  assert.equal((first.out + first.err + again.out).includes('a shared secret'), false)
})

test('load: another shared secret is an update, and so is one that cannot be opened any more', async () => {
  const cli = new InProcessWorld()
  cli.write('rows.json', rows)
  await cli.run('load rows.json', { env })
  const lost = await cli.run('load rows.json', { env: { CARDEA_SECRETS: newer } })
  assert.match(lost.out, /updated {4}client old \(oauth1\.secret\)/)
  assert.equal(oauth1Secrets([newer]).openClientSecret('old', await sealedIn(cli, 'old')), 'a shared secret')
  cli.write('rows.json', { clients: [{ client_id: 'old', oauth1: { secret: 'another', callbacks: ['oob'] } }] })
  const dry = await cli.run('load rows.json --dry-run', { env: { CARDEA_SECRETS: newer } })
  assert.match(dry.out, /updated {4}client old \(oauth1\.secret\)/)
  cli.write('rows.json', { clients: [{ client_id: 'old', oauth1: { callbacks: ['https://old.example/cb'] } }] })
  assert.match((await cli.run('load rows.json')).out, /updated {4}client old \(oauth1\)/)
  assert.equal(
    oauth1Secrets([newer]).openClientSecret('old', await sealedIn(cli, 'old')),
    'a shared secret',
    'it stays',
  )
})

test('load: a row that cannot sign, and a key that is none, are named with their line', async () => {
  const cli = new InProcessWorld()
  cli.write(
    'rows.yaml',
    'clients:\n  - client_id: a\n    oauth1: { callbacks: [oob] }\n  - client_id: b\n    oauth1:\n      public_key: none\n      callbacks: [oob]\n',
  )
  const { code, err } = await cli.run('load rows.yaml', { env })
  assert.equal(code, 2)
  assert.match(err, /clients\[0\] \(line 2\): oauth1: needs a secret or a public_key/)
  assert.match(err, /clients\[1\] \(line 4\): oauth1\.public_key: is not a public key/)
})
