import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import {
  type TestCertificate,
  type TestCertificateOptions,
  testCertificate,
} from '../../../test-support/test-certificate.ts'
import { fetchHandler } from '../../adapters/fetch.ts'
import { listenOnLoopback } from '../../testing/loopback.ts'
import { startTestServer, type TestClient, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'

const root = testCertificate({ subject: [{ O: 'Acme' }, { CN: 'Clients' }], ca: true })
const issued = (options: TestCertificateOptions = {}): TestCertificate => testCertificate({ issuer: root, ...options })
const subject = [{ C: 'AT' }, { O: 'Acme, Inc' }, { CN: 'shop' }]
const good = issued({ subject })

const byName = (member: string, value: string): TestClient => ({
  client_id: 'shop',
  token_endpoint_auth_method: 'tls_client_auth',
  [member]: value,
})
const shop = byName('tls_client_auth_subject_dn', 'CN=shop, O=Acme\\, Inc, C=AT')

const start = (clients: readonly TestClient[] = [shop], options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({
    clients: [...clients, { client_id: 'public' }, { client_id: 'basic', secret: 'b' }],
    mutualTls: { certificateAuthorities: root.pem },
    ...options,
  })

async function ask(server: TestServer, shown: TestCertificate | undefined, form: object = {}, path = '/token') {
  const body = new URLSearchParams({ client_id: 'shop', grant_type: 'client_credentials', ...form })
  const request = new Request(`${server.origin}${path}`, { method: 'POST', body })
  const info = { remoteAddress: '203.0.113.7', ...(shown !== undefined && { clientCertificate: shown.der }) }
  const answer = await fetchHandler(server.provider)(request, info)
  return [answer.status, ((await answer.json()) as { error?: string }).error]
}

const passed = [200, undefined]
const refused = [401, 'invalid_client']
const reasonOf = ({ events }: TestServer): string | undefined =>
  events.findLast((event) => event.type === 'client_authentication_failed')?.reason

for (const [path, form] of [
  ['/token', {}],
  ['/revoke', { token: 'x' }],
  ['/introspect', { token: 'x' }],
] as const) {
  test(`RFC 8705 §2.1, A2-CAUTH-18: ${path} takes a certificate of a configured authority with the registered subject`, async () => {
    const server = await start()
    assert.deepEqual(await ask(server, good, form, path), passed)
    assert.deepEqual(await ask(server, undefined, form, path), refused)
    assert.equal(reasonOf(server), 'no_client_certificate')
  })
}

const names: readonly (readonly [member: string, value: string, options: TestCertificateOptions])[] = [
  ['tls_client_auth_san_dns', 'Shop.example', { san: { dns: ['other.example', 'shop.example'] } }],
  ['tls_client_auth_san_uri', 'spiffe://acme/shop,a', { san: { uri: ['spiffe://acme/shop,a'] } }],
  ['tls_client_auth_san_ip', '10.0.0.1', { san: { ip: ['10.0.0.1'] } }],
  ['tls_client_auth_san_ip', '2001:db8::1', { san: { ip: ['2001:db8:0:0:0:0:0:1'] } }],
  ['tls_client_auth_san_email', 'shop@acme.example', { san: { email: ['shop@acme.example'] } }],
]
for (const [member, value, options] of names) {
  test(`RFC 8705 §2.1.2: ${member} ${value}`, async () => {
    const server = await start([byName(member, value)])
    assert.deepEqual(await ask(server, issued(options)), passed)
    assert.deepEqual(await ask(server, good), refused)
    assert.equal(reasonOf(server), 'client_certificate_of_another_subject')
  })
}

const impostors: readonly (readonly [what: string, member: string, value: string, options: TestCertificateOptions])[] =
  [
    ['a wildcard', 'tls_client_auth_san_dns', 'a.example', { san: { dns: ['*.example'] } }],
    ['a subdomain', 'tls_client_auth_san_dns', 'example', { san: { dns: ['a.example'] } }],
    ['a name that looks like two', 'tls_client_auth_san_dns', 'b.example', { san: { dns: ['a, DNS:b.example'] } }],
    ['the name as a URI', 'tls_client_auth_san_dns', 'a.example', { san: { uri: ['a.example'] } }],
    ['the name as common name', 'tls_client_auth_san_dns', 'a.example', { subject: [{ CN: 'a.example' }] }],
    ['another path', 'tls_client_auth_san_uri', 'spiffe://a/b', { san: { uri: ['spiffe://a/B'] } }],
    ['another address', 'tls_client_auth_san_ip', '10.0.0.1', { san: { ip: ['10.0.0.10'] } }],
    ['the subject in reverse', 'tls_client_auth_subject_dn', 'C=AT,O=Acme\\, Inc,CN=shop', { subject }],
    ['a part of the subject', 'tls_client_auth_subject_dn', 'CN=shop,O=Acme\\, Inc', { subject }],
    ['a subject with a comma', 'tls_client_auth_subject_dn', 'CN=shop,O=Acme', { subject: [{ CN: 'shop,O=Acme' }] }],
  ]
for (const [what, member, value, options] of impostors) {
  test(`RFC 8705 §7.4, T-MTLS-1: ${what} is not ${value}`, async () => {
    const server = await start([byName(member, value)])
    assert.deepEqual(await ask(server, issued(options)), refused)
    assert.equal(reasonOf(server), 'client_certificate_of_another_subject')
  })
}

const now = 1767225600
const stranger = testCertificate({ subject: [{ O: 'Acme' }, { CN: 'Clients' }], ca: true })
const between = issued({ subject: [{ CN: 'between' }], ca: true })
const untrusted: readonly (readonly [what: string, certificate: TestCertificate])[] = [
  ['signed by itself', testCertificate({ subject })],
  ['of an authority with the same name', testCertificate({ subject, issuer: stranger })],
  ['of an intermediate authority that is not listed', testCertificate({ subject, issuer: between })],
  ['that has expired', issued({ subject, notAfter: now - 1 })],
  ['that is not valid yet', issued({ subject, notBefore: now + 1 })],
  ['for servers only', issued({ subject, usages: ['1.3.6.1.5.5.7.3.1'] })],
  [
    'for a key that is too short',
    issued({ subject, privateKey: generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey }),
  ],
  ['of an authority', issued({ subject, ca: true })],
]
for (const [what, certificate] of untrusted) {
  test(`RFC 8705 §2.1, T-MTLS-1: a certificate ${what} does not count`, async () => {
    const server = await start()
    assert.deepEqual(await ask(server, certificate), refused)
    assert.equal(reasonOf(server), 'client_certificate_not_trusted')
  })
}

test('RFC 8705 §2.1: an authority that has expired counts no more, a listed intermediate one does', async () => {
  const expired = testCertificate({ subject: [{ CN: 'old' }], ca: true, notAfter: now - 1 })
  const pem = [expired.pem, `${root.pem}\n${between.pem}`]
  const server = await start([shop], { mutualTls: { certificateAuthorities: pem } })
  assert.deepEqual(await ask(server, testCertificate({ subject, issuer: expired })), refused)
  assert.deepEqual(
    await ask(server, testCertificate({ subject, issuer: between, usages: ['1.3.6.1.5.5.7.3.2'] })),
    passed,
  )
})

test('RFC 8705 §2: nonsense in place of a certificate is no certificate', async () => {
  const server = await start()
  assert.deepEqual(await ask(server, { ...good, der: Buffer.from('nonsense') }), refused)
  assert.equal(reasonOf(server), 'unreadable_client_certificate')
})

const keyOf = (certificate: TestCertificate) => certificate.privateKey

function selfSigned(privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey) {
  const certificate = testCertificate({ subject: [{ CN: 'anything' }], privateKey, notAfter: now - 1 })
  const { d: _, ...jwk } = keyOf(certificate).export({ format: 'jwk' })
  return { certificate, jwk: jwk as { kty: string } }
}

const pairs = {
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RSA: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  Ed25519: () => generateKeyPairSync('ed25519'),
}
for (const kind of ['P-256', 'RSA', 'Ed25519'] as const) {
  test(`RFC 8705 §2.2: a certificate for a registered ${kind} key, whoever has signed it`, async () => {
    const { privateKey } = pairs[kind]()
    const { certificate } = selfSigned(privateKey)
    const jwk = createPublicKey(privateKey).export({ format: 'jwk' })
    const client = { client_id: 'shop', token_endpoint_auth_method: 'self_signed_tls_client_auth' }
    const server = await start([{ ...client, jwks: { keys: [jwk as never] } }])
    assert.deepEqual(await ask(server, certificate), passed)
    assert.deepEqual(await ask(server, testCertificate({ subject: [{ CN: 'anything' }] })), refused)
    assert.equal(reasonOf(server), 'client_certificate_of_another_key')
    assert.deepEqual(await ask(server, undefined), refused)
  })
}

test('RFC 8705 §2.2, A2-CAUTH-16: the keys may stand at a jwks_uri', async (t) => {
  const { certificate, jwk } = selfSigned()
  const { origin, close } = await listenOnLoopback((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ keys: [jwk] }))
  })
  t.after(close)
  const client = { client_id: 'shop', token_endpoint_auth_method: 'self_signed_tls_client_auth' }
  const clients = [{ ...client, jwks_uri: `${origin}/jwks` }]
  assert.deepEqual(await ask(await start(clients, { outgoing: { allowHosts: ['127.0.0.1'] } }), certificate), passed)
  const guarded = await start(clients)
  assert.deepEqual(await ask(guarded, certificate), refused)
  assert.equal(reasonOf(guarded), 'client_keys_unavailable')
})

test('RFC 8705 §2.2: every registered key counts, however many there are and whatever they sign with besides', async () => {
  const all = Array.from({ length: 8 }, () => selfSigned())
  const keys = all.map(({ jwk }, index) => ({ ...jwk, kid: `k${index}`, ...(index > 5 && { alg: 'ES256' }) }))
  const method = 'self_signed_tls_client_auth'
  const server = await start([{ client_id: 'shop', token_endpoint_auth_method: method, jwks: { keys: keys as never } }])
  for (const { certificate } of all) assert.deepEqual(await ask(server, certificate), passed)
})

test('RFC 8705 §2.2: a key that is new at the jwks_uri is found, and known ones are not fetched again', async (t) => {
  const [old, renewed] = [selfSigned(), selfSigned()]
  let [published, fetched] = [[old.jwk], 0]
  const { origin, close } = await listenOnLoopback((_request, response) => {
    fetched += 1
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ keys: published }))
  })
  t.after(close)
  const client = { client_id: 'shop', token_endpoint_auth_method: 'self_signed_tls_client_auth' }
  const server = await start([{ ...client, jwks_uri: `${origin}/jwks` }], { outgoing: { allowHosts: ['127.0.0.1'] } })
  for (let round = 0; round < 3; round += 1) {
    assert.deepEqual(await ask(server, old.certificate), passed)
    server.clock.advance(31)
  }
  assert.equal(fetched, 1)
  published = [old.jwk, renewed.jwk]
  assert.deepEqual(await ask(server, renewed.certificate), passed)
  assert.equal(fetched, 2)
})

test('RFC 8705 §2, RFC 6749 §2.3: a certificate is no proof for clients of other methods, and no second method', async () => {
  const server = await start()
  assert.deepEqual(await ask(server, good, { client_id: 'public', grant_type: 'authorization_code', code: 'x' }), [
    400,
    'invalid_grant',
  ])
  assert.deepEqual(await ask(server, good, { client_id: 'basic' }), refused)
  assert.deepEqual(await ask(server, good, { client_id: 'basic', client_secret: 'b' }), refused)
  assert.deepEqual(await ask(server, good, { client_id: 'nobody' }), refused)
  assert.deepEqual(await ask(server, good, { client_secret: 'x' }), refused)
  const self = { client_id: 'shop', token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks: { keys: [] } }
  assert.deepEqual(await ask(await start([self]), good), refused)
})

test('RFC 8705 §2.1: a client that is disabled is refused', async () => {
  assert.deepEqual(await ask(await start([{ ...shop, disabled: true }]), good), refused)
})

async function metadataOf(options: TestServerOptions) {
  const server = await startTestServer(options)
  const answer = await server.send(new Request(`${server.origin}/.well-known/oauth-authorization-server`))
  return (await answer.json()) as Record<string, string[]> & { mtls_endpoint_aliases?: object }
}

test('RFC 8705 §2.1.1, §2.2.1: metadata names what is on', async () => {
  const methods = async (mutualTls: TestServerOptions['mutualTls']) =>
    (await metadataOf(mutualTls === undefined ? {} : { mutualTls })).token_endpoint_auth_methods_supported?.filter(
      (name) => name.includes('tls'),
    )
  assert.deepEqual(await methods(undefined), [])
  assert.deepEqual(await methods(true), ['self_signed_tls_client_auth'])
  assert.deepEqual(await methods({ certificateAuthorities: root.pem, selfSigned: false }), ['tls_client_auth'])
})

test('RFC 8705 §5: aliases for clients with certificates, none for browsers', async () => {
  const { mtls_endpoint_aliases: aliases } = await metadataOf({
    mutualTls: { endpointOrigin: 'https://mtls.auth.example' },
    pushedRequests: true,
  })
  assert.deepEqual(aliases, {
    token_endpoint: 'https://mtls.auth.example/token',
    revocation_endpoint: 'https://mtls.auth.example/revoke',
    introspection_endpoint: 'https://mtls.auth.example/introspect',
    pushed_authorization_request_endpoint: 'https://mtls.auth.example/par',
  })
  assert.equal((await metadataOf({ mutualTls: true })).mtls_endpoint_aliases, undefined)
})

for (const [what, mutualTls] of [
  ['no PEM', { certificateAuthorities: 'x' }],
  ['no authority', { certificateAuthorities: good.pem }],
  ['an origin with a path', { endpointOrigin: 'https://a.example/x' }],
  ['an origin without TLS', { endpointOrigin: 'http://a.example' }],
] as const) {
  test(`RFC 8705 §2: ${what} is refused before anything starts`, async () => {
    await assert.rejects(startTestServer({ mutualTls }), TypeError)
  })
}
