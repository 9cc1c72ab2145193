import assert from 'node:assert/strict'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { resourceProtector } from 'cardea'
import { protector } from 'cardea/express'
import { formsOf, UserAgent } from 'cardea/testing'
import express from 'express'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { type TestCertificate, testCertificate } from '../../packages/cardea/test-support/test-certificate.ts'
import { freePort } from '../../packages/server/src/demo/free-port.ts'
import { InProcessWorld } from '../../packages/server/test-support/in-process-world.ts'
import { localhostCertificate } from '../../packages/server/test-support/localhost-certificate.ts'
import { tlsFetch } from '../servers/tls-fetch.ts'

const authority = testCertificate({ subject: [{ CN: 'Banks' }], ca: true })
const issued = testCertificate({ subject: [{ O: 'Acme' }, { CN: 'bank-app' }], issuer: authority })
const selfSigned = testCertificate({ subject: [{ CN: 'anything' }] })
const stranger = testCertificate({ subject: [{ CN: 'thief' }] })
const { d: _, ...jwk } = selfSigned.privateKey.export({ format: 'jwk' })
const signing = await oauth.generateKeyPair('ES256')
const signingJwk = await crypto.subtle.exportKey('jwk', signing.publicKey)

const redirectUri = 'https://client.example/cb'
const usual = { redirect_uris: [redirectUri], grant_types: ['authorization_code', 'refresh_token'] }
const clients = [
  {
    client_id: 'issued',
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: 'CN=bank-app,O=Acme',
    ...usual,
  },
  {
    client_id: 'self',
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    jwks: { keys: [jwk] },
    ...usual,
  },
  { client_id: 'signing', token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [signingJwk] }, ...usual },
]
const jane = { username: 'jane', password: 'correct horse battery' }

interface Bank {
  readonly issuer: string
  readonly now: number
  readonly resource: string
}

/** The running server with TLS of its own, below a path, and an API on Express with TLS of its own. */
async function start(t: TestContext, senderConstraint: string): Promise<Bank> {
  const port = await freePort()
  const issuer = `https://localhost:${port}/bank`
  const api = express()
  const tls = { key: localhostCertificate.key, cert: localhostCertificate.cert }
  const listening = createServer({ ...tls, requestCert: true, rejectUnauthorized: false }, api)
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  t.after(() => listening.close())
  const resource = `https://localhost:${(listening.address() as AddressInfo).port}/accounts`
  const cli = new InProcessWorld()
  cli.write('cert.pem', localhostCertificate.cert)
  cli.write('key.pem', localhostCertificate.key)
  cli.write('authorities.pem', authority.pem)
  cli.write('cardea.config.json', {
    issuer,
    port,
    clients,
    preset: 'fapi2',
    tls: { certFile: 'cert.pem', keyFile: 'key.pem' },
    scopes: [{ name: 'read', is_default: true }],
    users: [jane],
    resources: [{ identifier: resource, token_format: 'jwt' }],
    senderConstraint,
    mutualTls: { authoritiesFile: 'authorities.pem', endpointOrigin: `https://127.0.0.1:${port}` },
  })
  const server = await cli.serve('serve', { env: { CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa' } })
  t.after(async () => {
    server.signal('SIGTERM')
    await server.done
  })
  const now = 1_800_000_000
  const jwks = (await (await tlsFetch()(`${issuer}/jwks`)).json()) as { keys: { kty: string }[] }
  const accepted = resourceProtector({ jwt: { issuer, audience: resource, jwks, clock: { now: () => now } } })
  api.get(
    '/accounts',
    protector(accepted).requireOAuth('read', ({ oauth: token }, response) => response.json(token)),
  )
  return { issuer, now, resource }
}

async function allowed(issuer: string, url: URL): Promise<URL> {
  const browser = new UserAgent(tlsFetch(), new URL(issuer).origin)
  const page = await browser.follow(await browser.get(url.href))
  const consent = await browser.follow(await browser.submit(page, { ...jane, action: 'sign_in' }))
  const form = formsOf(await consent.text()).find(({ fields }) => fields.some(([name]) => name === 'scope'))
  if (form === undefined) throw new Error('no consent page')
  const answer = await browser.post(form.action, [...form.fields, ['decision', 'allow']])
  return new URL(answer.headers.get('location') ?? '')
}

const statusAt = async (resource: string, token: string, shown?: TestCertificate): Promise<number> =>
  (await tlsFetch(shown)(resource, { headers: { authorization: `Bearer ${token}` } })).status

for (const [id, certificate] of [
  ['issued', issued],
  ['self', selfSigned],
  ['signing', selfSigned],
] as const) {
  test(`FAPI 2.0 §5.3.2.1, RFC 8705 §3: openid-client, ${id}: everything over mutual TLS, tokens bound to the certificate`, async (t) => {
    const { issuer, resource, now } = await start(t, 'certificate')
    const fetch = tlsFetch(certificate)
    const method = id === 'signing' ? client.PrivateKeyJwt(signing.privateKey) : client.TlsClientAuth()
    const about = { use_mtls_endpoint_aliases: true, [client.clockSkew]: now - Math.floor(Date.now() / 1000) }
    const config = await client.discovery(new URL(issuer), id, about, method, {
      algorithm: 'oauth2',
      [client.customFetch]: fetch as never,
    })
    assert.notEqual(config.serverMetadata().mtls_endpoint_aliases?.token_endpoint, undefined)
    assert.equal(config.serverMetadata().tls_client_certificate_bound_access_tokens, true)
    const [pkceCodeVerifier, expectedState] = [client.randomPKCECodeVerifier(), client.randomState()]
    const url = await client.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: redirectUri,
      scope: 'read',
      state: expectedState,
      resource,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    })
    const sentBack = await allowed(issuer, url)
    const tokens = await client.authorizationCodeGrant(config, sentBack, { pkceCodeVerifier, expectedState })
    assert.equal(tokens.token_type, 'bearer')
    assert.equal(await statusAt(resource, tokens.access_token, certificate), 200)
    assert.equal(await statusAt(resource, tokens.access_token, stranger), 401)
    assert.equal(await statusAt(resource, tokens.access_token), 401)
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    assert.equal(await statusAt(resource, refreshed.access_token, certificate), 200)
    const told = await client.tokenIntrospection(config, refreshed.access_token)
    assert.deepEqual(Object.keys(told.cnf ?? {}), ['x5t#S256'])
    await client.tokenRevocation(config, tokens.refresh_token ?? '')
  })
}

test('RFC 8705 §5, RFC 9449 §4.3: oauth4webapi: a client with a certificate proves a key, at the aliases', async (t) => {
  const { issuer, now } = await start(t, 'dpop')
  const options = { [oauth.customFetch]: tlsFetch(issued) as never }
  const found = await oauth.discoveryRequest(new URL(issuer), { algorithm: 'oauth2', ...options })
  const as = await oauth.processDiscoveryResponse(new URL(issuer), found)
  const skew = now - Math.floor(Date.now() / 1000)
  const app = { client_id: 'issued', use_mtls_endpoint_aliases: true, [oauth.clockSkew]: skew }
  const more = { ...options, DPoP: oauth.DPoP(app, await oauth.generateKeyPair('ES256')) }
  const verifier = oauth.generateRandomCodeVerifier()
  const params = new URLSearchParams({
    client_id: 'issued',
    redirect_uri: redirectUri,
    response_type: 'code',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  const auth = oauth.TlsClientAuth()
  const pushed = await oauth.pushedAuthorizationRequest(as, app, auth, params, more)
  const { request_uri } = await oauth.processPushedAuthorizationResponse(as, app, pushed)
  const url = new URL(`${as.authorization_endpoint}?${new URLSearchParams({ client_id: 'issued', request_uri })}`)
  const callback = oauth.validateAuthResponse(as, app, await allowed(issuer, url))
  const answer = await oauth.authorizationCodeGrantRequest(as, app, auth, callback, redirectUri, verifier, more)
  const tokens = await oauth.processAuthorizationCodeResponse(as, app, answer)
  assert.equal(tokens.token_type, 'dpop')
  const again = await oauth.refreshTokenGrantRequest(as, app, auth, tokens.refresh_token ?? '', more)
  assert.equal((await oauth.processRefreshTokenResponse(as, app, again)).token_type, 'dpop')
})
