import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { request } from 'node:https'
import { test } from 'node:test'
import { type TestCertificate, testCertificate } from '../../../cardea/test-support/test-certificate.ts'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const secrets = { CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa' }
const http = { ...secrets, CARDEA_ISSUER: 'http://localhost:8000' }
const now = 1_800_000_000
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwks = { keys: [pair.publicKey.export({ format: 'jwk' })] }

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = (id: string, jti: string) => part({ iss: id, sub: id, aud: 'http://localhost:8000', exp: now + 60, jti })

function byKey(id: string, jti: string): string {
  const input = `${part({ alg: 'ES256', typ: 'JWT' })}.${claims(id, jti)}`
  const signature = sign('sha256', Buffer.from(input), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

function bySecret(id: string, jti: string, secret: string): string {
  const input = `${part({ alg: 'HS256', typ: 'JWT' })}.${claims(id, jti)}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

const ask = (url: string, client_assertion: string): Promise<Response> =>
  fetch(`${url}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion,
    }),
  })

test('RFC 7523 §2.2: clients that sign are registered by command line, and let in by the running server', async () => {
  const cli = new InProcessWorld()
  cli.write('keys.json', jwks)
  const create = (line: string) => cli.run(`client create ${line} --grant client_credentials --json`, { env: http })
  const keyed = (await create('keyed --auth private_key_jwt --jwks keys.json --auth-alg ES256')).json<object>()
  assert.ok(!('client_secret' in keyed) && 'has_secret' in keyed && keyed.has_secret === false)
  const made = (await create('shared --auth client_secret_jwt')).json<{
    client_secret: string
    sealed_secret?: string
  }>()
  assert.equal(made.sealed_secret, undefined)
  const server = await cli.serve('serve --port 0', { env: http })
  try {
    assert.equal((await ask(server.url, byKey('keyed', '1'))).status, 200)
    assert.equal((await ask(server.url, byKey('keyed', '1'))).status, 401)
    assert.equal((await ask(server.url, bySecret('shared', '1', made.client_secret))).status, 200)
    const rotated = await cli.run('client update shared --rotate-secret --json', { env: http })
    const { client_secret } = rotated.json<{ client_secret: string }>()
    assert.equal((await ask(server.url, bySecret('shared', '2', made.client_secret))).status, 401)
    assert.equal((await ask(server.url, bySecret('shared', '3', client_secret))).status, 200)
    assert.doesNotMatch(server.log(), new RegExp(client_secret))
  } finally {
    server.signal('SIGTERM')
    await server.done
  }
})

const mistakes: readonly (readonly [line: string, pattern: RegExp])[] = [
  ['a --auth private_key_jwt', /token_endpoint_auth_method: private_key_jwt needs jwks or jwks_uri/],
  ['a --auth private_key_jwt --jwks gone.json', /--jwks: got "gone\.json", which cannot be read/],
  [
    'a --auth private_key_jwt --jwks-uri https://a.example/k --secret x',
    /proves itself by private_key_jwt has no secret/,
  ],
  ['a --auth client_secret_jwt --secret short', /client_secret_jwt needs at least 32 bytes/],
  ['a --auth tls_client_auth', /tls_client_auth needs exactly one of/],
  ['a --auth tls_client_auth --tls-subject nonsense', /tls_client_auth_subject_dn: must be a distinguished name/],
  ['a --auth nothing', /token_endpoint_auth_method: got "nothing"/],
]
for (const [line, pattern] of mistakes) {
  test(`RFC 7591 §2: \`client create ${line}\` is refused`, async () => {
    const { code, err } = await new InProcessWorld().run(`client create ${line} --grant client_credentials`, {
      env: http,
    })
    assert.equal(code, 2)
    assert.match(err, pattern)
  })
}

test('RFC 7523 §2.2: a declared client_secret_jwt client is brought up to date once', async () => {
  const cli = new InProcessWorld()
  const row = { client_id: 'a', token_endpoint_auth_method: 'client_secret_jwt', grant_types: ['client_credentials'] }
  const load = async (secret: string) => {
    cli.write('rows.json', { clients: [{ ...row, client_secret: secret }] })
    return (await cli.run('load rows.json --json', { env: http })).out
  }
  assert.match(await load('s'.repeat(32)), /created/)
  assert.match(await load('s'.repeat(32)), /unchanged/)
  assert.match(await load('t'.repeat(32)), /client_secret/)
})

const authority = testCertificate({ subject: [{ CN: 'Clients' }], ca: true })
const own = testCertificate({ subject: [{ CN: 'localhost' }], san: { dns: ['localhost'] } })

function askOverTls(port: string, clientId: string, shown: TestCertificate | undefined): Promise<number | undefined> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) }
  const credentials = shown === undefined ? {} : { cert: shown.pem, key: shown.privateKeyPem }
  const at = {
    host: '127.0.0.1',
    port,
    path: '/token',
    method: 'POST',
    servername: 'localhost',
    ca: own.pem,
    agent: false,
  }
  return new Promise((resolve, reject) => {
    const asked = request({ ...at, headers, ...credentials }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

test('RFC 8705 §2: the server’s own TLS asks for certificates, and lets in whom they name', async () => {
  const cli = new InProcessWorld()
  cli.write('cert.pem', own.pem)
  cli.write('key.pem', own.privateKeyPem)
  cli.write('ca.pem', authority.pem)
  const env = {
    ...secrets,
    CARDEA_ISSUER: 'https://localhost',
    CARDEA_TLS_CERT_FILE: 'cert.pem',
    CARDEA_TLS_KEY_FILE: 'key.pem',
    CARDEA_MUTUAL_TLS_AUTHORITIES_FILE: 'ca.pem',
  }
  const self = testCertificate()
  const { d: _, ...jwk } = self.privateKey.export({ format: 'jwk' })
  cli.write('self.json', { keys: [jwk] })
  const create = (line: string) => cli.run(`client create ${line} --grant client_credentials`, { env })
  assert.equal((await create('shop --auth tls_client_auth --tls-subject CN=shop')).code, 0)
  assert.equal((await create('self --auth self_signed_tls_client_auth --jwks self.json')).code, 0)
  const server = await cli.serve('serve --port 0', { env })
  try {
    const port = server.addresses[0]?.split(':').at(-1) ?? ''
    const shop = testCertificate({ subject: [{ CN: 'shop' }], issuer: authority })
    assert.equal(await askOverTls(port, 'shop', shop), 200)
    assert.equal(await askOverTls(port, 'shop', testCertificate({ subject: [{ CN: 'shop' }] })), 401)
    assert.equal(await askOverTls(port, 'shop', undefined), 401)
    assert.equal(await askOverTls(port, 'self', self), 200)
    assert.equal(await askOverTls(port, 'self', shop), 401)
  } finally {
    server.signal('SIGTERM')
    await server.done
  }
})
