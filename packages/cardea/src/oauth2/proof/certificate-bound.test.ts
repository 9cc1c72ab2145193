import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyOf, codeForm, dpopClient, introspected, machine, startDpop } from '../../../test-support/dpop-client.ts'
import { shop, shopSecret } from '../../../test-support/pushing.ts'
import { testCertificate } from '../../../test-support/test-certificate.ts'
import { fetchHandler, fetchProtector } from '../../adapters/fetch.ts'
import { certificateThumbprint } from '../../core/crypto/x509/thumbprint.ts'
import { basic, type TestServer } from '../../testing/test-server.ts'

const own = testCertificate({ subject: [{ CN: 'shop' }] }).der
const other = testCertificate({ subject: [{ CN: 'shop' }] }).der
const bound = { tls_client_certificate_bound_access_tokens: true }

const start = (more: Parameters<typeof startDpop>[0] = {}) =>
  startDpop({
    clients: [
      { ...shop, ...bound },
      { client_id: 'app', ...bound },
    ],
    ...more,
  })

/** Posts to the token endpoint over mutual TLS. */
function post(
  server: TestServer,
  form: Record<string, string>,
  clientCertificate: Uint8Array | undefined,
  headers: Record<string, string> = {},
): Promise<Response> {
  const credentials = Object.hasOwn(form, 'client_id') ? {} : { authorization: basic(...shopSecret) }
  const request = new Request('https://auth.example/token', {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { ...credentials, ...headers },
  })
  return fetchHandler(server.provider)(request, clientCertificate === undefined ? {} : { clientCertificate })
}

function ask(server: TestServer, token: string, clientCertificate?: Uint8Array, headers: Record<string, string> = {}) {
  const resource = fetchProtector(server.provider).requireOAuth(undefined, () => Response.json({ in: true }))
  const request = new Request('https://auth.example/things', {
    headers: { authorization: `Bearer ${token}`, ...headers },
  })
  return resource(request, clientCertificate === undefined ? {} : { clientCertificate })
}

test('RFC 8705 §3: a token is bound to the certificate, stays a Bearer token, and introspection tells', async () => {
  const server = await start()
  const answer = await bodyOf(await post(server, machine, own))
  assert.equal(answer.token_type, 'Bearer')
  const { cnf, token_type } = await introspected(server, answer.access_token)
  assert.deepEqual([cnf, token_type], [{ 'x5t#S256': certificateThumbprint(own) }, 'Bearer'])
})

test('RFC 8705 §3: the resource lets in only requests over that certificate', async () => {
  const server = await start()
  const { access_token } = await bodyOf(await post(server, machine, own))
  assert.equal((await ask(server, access_token, own)).status, 200)
  for (const certificate of [other, undefined]) {
    const answer = await ask(server, access_token, certificate)
    assert.deepEqual([answer.status, (await bodyOf(answer)).error], [401, 'invalid_token'])
  }
})

test('T-MTLS-1: a header with the certificate is nothing without a proxy that is trusted', async () => {
  const server = await start()
  const { access_token } = await bodyOf(await post(server, machine, own))
  const headers = { 'client-cert': `:${own.toString('base64')}:` }
  assert.equal((await ask(server, access_token, undefined, headers)).status, 401)
})

test('RFC 8705 §3.4: a client that is registered for it gets no token without a certificate', async () => {
  const server = await start()
  const answer = await post(server, machine, undefined)
  assert.deepEqual([answer.status, (await bodyOf(answer)).error], [400, 'invalid_request'])
})

test('RFC 8705 §4: the refresh token of a public client is bound to its certificate', async () => {
  const server = await start()
  const { refresh_token } = await bodyOf(await post(server, await codeForm(server, 'app'), own))
  const form = { grant_type: 'refresh_token', refresh_token, client_id: 'app' }
  assert.equal((await bodyOf(await post(server, form, other))).error, 'invalid_grant')
  assert.equal((await post(server, form, own)).status, 200)
})

test('RFC 8705 §7.1: a client that authenticates may renew its certificate', async () => {
  const server = await start()
  const { refresh_token } = await bodyOf(await post(server, await codeForm(server, 'shop'), own))
  const renewed = await bodyOf(await post(server, { grant_type: 'refresh_token', refresh_token }, other))
  assert.equal((await ask(server, renewed.access_token, other)).status, 200)
  assert.equal((await ask(server, renewed.access_token, own)).status, 401)
})

test('RFC 8705 §3, RFC 9449 §6: a token may be bound to both, and then needs both', async () => {
  const server = await start()
  const holder = await dpopClient(server.clock)
  const issued = await bodyOf(await post(server, machine, own, { dpop: holder.proof() }))
  assert.equal(issued.token_type, 'DPoP')
  const asked = (certificate: Uint8Array | undefined) =>
    ask(server, issued.access_token, certificate, {
      authorization: `DPoP ${issued.access_token}`,
      dpop: holder.proof({ htm: 'GET', htu: 'https://auth.example/things', accessToken: issued.access_token }),
    })
  assert.deepEqual([(await asked(own)).status, (await asked(other)).status], [200, 401])
  assert.equal((await ask(server, issued.access_token, own)).status, 401)
})

test('RFC 8705 §3.3: the metadata promises it where it is configured, or where clients prove themselves so', async () => {
  const promises = async (options: Parameters<typeof start>[0]) => {
    const server = await start(options)
    const metadata = (await (await server.agent().get('/.well-known/oauth-authorization-server')).json()) as object
    return (metadata as Record<string, unknown>).tls_client_certificate_bound_access_tokens
  }
  assert.equal(await promises({ certificateBoundTokens: true }), true)
  assert.equal(await promises({ mutualTls: true }), true)
  assert.equal(await promises({ mutualTls: true, certificateBoundTokens: false }), undefined)
  assert.equal(await promises({}), undefined)
})
