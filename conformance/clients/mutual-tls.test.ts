import assert from 'node:assert/strict'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { nodeHandler } from 'cardea/node'
import { startTestServer } from 'cardea/testing'
import * as oauth from 'oauth4webapi'
import { type TestCertificate, testCertificate } from '../../packages/cardea/test-support/test-certificate.ts'

const authority = testCertificate({ subject: [{ CN: 'Clients' }], ca: true })
const own = testCertificate({ subject: [{ CN: 'localhost' }], san: { dns: ['localhost'] } })
const issued = testCertificate({ subject: [{ O: 'Acme' }, { CN: 'shop' }], issuer: authority })
const selfSigned = testCertificate({ subject: [{ CN: 'anything' }] })
const { d: _, ...jwk } = selfSigned.privateKey.export({ format: 'jwk' })

const grants = { grant_types: ['client_credentials'] }
const clients = [
  {
    client_id: 'shop',
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: 'CN=shop,O=Acme',
    ...grants,
  },
  {
    client_id: 'self',
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    jwks: { keys: [jwk as { kty: string }] },
    tls_client_certificate_bound_access_tokens: true,
    ...grants,
  },
]

/** Two origins of one server, one of which asks for certificates (RFC 8705 §5). */
async function start(t: TestContext): Promise<oauth.AuthorizationServer> {
  const options = { key: own.privateKeyPem, cert: own.pem, requestCert: true, rejectUnauthorized: false }
  const server = createServer(options)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`
  const { provider } = await startTestServer({
    issuer: 'https://id.example',
    clients,
    mutualTls: { certificateAuthorities: authority.pem, endpointOrigin: origin },
    certificateBoundTokens: true,
  })
  server.on('request', nodeHandler(provider))
  const answer = await fetchWith(undefined)(`${origin}/.well-known/oauth-authorization-server`)
  return oauth.processDiscoveryResponse(new URL('https://id.example'), answer)
}

/** What `fetch` cannot: show a certificate. */
const fetchWith =
  (shown: TestCertificate | undefined) =>
  (url: string, init: { method?: string; headers?: HeadersInit; body?: unknown } = {}): Promise<Response> =>
    new Promise((resolve, reject) => {
      const { hostname: servername, port, pathname: path } = new URL(url)
      const at = { host: '127.0.0.1', port, path, method: init.method ?? 'GET', servername, ca: own.pem, agent: false }
      const credentials = shown === undefined ? {} : { cert: shown.pem, key: shown.privateKeyPem }
      const headers = Object.fromEntries(new Headers(init.headers))
      const asked = request({ ...at, ...credentials, headers }, (response) => {
        let body = ''
        response.on('data', (chunk) => {
          body += String(chunk)
        })
        response.on('end', () => {
          const type = { 'content-type': response.headers['content-type'] ?? '' }
          resolve(new Response(body, { status: response.statusCode ?? 500, headers: type }))
        })
      })
      asked.on('error', reject)
      asked.end(init.body === undefined ? undefined : String(init.body))
    })

for (const [id, certificate, other] of [
  ['shop', issued, selfSigned],
  ['self', selfSigned, issued],
] as const) {
  test(`RFC 8705 §2, §5, A2-CAUTH-18: oauth4webapi: ${id} proves itself by its certificate, at the alias`, async (t) => {
    const as = await start(t)
    const app = { client_id: id, use_mtls_endpoint_aliases: true }
    const askWith = (shown: TestCertificate | undefined) =>
      oauth.clientCredentialsGrantRequest(
        as,
        app,
        oauth.TlsClientAuth(),
        { scope: 'read' },
        {
          [oauth.customFetch]: fetchWith(shown) as never,
        },
      )
    const { access_token } = await oauth.processClientCredentialsResponse(as, app, await askWith(certificate))
    assert.ok(access_token)
    assert.equal((await askWith(other)).status, 401)
    assert.equal((await askWith(undefined)).status, 401)
  })
}
