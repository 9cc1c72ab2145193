import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const api = 'https://api.example.com'
const create = `resource create ${api} --name API --scope read --scope write --token-format jwt --signing-alg EdDSA --lifetime 300`
const whole = {
  identifier: api,
  name: 'API',
  scopes: ['read', 'write'],
  token_format: 'jwt',
  signing_alg: 'EdDSA',
  access_token_lifetime: 300,
}

test('resource create: keeps what is said, and list and show tell it', async () => {
  const cli = new InProcessWorld()
  assert.deepEqual((await cli.run(`${create} --json`)).json(), whole)
  assert.deepEqual((await cli.run(`resource show ${api} --json`)).json(), whole)
  assert.deepEqual((await cli.run('resource list --json')).json(), [{ ...whole, from: 'database' }])
  assert.match((await cli.run('resource list')).out, /https:\/\/api\.example\.com/)
})

test('resource create: nothing but the URI will do; a second one of that name will not', async () => {
  const cli = new InProcessWorld()
  assert.deepEqual((await cli.run(`resource create ${api} --json`)).json(), { identifier: api, name: api })
  const again = await cli.run(`resource create ${api}`)
  assert.deepEqual([again.code, again.err.includes('use update')], [4, true])
})

for (const [command, problem] of [
  ['resource create not-a-uri', /identifier: .*must be an absolute URI/],
  [`resource create ${api}#part`, /identifier: .*must be an absolute URI/],
  [`resource create ${api} --token-format xml`, /token_format/],
  [`resource create ${api} --signing-alg HS256`, /signing_alg/],
  [`resource create ${api} --lifetime soon`, /access_token_lifetime/],
  [`resource create ${api} --scope a"b`, /scopes/],
  [`resource create ${api} --no-keep-tokens`, /keeps_tokens: .*token_format/],
  [`resource create ${api} --token-format opaque --no-keep-tokens`, /keeps_tokens: .*token_format/],
] as const) {
  test(`resource create: refuses what cannot be meant: ${command}`, async () => {
    const result = await new InProcessWorld().run(command)
    assert.equal(result.code, 2)
    assert.match(result.err, problem)
  })
}

test('resource update: changes what is given and leaves the rest', async () => {
  const cli = new InProcessWorld()
  await cli.run(create)
  const { scopes: _, ...others } = whole
  const updated = await cli.run(`resource update ${api} --any-scope --lifetime 60 --json`)
  assert.deepEqual(updated.json(), { ...others, access_token_lifetime: 60 })
  assert.equal((await cli.run('resource update https://other.example')).code, 3)
})

test('resource create, update: tokens of machines are stored or not, which only JWTs can do without', async () => {
  const cli = new InProcessWorld()
  const created = (await cli.run(`${create} --no-keep-tokens --json`)).json()
  assert.deepEqual(created, { ...whole, keeps_tokens: false })
  assert.deepEqual((await cli.run(`resource show ${api} --json`)).json(), created)
  assert.deepEqual((await cli.run(`resource update ${api} --lifetime 300 --json`)).json(), created)
  const opaque = await cli.run(`resource update ${api} --token-format opaque`)
  assert.deepEqual([opaque.code, opaque.err.includes('keeps_tokens')], [2, true])
  assert.deepEqual((await cli.run(`resource update ${api} --keep-tokens --json`)).json(), {
    ...whole,
    keeps_tokens: true,
  })
})

test('resource delete: it is gone, and there was one', async () => {
  const cli = new InProcessWorld()
  await cli.run(create)
  assert.equal((await cli.run(`resource delete ${api}`)).code, 0)
  assert.equal((await cli.run(`resource delete ${api}`)).code, 3)
  assert.deepEqual((await cli.run('resource list --json')).json(), [])
})

test('resource list: tells those of the configuration too', async () => {
  const cli = new InProcessWorld()
  await cli.run(create)
  const env = { CARDEA_RESOURCES: JSON.stringify([{ identifier: 'https://files.example.com' }]) }
  const rows = (await cli.run('resource list --json', { env })).json<{ identifier: string; from: string }[]>()
  assert.deepEqual(
    rows.map(({ identifier, from }) => [identifier, from]),
    [
      ['https://files.example.com', 'configuration'],
      [api, 'database'],
    ],
  )
})

test('client create: is limited to resources, and says how introspection is signed for it', async () => {
  const cli = new InProcessWorld()
  const options = `--grant client_credentials --resource ${api} --introspection-alg ES256`
  await cli.run(`client create job ${options}`)
  const shown = (await cli.run('client show job --json')).json<Record<string, unknown>>()
  assert.deepEqual([shown.resources, shown.introspection_signed_response_alg], [[api], 'ES256'])
})
