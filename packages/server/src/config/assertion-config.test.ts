import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from 'cardea/stores/memory'
import { InProcessWorld } from '../../test-support/in-process-world.ts'
import { assertionOptionsFrom, policyFrom } from './assertion-schema.ts'
import { readConfig } from './read-config.ts'

async function optionsOf(file: object, env: Readonly<Record<string, string>> = {}) {
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', file)
  const { config } = await readConfig({ cwd: cli.cwd, env })
  const { tokenExchange, ...options } = assertionOptionsFrom(config, { clientAuthorities: 'PEM' }, memoryStore())
  return { ...options, exchanges: tokenExchange !== false }
}

const off = {
  clientAssertions: {},
  mutualTls: false,
  trustedIssuers: [],
  jwtBearer: false,
  outgoing: {},
  exchanges: false,
} as const

const issuer = { issuer: 'https://idp.example', jwksUri: 'https://idp.example/jwks' }
const meanings: readonly (readonly [what: string, file: object, env: Record<string, string>, expected: object])[] = [
  ['nothing is said', {}, {}, {}],
  ['`clientAssertions: false`', { clientAssertions: false }, {}, { clientAssertions: false }],
  [
    'a lifetime of assertions',
    {},
    { CARDEA_CLIENT_ASSERTIONS_MAX_LIFETIME: '60' },
    { clientAssertions: { maxLifetime: 60 } },
  ],
  ['`mutualTls: true`', { mutualTls: true }, {}, { mutualTls: { certificateAuthorities: 'PEM' } }],
  [
    'an origin for certificates',
    {},
    { CARDEA_MUTUAL_TLS_ENDPOINT_ORIGIN: 'https://mtls.example', CARDEA_MUTUAL_TLS_SELF_SIGNED: 'false' },
    { mutualTls: { selfSigned: false, endpointOrigin: 'https://mtls.example', certificateAuthorities: 'PEM' } },
  ],
  ['`jwtBearer: true`', { jwtBearer: true }, {}, { jwtBearer: {} }],
  ['a trusted issuer', { trustedIssuers: [issuer] }, {}, { trustedIssuers: [issuer] }],
  ['a rule of exchange', { tokenExchange: { allow: [{ client: 'a', from: ['b'] }] } }, {}, { exchanges: true }],
  ['`tokenExchange: true`', { tokenExchange: true }, {}, { exchanges: true }],
  [
    'hosts that may be asked',
    {},
    { CARDEA_OUTGOING_ALLOW_HOSTS: 'idp.local:8443' },
    { outgoing: { allowHosts: ['idp.local:8443'] } },
  ],
]
for (const [what, file, env, expected] of meanings) {
  test(`configuration of assertions: ${what} means ${JSON.stringify(expected)}`, async () => {
    assert.deepEqual(await optionsOf(file, env), { ...off, ...expected })
  })
}

const question = (clientId: string, more: object = {}) =>
  ({
    client: { client_id: clientId },
    subject: { clientId: 'shop', issuer: 'https://id.example' },
    scope: ['read', 'write'],
    targets: [],
    isOwn: clientId === 'shop',
    ...more,
  }) as never

test('RFC 8693 §2.1: a rule allows its client to exchange what was issued to those it names, and nobody else', async () => {
  const stock = 'https://stock.example'
  const policy = policyFrom([
    { client: 'orders', from: ['shop'], targets: [stock], scope: ['read'], delegation: true },
    { client: 'gateway', issuers: ['https://idp.example'], mayAct: 'orders' },
  ])
  const orders = { delegation: true, scope: ['read'] }
  assert.deepEqual(await policy(question('orders', { targets: [stock] })), orders)
  assert.equal(await policy(question('orders', { subject: { clientId: 'other' } })), false)
  assert.equal(await policy(question('other')), false)
  assert.deepEqual(await policy(question('gateway', { subject: { issuer: 'https://idp.example' } })), {
    mayAct: { sub: 'orders', client_id: 'orders' },
  })
  assert.equal(await policy(question('gateway')), false)
  assert.equal(await policy(question('shop')), true)
  assert.equal(await policy(question('shop', { targets: [stock], subject: { facts: { resources: ['x'] } } })), false)
})

test('RFC 8693 §2.2.2: a rule with targets is for those alone, also where the request or the token names none', async () => {
  const [stock, elsewhere] = ['https://stock.example', 'https://other.example']
  const policy = policyFrom([{ client: 'orders', from: ['shop'], targets: [stock] }])
  const asked = async (targets: readonly string[], resources?: readonly string[]) =>
    policy(question('orders', { targets, subject: { clientId: 'shop', facts: { resources } } }))
  assert.deepEqual(await asked([stock]), {})
  assert.deepEqual(await asked([], [stock]), {})
  for (const [targets, resources] of [[[]], [[elsewhere]], [[stock, elsewhere]], [[], [elsewhere]]])
    await assert.rejects(asked(targets ?? [], resources), { code: 'invalid_target' })
})

const env = { CARDEA_ISSUER: 'https://id.example', CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa' }
const proxied = { ...env, CARDEA_TRUSTED_PROXIES: 'loopback' }
const refusals: readonly (readonly [file: object, env: Record<string, string>, pattern: RegExp])[] = [
  [{ mutualTls: true }, proxied, /mutualTls: no certificate of a client would arrive/],
  [{ mutualTls: { proxyHeader: 'Client-Cert' } }, env, /mutualTls\.proxyHeader: is believed from trustedProxies only/],
  [{ mutualTls: { proxyFormat: 'pem' } }, proxied, /mutualTls\.proxyFormat: is set without mutualTls\.proxyHeader/],
  [
    { mutualTls: { proxyHeader: 'a', authoritiesFile: 'gone.pem' } },
    proxied,
    /mutualTls\.authoritiesFile: got "gone\.pem"/,
  ],
  [{ outgoing: { caFile: 'gone.pem' } }, proxied, /outgoing\.caFile: got "gone\.pem", which cannot be read/],
  [
    { trustedIssuers: [{ issuer: 'a' }] },
    { ...proxied, CARDEA_JWT_BEARER_ENABLED: '1' },
    /trustedIssuers\[0\]: needs jwks or jwksUri/,
  ],
  [{ tokenExchange: { allow: [{ from: ['a'] }] } }, proxied, /tokenExchange\.allow\[0\]/],
]
for (const [file, variables, pattern] of refusals) {
  test(`configuration of assertions: ${JSON.stringify(file)} is refused before anything starts`, async () => {
    const cli = new InProcessWorld()
    cli.write('cardea.config.json', file)
    const { code, err } = await cli.run('serve --port 0', { env: variables })
    assert.equal(code, 2)
    assert.match(err, pattern)
  })
}
