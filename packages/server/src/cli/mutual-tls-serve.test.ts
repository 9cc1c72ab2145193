import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent } from 'node:https'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { type TestCertificate, testCertificate } from '../../../cardea/test-support/test-certificate.ts'
import { InProcessWorld } from '../../test-support/in-process-world.ts'
import { localhostCertificate } from '../../test-support/localhost-certificate.ts'
import { askOver, type TlsAnswer, type TlsRequest } from '../../test-support/tls-request.ts'

const authority = testCertificate({ subject: [{ CN: 'Clients' }], ca: true })
const issued = (options: Parameters<typeof testCertificate>[0]) => testCertificate({ issuer: authority, ...options })

/** By the registration that takes it. */
const certificates = {
  dn: issued({ subject: [{ O: 'Acme' }, { CN: 'shop' }] }),
  dns: issued({ san: { dns: ['van.acme.example'] } }),
  uri: issued({ san: { uri: ['spiffe://acme/shop'] } }),
  ip: issued({ san: { ip: ['2001:0db8:0000:0000:0000:0000:0000:0001'] } }),
  email: issued({ san: { email: ['post@acme.example'] } }),
  self: testCertificate({ subject: [{ CN: 'anybody' }] }),
}
const { d: _, ...jwk } = certificates.self.privateKey.export({ format: 'jwk' })
const base = { grant_types: ['client_credentials'] }
const byName = (client_id: string, member: string, value: string) => ({
  client_id,
  token_endpoint_auth_method: 'tls_client_auth',
  [member]: value,
  ...base,
})

const clients = [
  byName('dn', 'tls_client_auth_subject_dn', 'CN=shop, O=Acme'),
  byName('dns', 'tls_client_auth_san_dns', 'van.acme.example'),
  byName('uri', 'tls_client_auth_san_uri', 'spiffe://acme/shop'),
  byName('ip', 'tls_client_auth_san_ip', '2001:db8::1'),
  byName('email', 'tls_client_auth_san_email', 'post@acme.example'),
  {
    client_id: 'self',
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    jwks: { keys: [jwk] },
    tls_client_certificate_bound_access_tokens: true,
    ...base,
  },
]

type Ask = (client_id: string, asked?: Partial<TlsRequest>) => Promise<TlsAnswer>

async function serving(config: object, use: (ask: Ask, port: number) => Promise<void>): Promise<void> {
  const cli = new InProcessWorld()
  cli.write('cert.pem', localhostCertificate.cert)
  cli.write('key.pem', localhostCertificate.key)
  cli.write('authorities.pem', authority.pem)
  cli.write('cardea.config.json', {
    issuer: 'https://id.example',
    scopes: [{ name: 'read', is_default: true }],
    clients,
    ...config,
  })
  const server = await cli.serve('serve --port 0', { env: { CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa' } })
  const port = Number(server.addresses[0]?.split(':').at(-1))
  const tls = 'tls' in config
  try {
    await use((client_id, asked = {}) => {
      const form = { grant_type: 'client_credentials', client_id }
      return askOver('/token', { tls, port, form, ...asked })
    }, port)
  } finally {
    server.signal('SIGTERM')
    await server.done
  }
}

const ownTls = {
  tls: { certFile: 'cert.pem', keyFile: 'key.pem' },
  mutualTls: { authoritiesFile: 'authorities.pem' },
}
const rfc9440 = ({ der }: TestCertificate): string => `:${der.toString('base64')}:`

test('RFC 8705 §2.1.2, §2.2, A2-CAUTH-18: serve: over our own TLS each name and key opens for its client only', () =>
  serving(ownTls, async (ask) => {
    for (const id of Object.keys(certificates)) {
      for (const [other, shown] of [...Object.entries(certificates), ['none', undefined] as const]) {
        const { status } = await ask(id, { shown })
        assert.equal(status, id === other ? 200 : 401, `${id} by ${other}`)
      }
    }
  }))

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`RFC 8705 §2: serve: a resumed session of ${maxVersion} still has its certificate, and one without gets none`, () =>
    serving(ownTls, async (ask) => {
      for (const [shown, status] of [
        [certificates.self, 200],
        [undefined, 401],
      ] as const) {
        const agent = new Agent({ maxCachedSessions: 10 })
        assert.deepEqual(Object.values(await ask('self', { shown, agent, maxVersion })).toSpliced(1, 1), [
          status,
          false,
        ])
        assert.deepEqual(Object.values(await ask('self', { shown, agent, maxVersion })).toSpliced(1, 1), [status, true])
      }
    }))
}

test('RFC 9325 §3.5: serve: a connection keeps the certificate of its handshake: nothing is negotiated again', () =>
  serving(ownTls, async (_ask, port) => {
    const { pem: cert, privateKeyPem: key } = certificates.self
    const { cert: ca } = localhostCertificate
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca, cert, key, maxVersion: 'TLSv1.2' })
    await once(socket, 'secureConnect')
    const refused = new Promise<Error | null>((resolve) => {
      socket.once('error', resolve)
      socket.renegotiate({}, resolve)
    })
    assert.match(String(await refused), /renegotiation/i)
    socket.destroy()
  }))

const proxied = (more: object = {}) => ({
  trustedProxies: ['loopback'],
  mutualTls: { authoritiesFile: 'authorities.pem', proxyHeader: 'Client-Cert', ...more },
})
const self = rfc9440(certificates.self)

test('RFC 9440 §2.2, §4, T-MTLS-1: serve: a trusted proxy hands one certificate over, by the configured header only', () =>
  serving(proxied(), async (ask) => {
    const status = async (headers: Record<string, string | string[]>) => (await ask('self', { headers })).status
    assert.equal(await status({ 'client-cert': self }), 200)
    assert.equal((await ask('dn', { headers: { 'client-cert': rfc9440(certificates.dn) } })).status, 200)
    const expired = issued({ subject: [{ O: 'Acme' }, { CN: 'shop' }], notAfter: 1_700_000_000 })
    assert.equal((await ask('dn', { headers: { 'client-cert': rfc9440(expired) } })).status, 401)
    for (const headers of [
      {},
      { 'client-cert': [self, self] },
      { 'client-cert': [self, rfc9440(certificates.dn)] },
      { 'client-cert': `${self};a=1` },
      { 'client-cert': ':AAAA:' },
      { 'client-cert': `:${'A'.repeat(12_000)}:` },
      { 'x-client-cert': self },
      { 'client-cert-chain': self },
    ])
      assert.equal(await status(headers), 401, JSON.stringify(headers).slice(0, 60))
  }))

test('RFC 9440 §4, RFC 9700 §4.13, T-MTLS-1: serve: nobody else is believed, whatever the header says', () =>
  serving({ ...proxied(), trustedProxies: ['10.9.9.9'] }, async (ask) => {
    const headers = { 'client-cert': self, 'x-forwarded-for': '10.9.9.9', 'x-forwarded-proto': 'https' }
    assert.equal((await ask('self', { headers })).status, 401)
  }))

test('T-MTLS-1: serve: over our own TLS, a header counts for nothing, and the certificate of a proxy for nobody', async () => {
  const headers = { 'client-cert': self }
  await serving(ownTls, async (ask) => {
    assert.equal((await ask('self', { headers })).status, 401)
    assert.equal((await ask('self', { headers, shown: certificates.dn })).status, 401)
    assert.equal((await ask('self', { headers, shown: certificates.self })).status, 200)
  })
  await serving({ ...ownTls, ...proxied() }, async (ask) => {
    assert.equal((await ask('self', { headers, shown: certificates.dn })).status, 200)
    assert.equal((await ask('dn', { headers, shown: certificates.dn })).status, 401)
    assert.equal((await ask('dn', { shown: certificates.dn })).status, 401)
  })
})

for (const [proxyFormat, value] of [
  ['pem', encodeURIComponent(certificates.self.pem)],
  ['pem', certificates.self.der.toString('base64')],
  ['xfcc', `Hash=${'a'.repeat(64)};Cert="${encodeURIComponent(certificates.self.pem)}"`],
] as const) {
  test(`T-MTLS-1: serve: a proxy that writes ${proxyFormat} as ${value.slice(0, 12)}… is understood`, () =>
    serving(proxied({ proxyFormat }), async (ask) => {
      assert.equal((await ask('self', { headers: { 'client-cert': value } })).status, 200)
      assert.equal((await ask('self', { headers: { 'client-cert': [value, value] } })).status, 401)
    }))
}
