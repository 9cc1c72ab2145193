import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateSigningKey } from '../../../cardea/src/core/crypto/jose/signing-key.ts'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const env = {
  CARDEA_ISSUER: 'http://localhost:21599',
  CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa',
}

interface Report {
  findings: { check: string; result: string; text: string; advice?: string }[]
}

async function said(cli: InProcessWorld, profile: string, more: Record<string, string> = {}): Promise<string[]> {
  const { json } = await cli.run(`doctor --profile ${profile} --json`, { env: { ...env, ...more } })
  return json<Report>()
    .findings.filter(({ check }) => check === `profile ${profile}`)
    .map(({ result, text, advice }) => `${result} ${text}; ${advice}`)
}

/** What it says of one client. */
const of = (list: readonly string[], client: string) => list.filter((line) => line.includes(` client ${client}: `))

const asked: Readonly<Record<string, string>> = {
  shop: '--redirect-uri https://shop.example/cb --pkce none',
  app: '--public --native --redirect-uri com.example.app:/cb',
}

async function twoClients(): Promise<InProcessWorld> {
  const cli = new InProcessWorld()
  for (const [name, options] of Object.entries(asked)) await cli.run(`client create ${name} ${options}`)
  await cli.run('client create gone --redirect-uri https://gone.example/cb --pkce none')
  await cli.run('client update gone --disable')
  return cli
}

test('doctor --profile: tells for every client what the profile would refuse, and what to change', async () => {
  const cli = await twoClients()
  const oauth21 = await said(cli, 'oauth21')
  assert.equal(oauth21.length, 2)
  assert.match(
    of(oauth21, 'shop').join(),
    /^warn refuses client shop: requests without PKCE.*client update shop --pkce S256/,
  )
  const fapi2 = await said(cli, 'fapi2')
  for (const client of ['app', 'shop']) {
    const lines = of(fapi2, client)
    for (const text of ['client authentication by', 'not pushed', 'without proof of a key'])
      assert.equal(lines.filter((line) => line.includes(text)).length, 1, text)
    assert.equal(lines.join().includes('not signed'), false)
    const signing = of(await said(cli, 'fapi2-message-signing'), client)
    assert.equal(signing.filter((line) => line.includes('requests that are not signed')).length, 1)
    assert.match(signing.join('\n'), /^note refuses client \w+: answers that are not signed \(response modes: any\)/m)
  }
  assert.match(of(await said(cli, 'mcp'), 'app').join(), /com\.example\.app:\/cb/)
  assert.deepEqual(of(fapi2, 'gone'), [])
})

test('doctor --profile: a profile that refuses nothing says so, and one there is not is refused', async () => {
  const cli = new InProcessWorld()
  await cli.run('client create shop --redirect-uri https://shop.example/cb')
  assert.deepEqual(
    (await said(cli, 'oauth21')).map((line) => line.split(';', 1)[0]),
    ['ok refuses nothing of the configuration', 'ok refuses nothing of any client'],
  )
  const { code, out } = await cli.run('doctor --profile fapi1', { env })
  assert.equal(code, 1)
  assert.match(out, /--profile: got "fapi1"; valid: oauth21, fapi2/)
})

const sound =
  '--redirect-uri https://shop.example/cb --auth-method private_key_jwt --pushed-requests --dpop ' +
  '--signed-requests --response-mode jwt --response-alg ES256'

/** A defect of a client that is sound otherwise: what it is registered for besides, and what is said of it. */
const defects: readonly (readonly [
  profile: string,
  options: string,
  expected: RegExp,
  config?: Record<string, string>,
])[] = [
  ['fapi2', '', /^$/],
  ['fapi2-message-signing', '', /^$/],
  ['oauth21', '', /^$/],
  ['mcp', '', /^$/],
  ['oauth21', '--pkce none', /^warn .*without PKCE by S256.*--pkce S256/],
  ['oauth21', '--pkce plain', /^warn .*pkce: plain/],
  ['oauth21', '--grant password', /^warn .*the grant password.*--grant authorization_code --grant refresh_token/],
  [
    'oauth21',
    '--grant implicit --grant authorization_code',
    /^warn .*the grant implicit; .*--grant authorization_code`/,
  ],
  ['fapi2', '--auth-alg RS256', /^warn .*signatures by RS256 \(token_endpoint_auth_signing_alg\).*--auth-alg ES256/],
  ['fapi2', '--request-alg PS512', /^warn .*PS512 \(request_object_signing_alg\).*--request-alg ES256/],
  ['fapi2', '--response-alg RS256', /^warn .*RS256 \(authorization_signed_response_alg\).*--response-alg ES256/],
  ['fapi2', '--introspection-alg RS256', /^warn .*RS256 \(introspection_signed_response_alg\).*--introspection-alg/],
  ['fapi2', '--jwks weak.json', /^warn .*its keys, none of which signs by.*--jwks <file>/],
  ['fapi2', '--no-dpop', /^note .*without proof of a key.*--dpop/],
  ['fapi2', '--no-dpop --certificate-bound', /^$/],
  [
    'fapi2',
    '--no-dpop',
    /^note .*without a certificate.*--certificate-bound/,
    { CARDEA_SENDER_CONSTRAINT: 'certificate' },
  ],
  ['fapi2', '', /^warn .*proofs of DPoP.*--no-dpop --certificate-bound/, { CARDEA_SENDER_CONSTRAINT: 'certificate' }],
  ['fapi2', '--no-pushed-requests', /^note .*not pushed.*--pushed-requests/],
  ['fapi2', '--request-uri https://shop.example/request', /^note .*that it publishes/],
  ['fapi2', '--oauth1 --callback https://shop.example/cb', /^warn .*: OAuth 1; .*--no-oauth1/],
  ['fapi2-message-signing', '--no-signed-requests', /^note .*requests that are not signed.*--signed-requests/],
  ['fapi2-message-signing', '--response-mode query', /^warn .*\(response modes: query\).*--response-mode jwt/],
  ['fapi2-message-signing', '--response-mode query --response-mode jwt', /^note .*\(response modes: query\)/],
  [
    'mcp',
    '--native --redirect-uri http://localhost:3000/cb',
    /^note .*localhost at another port.*--localhost-any-port/,
  ],
  ['mcp', '--native --redirect-uri http://localhost:3000/cb --localhost-any-port', /^$/],
  [
    'mcp',
    '--resource https://other.example',
    /^warn .*tokens for https:\/\/api\.example\/mcp.*--resource https:\/\/api\.example\/mcp/,
    { CARDEA_RESOURCES: JSON.stringify([{ identifier: 'https://api.example/mcp', name: 'Notes' }]) },
  ],
]

const keyOf = async (alg: 'ES256' | 'ES384') => ({ keys: [(await generateSigningKey(alg)).publicJwk] })
const [strong, weak] = [await keyOf('ES256'), await keyOf('ES384')]

for (const [profile, options, expected, config] of defects) {
  test(`doctor --profile ${profile}: a sound client with ${options || 'nothing more'} is told ${expected}`, async () => {
    const cli = new InProcessWorld()
    cli.write('keys.json', strong)
    cli.write('weak.json', weak)
    const made = await cli.run(`client create shop ${sound} --jwks keys.json`, { env })
    assert.equal(made.code, 0, made.err)
    const changed = options === '' ? made : await cli.run(`client update shop ${options}`, { env })
    assert.equal(changed.code, 0, changed.err)
    const lines = of(await said(cli, profile, config), 'shop')
    assert.match(lines.join('\n'), expected)
    assert.ok(lines.length <= 1, lines.join('\n'))
  })
}

test('doctor --profile: the advice is what the command line takes, and nothing is left to say then', async () => {
  const cli = await twoClients()
  cli.write('keys.json', strong)
  const before = await said(cli, 'fapi2-message-signing')
  for (const line of before) {
    const [, command = ''] = /run `cardea (client update (?:shop|app) [^`]+)`/.exec(line) ?? []
    if (command === '') continue
    const filled = command.replace('<file>', 'keys.json')
    const { code, err } = await cli.run(filled, { env })
    assert.equal(code, 0, `${filled}: ${err}`)
  }
  assert.deepEqual(of(await said(cli, 'fapi2-message-signing'), 'shop'), [])
  assert.deepEqual(of(await said(cli, 'fapi2-message-signing'), 'app'), [])
})

test('doctor --profile: tells everything that contradicts it in the configuration, and fails for the preset itself', async () => {
  const cli = new InProcessWorld()
  await cli.run('client create shop --redirect-uri https://shop.example/cb')
  const config = {
    responseTypes: ['code', 'token'],
    dpop: false,
    oauth1: true,
    signingKeys: { algorithm: 'RS256' },
    lifetimes: { authorizationCode: 300 },
  }
  cli.write('cardea.config.json', config)
  const lines = await said(cli, 'fapi2')
  for (const key of ['responseTypes', 'dpop', 'oauth1', 'signingKeys\\.algorithm', 'lifetimes\\.authorizationCode'])
    assert.match(lines.join('\n'), new RegExp(`^warn refuses the configuration: ${key}: must be .*; change it`, 'm'))
  cli.write('cardea.config.json', { ...config, preset: 'fapi2' })
  const { code, out } = await cli.run('doctor', { env })
  assert.equal(code, 1)
  assert.match(out, /fail {2}profile fapi2: refuses the configuration: dpop: must be on/)
})
