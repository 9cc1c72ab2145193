import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'
import { localhostCertificate } from '../../test-support/localhost-certificate.ts'

const env = { CARDEA_ISSUER: 'http://localhost:8000', CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa' }

const demoClient = { client_id: 'testclient', client_secret: 'testpassword', grant_types: ['client_credentials'] }

const refusals: [string, Record<string, string>, RegExp[]][] = [
  [
    'nothing is set',
    {},
    [
      /issuer: is not set; set CARDEA_ISSUER/,
      /secrets: are not set; set CARDEA_SECRETS .*openssl rand.*protects open forms, .*put a new one in front/,
    ],
  ],
  [
    'the secret is short',
    { ...env, CARDEA_SECRETS: 'short' },
    [/secrets\[0\] \(from CARDEA_SECRETS\): got a text of 5 characters; must be .* at least 32/],
  ],
  [
    'the issuer is http on a real host',
    { ...env, CARDEA_ISSUER: 'http://id.example.com' },
    [/issuer.*must be https: http is possible on loopback only/],
  ],
  [
    'an https issuer has neither TLS nor a proxy',
    { ...env, CARDEA_ISSUER: 'https://id.example.com' },
    [/issuer: .* needs TLS; set CARDEA_TLS_CERT_FILE and CARDEA_TLS_KEY_FILE, or CARDEA_TRUSTED_PROXIES/],
  ],
  [
    'the key is missing',
    { ...env, CARDEA_ISSUER: 'https://id.example.com', CARDEA_TLS_CERT_FILE: 'cert.pem' },
    [/tls\.keyFile: is not set, but tls\.certFile is; set CARDEA_TLS_KEY_FILE/],
  ],
  [
    'the TLS files cannot be read',
    {
      ...env,
      CARDEA_ISSUER: 'https://id.example.com',
      CARDEA_TLS_CERT_FILE: 'gone.pem',
      CARDEA_TLS_KEY_FILE: 'cert.pem',
    },
    [
      /tls\.certFile: got "gone\.pem", which cannot be read \(ENOENT\)/,
      /tls\.keyFile: got "cert\.pem", which is not a PEM file of that kind/,
    ],
  ],
  [
    'the key belongs to another certificate',
    {
      ...env,
      CARDEA_ISSUER: 'https://id.example.com',
      CARDEA_TLS_CERT_FILE: 'cert.pem',
      CARDEA_TLS_KEY_FILE: 'other.pem',
    },
    [/tls\.keyFile: is not the key of the certificate/],
  ],
  [
    'TLS is set for an http issuer',
    { ...env, CARDEA_TLS_CERT_FILE: 'cert.pem', CARDEA_TLS_KEY_FILE: 'key.pem' },
    [/issuer: got "http:\/\/localhost:8000", but tls is set/],
  ],
  [
    'a proxy is no address',
    { ...env, CARDEA_TRUSTED_PROXIES: 'loopback,proxy.example' },
    [/trustedProxies: got "proxy\.example"; must be an address, a range/],
  ],
  [
    'the demonstration client is declared',
    { ...env, CARDEA_CLIENTS: JSON.stringify([demoClient]) },
    [/clients\[0\]: the demonstration's client testclient is known to everybody/],
  ],
  [
    'the demonstration user is declared',
    { ...env, CARDEA_USERS: '[{"username":"John@Doe.com","password":"testpassword"}]' },
    [/users\[0\]: the demonstration's user john@doe\.com is known to everybody/],
  ],
  [
    'the demonstration client of OAuth 1 is declared',
    {
      ...env,
      CARDEA_CLIENTS: '[{"client_id":"testoauth1","oauth1":{"secret":"testsecret","callbacks":["oob"]}}]',
    },
    [/clients\[0\]: the demonstration's client testoauth1 is known to everybody; give it another oauth1\.secret/],
  ],
  [
    'OAuth 1 is to accept requests without TLS beyond loopback',
    { ...env, CARDEA_HOST: '0.0.0.0', CARDEA_OAUTH1_ALLOW_INSECURE_TRANSPORT: 'true' },
    [/oauth1\.allowInsecureTransport: got true, which is for development on loopback only; remove it/],
  ],
  [
    'OAuth 1 is to accept requests without TLS under a real name',
    {
      ...env,
      CARDEA_ISSUER: 'https://id.example.com',
      CARDEA_TRUSTED_PROXIES: 'loopback',
      CARDEA_OAUTH1_ALLOW_INSECURE_TRANSPORT: 'true',
    },
    [/oauth1\.allowInsecureTransport: got true/],
  ],
  [
    'an origin of OAuth 1 is none',
    { ...env, CARDEA_OAUTH1_ORIGINS: 'api.example.com' },
    [/oauth1\.origins: "api\.example\.com" is no http\(s\) origin/],
  ],
  [
    'certificates are taken from a header without a name',
    { ...env, CARDEA_MUTUAL_TLS_PROXY_HEADER: 'Client Cert', CARDEA_TRUSTED_PROXIES: 'loopback' },
    [/mutualTls\.proxyHeader: got "Client Cert"; must be the name of a header such as Client-Cert/],
  ],
  [
    'certificates are taken where none arrives',
    { ...env, CARDEA_MUTUAL_TLS_ENABLED: 'true' },
    [/mutualTls: no certificate of a client would arrive; set CARDEA_TLS_CERT_FILE/],
  ],
  [
    'tokens are bound to certificates where none arrives',
    { ...env, CARDEA_PRESET: 'fapi2', CARDEA_SENDER_CONSTRAINT: 'certificate' },
    [/senderConstraint: no certificate of a client would arrive; set CARDEA_TLS_CERT_FILE/],
  ],
  [
    'the origin for certificates has no TLS',
    {
      ...env,
      CARDEA_MUTUAL_TLS_PROXY_HEADER: 'Client-Cert',
      CARDEA_TRUSTED_PROXIES: 'loopback',
      CARDEA_MUTUAL_TLS_ENDPOINT_ORIGIN: 'http://mtls.example',
    },
    [/mutualTls\.endpointOrigin: must be an https origin such as/],
  ],
  [
    'a declared row is wrong',
    { ...env, CARDEA_CLIENTS: '[{"client_id":"x"}]' },
    [/clients\[0\]: needs a client_secret/],
  ],
  [
    'a declared password is short',
    { ...env, CARDEA_USERS: '[{"username":"x","password":"short"}]' },
    [/users\[0\]\.password: has 5 characters/],
  ],
]

const otherKey = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`

for (const [what, variables, patterns] of refusals) {
  test(`serve: refuses to start when ${what}, and says what to set`, async () => {
    const cli = new InProcessWorld()
    cli.write('cert.pem', localhostCertificate.cert)
    cli.write('key.pem', localhostCertificate.key)
    cli.write('other.pem', otherKey)
    const { code, out, err } = await cli.run('serve --port 0', { env: variables })
    assert.equal(code, 2, err)
    assert.equal(out, '')
    assert.equal(err.trim().split('\n').length, patterns.length, err)
    for (const pattern of patterns) assert.match(err, pattern)
    assert.doesNotMatch(err, /testpassword|short"|\n {4}at /)
  })
}

test('serve: refuses a database that accepts the demonstration credentials, until they are changed', async () => {
  const cli = new InProcessWorld()
  const options = { stdin: 'testpassword\n' }
  await cli.run('client create testclient --grant client_credentials --secret-stdin', options)
  await cli.run('user create john@doe.com --password-stdin', options)
  const sharedSecret = { env: { ...env, CARDEA_OAUTH1_SECRET: 'testsecret' } }
  await cli.run('client create testoauth1 --oauth1 --callback oob', sharedSecret)
  const refused = await cli.run('serve --port 0', { env })
  assert.equal(refused.code, 2)
  assert.match(
    refused.err,
    /database: holds the demonstration's client testclient.*client update testclient --rotate-secret/,
  )
  assert.match(
    refused.err,
    /database: holds the demonstration's user john@doe\.com.*user update john@doe\.com --set-password/,
  )
  assert.match(
    refused.err,
    /database: holds the demonstration's client testoauth1.*client update testoauth1 --rotate-oauth1-secret/,
  )
  await cli.run('client update testclient --rotate-secret')
  await cli.run('client update testoauth1 --rotate-oauth1-secret', { env })
  await cli.run('user update john@doe.com --password-stdin', { stdin: 'another password\n' })
  const server = await cli.serve('serve --port 0', { env })
  server.signal('SIGTERM')
  assert.equal((await server.done).code, 0)
})

test('serve: on loopback OAuth 1 may accept requests without TLS', async () => {
  const cli = new InProcessWorld()
  const variables = { ...env, CARDEA_OAUTH1_ALLOW_INSECURE_TRANSPORT: 'true' }
  const server = await cli.serve('serve --port 0', { env: variables })
  server.signal('SIGTERM')
  assert.equal((await server.done).code, 0)
})
