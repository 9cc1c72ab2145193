import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { signJwt } from '../../../cardea/src/core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../../../cardea/src/core/crypto/jose/signing-key.ts'
import { testCertificate } from '../../../cardea/test-support/test-certificate.ts'
import { InProcessWorld } from '../../test-support/in-process-world.ts'
import { localhostCertificate } from '../../test-support/localhost-certificate.ts'
import { askOver, type Shown } from '../../test-support/tls-request.ts'

const env = { CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa' }
const issuer = 'https://id.example'
const { privateKey, publicJwk } = await generateSigningKey('ES256')
const own = testCertificate({ subject: [{ CN: 'bank' }] })

const fapi = {
  issuer,
  preset: 'fapi2',
  senderConstraint: 'certificate',
  scopes: [{ name: 'read', is_default: true }],
  clients: [
    {
      client_id: 'bank',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [publicJwk] },
      grant_types: ['client_credentials'],
    },
  ],
}

function world(config: object): InProcessWorld {
  const cli = new InProcessWorld()
  cli.write('cert.pem', localhostCertificate.cert)
  cli.write('key.pem', localhostCertificate.key)
  cli.write('cardea.config.json', config)
  return cli
}

/** What the clock of the world says until a test moves it. */
const now = 1_800_000_000

const assertion = (): string => {
  const claims = { iss: 'bank', sub: 'bank', aud: issuer, iat: now, exp: now + 60, jti: randomUUID() }
  return signJwt({ alg: 'ES256', privateKey }, { typ: 'client-authentication+jwt', claims })
}

test('FAPI 2.0 §5.3.2.1-5: serve: with certificates alone, a client shows one or has no token', async () => {
  const cli = world({ ...fapi, tls: { certFile: 'cert.pem', keyFile: 'key.pem' } })
  const server = await cli.serve('serve --port 0', { env })
  const port = Number(server.addresses[0]?.split(':').at(-1))
  const post = (path: string, more: Record<string, string>, shown?: Shown) => {
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    const client_assertion = assertion()
    return askOver(path, { tls: true, port, shown, form: { ...more, client_assertion, client_assertion_type } })
  }
  try {
    const bound = await post('/token', { grant_type: 'client_credentials' }, own)
    assert.equal(bound.status, 200)
    const told = await post('/introspect', { token: bound.body.access_token }, own)
    assert.deepEqual(Object.keys((told.body as { readonly cnf?: object }).cnf ?? {}), ['x5t#S256'])
    const bare = await post('/token', { grant_type: 'client_credentials' })
    assert.deepEqual([bare.status, bare.body.error], [400, 'invalid_request'])
  } finally {
    server.signal('SIGTERM')
    await server.done
  }
})

test('FAPI 2.0 §5.3.2.1-5: serve: does not start where every token needs a certificate and none would arrive', async () => {
  const { code, err } = await world({ ...fapi, issuer: 'http://localhost:21598' }).run('serve --port 0', { env })
  assert.equal(code, 2)
  assert.match(err, /senderConstraint: no certificate of a client would arrive; set CARDEA_TLS_CERT_FILE/)
})
