import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test-support/temporary-folder.ts'
import { leavesOf, variableOf } from './environment.ts'
import { nearestName } from './nearest-name.ts'
import { InvalidInput } from './problems.ts'
import { type ConfigRequest, readConfig } from './read-config.ts'
import { configurationReference } from './reference.ts'
import { configSchema } from './schema.ts'

const read = (env: Record<string, string>, request: Partial<ConfigRequest> = {}) =>
  readConfig({ cwd: request.cwd ?? temporaryFolder(), env, ...request })

function fromFile(name: string, content: string, env: Record<string, string> = {}) {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, name), content)
  return readConfig({ cwd, env })
}

const problemsOf = async (promise: Promise<unknown>): Promise<readonly string[]> => {
  const error = await promise.then(
    () => assert.fail('was accepted'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof InvalidInput, String(error))
  return error.problems
}

test('Configuration: without anything the safe defaults stand', async () => {
  const { config } = await read({})
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.port, 8000)
  assert.deepEqual(config.lifetimes, {})
  assert.deepEqual(config.compatibility, {})
  assert.equal(config.profile, undefined)
  assert.equal(config.grants, undefined)
  assert.deepEqual(config.limits.client, { attempts: 30, window: 300 })
})

const asFile: [string, string][] = [
  ['cardea.config.json', '{"issuer":"https://id.example.com","lifetimes":{"accessToken":60}}'],
  ['cardea.config.yaml', 'issuer: https://id.example.com\nlifetimes:\n  accessToken: 60\n'],
  ['cardea.config.yml', 'issuer: https://id.example.com\nlifetimes: { accessToken: 60 }\n'],
  ['cardea.config.mjs', "export default { issuer: 'https://id.example.com', lifetimes: { accessToken: 60 } }"],
  [
    'cardea.config.ts',
    "const issuer: string = 'https://id.example.com'\nexport default { issuer, lifetimes: { accessToken: 60 } }",
  ],
]

for (const [name, content] of asFile) {
  test(`Configuration: ${name} in the folder is read`, async () => {
    const { config, file } = await fromFile(name, content)
    assert.equal(config.issuer, 'https://id.example.com')
    assert.equal(config.lifetimes.accessToken, 60)
    assert.ok(file?.endsWith(name))
  })
}

test('Configuration: options win over variables, variables over the file', async () => {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'cardea.config.json'), '{"port":1,"host":"a","title":"File"}')
  const env = { CARDEA_PORT: '2', CARDEA_HOST: 'b' }
  const { config } = await readConfig({ cwd, env, options: { port: 3, host: undefined } })
  assert.deepEqual([config.port, config.host, config.title], [3, 'b', 'File'])
})

test('Configuration: PORT is the port where CARDEA_PORT is not set', async () => {
  assert.equal((await read({ PORT: '25001' })).config.port, 25001)
  assert.equal((await read({ PORT: '25001', CARDEA_PORT: '25002' })).config.port, 25002)
})

test('Configuration: a Kubernetes service named cardea does not break it', async () => {
  const { config } = await read({
    CARDEA_PORT: 'tcp://10.0.0.1:80',
    CARDEA_SERVICE_HOST: '10.0.0.1',
    CARDEA_SERVICE_PORT: '80',
    CARDEA_PORT_80_TCP_ADDR: '10.0.0.1',
  })
  assert.equal(config.port, 8000)
})

test('Configuration: every key has exactly one variable', () => {
  const variables = leavesOf(configSchema).map(({ path }) => variableOf(path))
  assert.equal(new Set(variables).size, variables.length)
  for (const name of [
    'CARDEA_ISSUER',
    'CARDEA_SECRETS',
    'CARDEA_DATABASE_FILE',
    'CARDEA_TLS_CERT_FILE',
    'CARDEA_LIFETIMES_ACCESS_TOKEN',
    'CARDEA_LIMITS_ACCOUNT_FROM_NETWORK_ATTEMPTS',
    'CARDEA_COMPATIBILITY_TOKEN_ANSWER_ID',
    'CARDEA_IGNORE_CLIENT_REQUESTED_SCOPE',
    'CARDEA_CLIENTS',
  ]) {
    assert.ok(variables.includes(name), name)
  }
})

test('Configuration: variables give lists, numbers, booleans and JSON', async () => {
  const { config } = await read({
    CARDEA_SECRETS: `${'a'.repeat(40)}, ${'b'.repeat(40)}`,
    CARDEA_LIFETIMES_ACCESS_TOKEN: '120',
    CARDEA_COMPATIBILITY_TOKEN_ANSWER_ID: 'true',
    CARDEA_COMPATIBILITY_STATE_REQUIRED: '0',
    CARDEA_SCOPES: '[{"name":"read"}]',
    CARDEA_GRANTS: 'password,refresh_token',
    CARDEA_TITLE: '',
  })
  assert.deepEqual(config.secrets, ['a'.repeat(40), 'b'.repeat(40)])
  assert.equal(config.lifetimes.accessToken, 120)
  assert.equal(config.compatibility.tokenAnswerId, true)
  assert.equal(config.compatibility.stateRequired, false)
  assert.deepEqual(config.scopes, [{ name: 'read' }])
  assert.deepEqual(config.grants, ['password', 'refresh_token'])
  assert.equal(config.title, undefined)
})

test('Configuration: secrets can come from a file', async () => {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'secret'), `${'s'.repeat(40)}\n`)
  const { config } = await read({ CARDEA_SECRETS_FILE: 'secret' }, { cwd })
  assert.deepEqual(config.secrets, ['s'.repeat(40)])
  const both = { CARDEA_SECRETS_FILE: 'secret', CARDEA_SECRETS: 'x'.repeat(40) }
  assert.match(
    (await problemsOf(read(both, { cwd }))).join(),
    /CARDEA_SECRETS_FILE: set this or CARDEA_SECRETS, not both/,
  )
  assert.match((await problemsOf(read({ CARDEA_SECRETS_FILE: 'gone' }))).join(), /"gone"; must be a file.*ENOENT/)
})

const refused: [string, object, RegExp][] = [
  ['an unknown key', { issuerr: 'x' }, /^issuerr: is not a key; did you mean issuer\?$/],
  [
    'another spelling',
    { lifetimes: { access_token: 5 } },
    /^lifetimes\.access_token: .*did you mean lifetimes\.accessToken\?$/,
  ],
  ['a name like nothing', { zzzzzzzzzz: 1 }, /^zzzzzzzzzz: is not a key; valid: issuer, host/],
  ['a text for a number', { port: '80' }, /^port: got "80"; must be a whole number from 0 to 65535$/],
  [
    'a long-lived code',
    { lifetimes: { authorizationCode: 601 } },
    /got 601; must be a whole number of seconds from 1 to 600$/,
  ],
  ['a grant that is not there', { grants: ['code'] }, /^grants\[0\]: got "code"; must be a list of authorization_code/],
  [
    'http on a real host',
    { issuer: 'http://id.example.com' },
    /^issuer: got "http:\/\/id\.example\.com"; must be https/,
  ],
  ['an issuer with a query', { issuer: 'https://id.example.com/?a' }, /without query or fragment/],
  ['an issuer that is no URL', { issuer: 'id.example.com' }, /must be an https URL/],
  ['a client without id', { clients: [{ client_name: 'x' }] }, /^clients\[0\]\.client_id: got nothing/],
  [
    'a client in Django words',
    { clients: [{ client_id: 'x', redirect_uri: 'x' }] },
    /did you mean clients\[0\]\.redirect_uris\?/,
  ],
  ['a file that is a list', [], /must be a map of keys/],
]

for (const [what, content, pattern] of refused) {
  test(`Configuration: refuses ${what} and says what is valid`, async () => {
    const problems = await problemsOf(fromFile('cardea.config.json', JSON.stringify(content)))
    assert.equal(problems.length, 1, problems.join('\n'))
    assert.match(problems[0] ?? '', pattern)
  })
}

test('Configuration: a bad variable is named, not only its key', async () => {
  const problems = await problemsOf(read({ CARDEA_PORT: 'eighty', CARDEA_ISUER: 'x' }))
  assert.match(problems.join('\n'), /port \(from CARDEA_PORT\): got "eighty"; must be a whole number/)
  assert.match(problems.join('\n'), /CARDEA_ISUER: is not a variable of Cardea; did you mean CARDEA_ISSUER\?/)
})

test('Configuration: a secret is never part of a message', async () => {
  const content = {
    secrets: ['canary-short', 7],
    clients: [{ client_id: 'x', client_secret: ['canary-secret'] }],
    users: [{ username: 'x', password: `canary${'x'.repeat(2000)}` }],
  }
  const problems = await problemsOf(fromFile('cardea.config.json', JSON.stringify(content)))
  assert.equal(problems.length, 4, problems.join('\n'))
  assert.doesNotMatch(problems.join('\n'), /canary/)
  assert.match(problems.join('\n'), /secrets\[0\]: got a text of 12 characters; must be a list of texts of at least 32/)
})

test('Configuration: says everything that is wrong at once', async () => {
  const problems = await problemsOf(
    fromFile('cardea.config.json', '{"port":-1,"host":"","nope":1}', { CARDEA_TITLE: 'x'.repeat(101) }),
  )
  assert.equal(problems.length, 4, problems.join('\n'))
})

test('Configuration: a missing or broken file is one line', async () => {
  assert.match((await problemsOf(read({}, { file: 'gone.yaml' }))).join(), /gone\.yaml: there is no such file$/)
  assert.match((await problemsOf(fromFile('cardea.config.json', '{'))).join(), /cardea\.config\.json: /)
  const unquoted = await problemsOf(fromFile('cardea.config.json', '{"secrets": kR8v0Jq2mX5tZ7wB1nC4}'))
  assert.match(unquoted.join(), /cardea\.config\.json: Unexpected token 'k'$/)
  assert.match((await problemsOf(fromFile('cardea.config.yaml', 'a: [1\nb: 2'))).join(), /cardea\.config\.yaml: /)
  assert.match((await problemsOf(fromFile('cardea.config.mjs', 'export const a = 1'))).join(), /no default export/)
  assert.match((await problemsOf(read({ CARDEA_CONFIG: 'a.toml' }))).join(), /must end in/)
})

test('Configuration: two files in the folder are refused, since either might be the one meant', async () => {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'cardea.config.json'), '{}')
  writeFileSync(join(cwd, 'cardea.config.yaml'), '')
  assert.match(
    (await problemsOf(readConfig({ cwd, env: {} }))).join(),
    /cardea\.config\.yaml and cardea\.config\.json: keep one/,
  )
})

test('Configuration: names of django-oauth2-server are taken over, a long code lifetime capped with a warning', async () => {
  const settings = {
    ACCESS_TOKEN_LIFETIME: 3600,
    AUTH_CODE_LIFETIME: 3600,
    REFRESH_TOKEN_LIFETIME: 1209600,
    IGNORE_CLIENT_REQUESTED_SCOPE: true,
  }
  const { config, warnings } = await fromFile('cardea.config.json', JSON.stringify({ OAUTH2_SERVER: settings }))
  assert.deepEqual(config.lifetimes, { accessToken: 3600, authorizationCode: 600, refreshToken: 1209600 })
  assert.equal(config.ignoreClientRequestedScope, true)
  assert.match(warnings.join(), /AUTH_CODE_LIFETIME: 3600 is more than a code may live; 600 is used/)
})

test('Configuration: an alias and its key together are a contradiction; a bad alias names itself', async () => {
  const both = '{"OAUTH2_SERVER":{"ACCESS_TOKEN_LIFETIME":5},"lifetimes":{"accessToken":6}}'
  assert.match(
    (await problemsOf(fromFile('cardea.config.json', both))).join(),
    /set this or lifetimes\.accessToken, not both/,
  )
  const bad = '{"OAUTH2_SERVER":{"ACCESS_TOKEN_LIFETIME":"5","LIFETIME":1}}'
  const problems = (await problemsOf(fromFile('cardea.config.json', bad))).join('\n')
  assert.match(problems, /lifetimes\.accessToken \(from OAUTH2_SERVER\.ACCESS_TOKEN_LIFETIME\): got "5"/)
  assert.match(problems, /OAUTH2_SERVER\.LIFETIME: is not a key; valid: ACCESS_TOKEN_LIFETIME/)
})

test('Nearest name: finds what was meant, and nothing where nothing is near', () => {
  const names = ['issuer', 'trustedProxies', 'lifetimes']
  assert.equal(nearestName('trusted_proxies', names), 'trustedProxies')
  assert.equal(nearestName('isuer', names), 'issuer')
  assert.equal(nearestName('certificate', names), undefined)
})

test('Configuration: docs/configuration.md says what the schema checks', () => {
  const page = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8')
  assert.equal(page, configurationReference())
})
