import assert from 'node:assert/strict'
import { createServer as createPlainServer, type IncomingMessage } from 'node:http'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type TestCertificate, testCertificate } from '../../test-support/test-certificate.ts'
import { certificateOf } from '../http/client-certificate.ts'
import { startTestServer } from '../testing/test-server.ts'
import { certificateFromHeader } from './client-certificate-header.ts'
import type { TrustProxy } from './forwarded.ts'
import { mount as mountOnHono } from './hono.ts'
import { mount as mountOnNext } from './next.ts'
import { NodeRequest } from './node-request.ts'

const client = testCertificate({ subject: [{ CN: 'client' }] })
const escaped = encodeURIComponent(client.pem)
const rfc9440 = `:${client.der.toString('base64')}:`

const read = (message: IncomingMessage, trust: TrustProxy | undefined): string =>
  certificateOf(new NodeRequest(message, trust, 1024))?.thumbprint ?? 'none'

const port = (server: { address(): unknown }): number => (server.address() as AddressInfo).port

async function overTls(t: TestContext, trust: TrustProxy | undefined, shown?: TestCertificate): Promise<string> {
  const own = testCertificate({ subject: [{ CN: 'localhost' }], san: { dns: ['localhost'] } })
  const options = { key: own.privateKeyPem, cert: own.pem, requestCert: true, rejectUnauthorized: false }
  const server = createServer(options, (message, response) => response.end(read(message, trust)))
  t.after(() => server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const credentials = shown === undefined ? {} : { key: shown.privateKeyPem, cert: shown.pem }
  const headers = { 'client-cert': rfc9440 }
  return new Promise((resolve, reject) => {
    const options = {
      port: port(server),
      host: '127.0.0.1',
      servername: 'localhost',
      ca: own.pem,
      agent: false,
      headers,
    }
    const asked = request({ ...options, ...credentials }, (response) => {
      let body = ''
      response.on('data', (chunk) => {
        body += String(chunk)
      })
      response.on('end', () => resolve(body))
    })
    asked.on('error', reject)
    asked.end()
  })
}

async function overProxy(t: TestContext, trust: TrustProxy | undefined, headers: Record<string, string>) {
  const server = createPlainServer((message, response) => response.end(read(message, trust)))
  t.after(() => server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (await fetch(`http://127.0.0.1:${port(server)}/`, { headers })).text()
}

const { thumbprint } = certificateOf({ clientCertificate: client.der } as never) ?? { thumbprint: '' }

test('RFC 8705 §3.1: the thumbprint is the SHA-256 of the DER, base64url', () => {
  assert.match(thumbprint, /^[A-Za-z0-9_-]{43}$/)
})

test('RFC 8705 §2, T-MTLS-1: the certificate of our own TLS is taken, and no header beside it', async (t) => {
  assert.equal(await overTls(t, undefined, client), thumbprint)
  assert.equal(await overTls(t, undefined), 'none')
  const other = testCertificate()
  const seen = await overTls(t, undefined, other)
  assert.equal(seen, certificateOf({ clientCertificate: other.der } as never)?.thumbprint)
})

test('RFC 8705 §6.5, T-MTLS-1: the certificate of a proxy is not taken for that of its client', async (t) => {
  assert.equal(await overTls(t, () => true, testCertificate({ subject: [{ CN: 'proxy' }] })), 'none')
})

const trusted = (name: string, format: 'rfc9440' | 'pem' | 'xfcc', isTrusted = true): TrustProxy => ({
  isTrusted: () => isTrusted,
  clientCertificate: { name, format },
})

test('RFC 9440 §2.2, T-MTLS-1: the header of a trusted proxy is believed, by its configured name only', async (t) => {
  assert.equal(await overProxy(t, trusted('Client-Cert', 'rfc9440'), { 'client-cert': rfc9440 }), thumbprint)
  assert.equal(await overProxy(t, trusted('X-Cert', 'rfc9440'), { 'client-cert': rfc9440 }), 'none')
  assert.equal(await overProxy(t, trusted('Client-Cert', 'pem'), { 'client-cert': escaped }), thumbprint)
  assert.equal(await overProxy(t, () => true, { 'client-cert': rfc9440 }), 'none')
})

test('RFC 9440 §4, RFC 9700 §4.13, T-MTLS-1: the same header from anybody else is ignored', async (t) => {
  assert.equal(await overProxy(t, trusted('Client-Cert', 'rfc9440', false), { 'client-cert': rfc9440 }), 'none')
  assert.equal(await overProxy(t, undefined, { 'client-cert': rfc9440 }), 'none')
})

const hash = `Hash=${'a'.repeat(64)}`
const readable: readonly (readonly ['rfc9440' | 'pem' | 'xfcc', string])[] = [
  ['rfc9440', rfc9440],
  ['pem', escaped],
  ['pem', encodeURI(client.pem)],
  ['pem', client.pem.replaceAll('\n', ' ')],
  ['pem', encodeURIComponent(client.der.toString('base64'))],
  ['xfcc', `Cert="${escaped}"`],
  ['xfcc', `By=spiffe://a/b;${hash};Cert="${escaped}";Subject="CN=a, O=\\"b\\"";URI=spiffe://x`],
]
for (const [format, value] of readable) {
  test(`RFC 9440 §2.2: ${format} is read from ${value.slice(0, 30)}…`, () => {
    assert.deepEqual(certificateFromHeader(value, format), client.der)
  })
}

const unreadable: readonly (readonly ['rfc9440' | 'pem' | 'xfcc', string])[] = [
  ['rfc9440', ''],
  ['rfc9440', client.der.toString('base64')],
  ['rfc9440', `${rfc9440}, ${rfc9440}`],
  ['rfc9440', `${rfc9440};a=1`],
  ['rfc9440', ':%%%:'],
  ['rfc9440', ':AAAA:'],
  ['rfc9440', `:${Buffer.from(client.pem).toString('base64')}:`],
  ['rfc9440', `:${Buffer.concat([client.der, Buffer.from('xx')]).toString('base64')}:`],
  ['rfc9440', `:${client.der.subarray(0, -3).toString('base64')}:`],
  ['rfc9440', `:${Buffer.concat([client.der, client.der]).toString('base64')}:`],
  ['pem', '(null)'],
  ['pem', 'AAAA'],
  ['pem', `${client.der.toString('base64')},${client.der.toString('base64')}`],
  ['pem', `${client.pem}${client.pem}`],
  ['pem', ''],
  ['pem', '%'],
  ['pem', `${escaped}${escaped}`],
  ['pem', `${escaped}, ${escaped}`],
  ['pem', encodeURIComponent(client.privateKeyPem)],
  ['xfcc', hash],
  ['xfcc', `Cert="${escaped}",Cert="${escaped}"`],
  ['xfcc', `${hash};Cert="${escaped}",${hash};Subject="x"`],
  ['xfcc', `Cert="${escaped}";Cert="${escaped}"`],
  ['xfcc', `Subject="CN=a;Cert=\\"${escaped}\\""`],
  ['xfcc', `Cert="${escaped}`],
]
for (const [format, value] of unreadable) {
  test(`T-MTLS-1: ${format} of ${JSON.stringify(value.slice(0, 24))}…${value.length} is no certificate`, () => {
    const request = { clientCertificate: certificateFromHeader(value, format) } as never
    assert.equal(certificateOf(request), undefined)
  })
}

test('RFC 8705 §2: Next.js and Hono on other runtimes know the certificate that the host tells them of', async () => {
  const { d: _, ...jwk } = client.privateKey.export({ format: 'jwk' })
  const method = 'self_signed_tls_client_auth'
  const keys = [jwk as { kty: string }]
  const { provider } = await startTestServer({
    mutualTls: true,
    clients: [{ client_id: 'job', token_endpoint_auth_method: method, jwks: { keys } }],
  })
  const asked = () =>
    new Request('https://auth.example/token', {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'job' }),
    })
  const statusOf = async (clientCertificate: () => Uint8Array | undefined): Promise<readonly number[]> => {
    const onNext = await mountOnNext(provider, { clientCertificate }).POST(asked())
    const context = { req: { raw: asked(), bodyCache: {} }, env: {}, set() {}, header() {}, res: new Response() }
    const onHono = await mountOnHono(provider, { clientCertificate })(context, async () => {})
    return [onNext.status, (onHono as Response).status]
  }
  assert.deepEqual(await statusOf(() => client.der), [200, 200])
  assert.deepEqual(await statusOf(() => undefined), [401, 401])
})
