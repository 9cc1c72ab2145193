import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { clientSecrets } from 'cardea'
import { startAuthorizationServer } from '../servers/authorization-server.ts'

const program = join(import.meta.dirname, 'programs', 'authlib_assertion_client.py')
const serverSecret = 'p'.repeat(40)
const secret = 's'.repeat(43)
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const clients = [
  {
    client_id: 'keyed',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [publicKey.export({ format: 'jwk' }) as { kty: string }] },
  },
  {
    client_id: 'shared',
    token_endpoint_auth_method: 'client_secret_jwt',
    sealed_secret: clientSecrets([serverSecret]).seal('shared', secret),
  },
]

const known = {
  private_key_jwt: ['keyed', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'RS256'],
  client_secret_jwt: ['shared', secret, 'HS256'],
} as const

async function scopeOf(t: TestContext, method: keyof typeof known, namesIssuer: boolean): Promise<string> {
  const compatibility = { tokenEndpointAsAudience: !namesIssuer }
  const server = await startAuthorizationServer(t, { clients, secrets: [serverSecret], compatibility })
  // This client has no clock of its own to set.
  server.clock.advance(Math.floor(Date.now() / 1000) - server.clock.now())
  const [id, key, alg] = known[method]
  const env = {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    OAUTH2_CLIENT_ID: id,
    OAUTH2_CLIENT_SECRET: key,
    OAUTH2_ALG: alg,
    OAUTH2_AUTH_METHOD: method,
    OAUTH2_TOKEN: `${server.issuer}/token`,
    ...(namesIssuer && { OAUTH2_AUDIENCE: server.issuer }),
  }
  // The distribution's interpreter: another one in PATH would not find its packages.
  const { stdout } = await promisify(execFile)('/usr/bin/python3', [program], { env, timeout: 60_000 })
  return stdout.trim()
}

for (const method of ['private_key_jwt', 'client_secret_jwt'] as const) {
  test(`RFC 7523 §2.2: the client of Authlib authenticates by ${method}, for the issuer`, async (t) => {
    assert.equal(await scopeOf(t, method, true), 'SCOPE read')
  })

  test(`RFC 7523 §3: the client of Authlib, as it is, names the token endpoint: taken by option (${method})`, async (t) => {
    assert.equal(await scopeOf(t, method, false), 'SCOPE read')
  })
}
