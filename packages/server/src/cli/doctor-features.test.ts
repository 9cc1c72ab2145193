import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateSigningKey } from '../../../cardea/src/core/crypto/jose/signing-key.ts'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const env = { CARDEA_ISSUER: 'http://localhost:21599', CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa' }
const urn = 'urn:ietf:params:oauth:grant-type'
const secret = 'a-chosen-secret-of-enough-characters'

const { publicJwk } = await generateSigningKey('ES256')
const clients = [
  { client_id: 'tv', token_endpoint_auth_method: 'none', grant_types: [`${urn}:device_code`], response_types: [] },
  { client_id: 'van', token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks: { keys: [publicJwk] } },
  { client_id: 'shop', client_secret: secret, require_pushed_authorization_requests: true, response_modes: ['jwt'] },
  { client_id: 'bank', client_secret: secret, require_signed_request_object: true, dpop_bound_access_tokens: true },
  { client_id: 'app', client_secret: secret },
].map((client) => ({ redirect_uris: ['https://client.example/cb'], ...client }))

async function said(config: object, command = 'doctor --json'): Promise<string[]> {
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', { scopes: [{ name: 'read' }], ...config })
  cli.write('rows.json', { clients, scopes: [{ name: 'read' }] })
  assert.equal((await cli.run('load rows.json', { env })).code, 0)
  const { json } = await cli.run(command, { env })
  return json<{ findings: { check: string; result: string; text: string; advice?: string }[] }>()
    .findings.filter(({ check, result }) => check === 'features' || (check === 'configuration' && result !== 'ok'))
    .map(({ result, text, advice }) => [result, text, advice].filter(Boolean).join('; '))
}

test('doctor: names every client that is registered for what is off, and the key that turns it on', async () => {
  const found = await said({})
  for (const [client, what, key] of [
    ['tv', `${urn}:device_code`, 'deviceGrant'],
    ['van', 'self_signed_tls_client_auth', 'mutualTls'],
    ['shop', 'pushed requests', 'pushedRequests'],
    ['shop', 'jwt', 'signedResponses'],
    ['bank', 'signed requests', 'requestObjects'],
    ['bank', 'tokens bound by DPoP', 'dpop'],
  ])
    assert.ok(
      found.some((line) =>
        line.startsWith(`warn; client ${client} is registered for ${what}, which is off; turn it on by ${key}`),
      ),
      `${client} ${what}: ${found.join('\n')}`,
    )
  assert.equal(found.length, 6)
})

test('doctor: says nothing of clients where everything is on', async () => {
  const on = { deviceGrant: true, pushedRequests: true, signedResponses: true, requestObjects: true, dpop: true }
  const mutualTls = { trustedProxies: ['loopback'], mutualTls: { proxyHeader: 'Client-Cert' } }
  assert.deepEqual(await said({ ...on, ...mutualTls }), ['ok; everything that clients are registered for is on'])
})

test('doctor: names what the configuration names and nobody knows', async () => {
  const found = await said({
    defaultResource: 'https://nowhere.example',
    resources: [{ identifier: 'https://api.example', name: 'API', scopes: ['read', 'nope'] }],
    tokenExchange: { allow: [{ client: 'app', from: ['ghost'], targets: ['https://api.example'] }] },
    trustedIssuers: [{ issuer: 'https://idp.example', jwksUri: 'https://idp.example/jwks', clients: ['nobody'] }],
    jwtBearer: true,
  })
  for (const text of [
    'defaultResource: there is no resource https://nowhere.example',
    'resource https://api.example: there is no scope nope',
    'tokenExchange.allow[0]: there is no client ghost',
    'trustedIssuers[0].clients: there is no client nobody',
  ])
    assert.equal(found.filter((line) => line.includes(text)).length, 1, text)
})

test('doctor: what the preset refuses of a client is told once, and no key is named that would turn it on', async () => {
  const found = await said({ preset: 'fapi2' })
  assert.deepEqual(
    found.filter((line) => /client_secret_basic|client app/.test(line)),
    [],
  )
  assert.ok(found.some((line) => line.includes('client tv is registered for urn:ietf')))
})

test('doctor --profile: what the profile turns on is not missed by clients', async () => {
  const found = await said({}, 'doctor --profile fapi2 --json')
  assert.deepEqual(
    found.filter((line) => /pushed requests|tokens bound by DPoP/.test(line)),
    [],
  )
  assert.equal(found.filter((line) => line.includes('signed requests, which is off')).length, 1)
})

test('doctor: says what `serve` would say against a configuration that contradicts itself', async () => {
  const [line] = await said({ preset: 'fapi2', responseTypes: ['token'] })
  assert.match(line ?? '', /^fail; responseTypes: must be \["code"\] with the preset fapi2/)
})

test('doctor: what the configuration declares is there from the first start on, and nothing is said of it', async () => {
  const cli = new InProcessWorld()
  const resources = [{ identifier: 'https://api.example', name: 'Things', scopes: ['things'] }]
  cli.write('cardea.config.json', { scopes: [{ name: 'things' }], resources })
  assert.equal((await cli.run('user create ada', { env: { ...env, CARDEA_PASSWORD: secret } })).code, 0)
  const { json } = await cli.run('doctor --json', { env })
  const { findings } = json<{ findings: { check: string; result: string; text: string }[] }>()
  assert.deepEqual(
    findings.filter(({ check }) => check === 'features').map(({ result }) => result),
    ['ok'],
  )
})
