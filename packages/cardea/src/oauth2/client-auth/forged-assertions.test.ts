import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked } from '../../../test-support/pushing.ts'
import { secretSigner } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import type { PublicJwk } from '../../core/model/signing-key.ts'
import type { Store } from '../../core/ports/store.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { deviceGrantType } from '../../testing/device-flow.ts'
import { acceptedAttacks, acceptedReplays, type HonestJwt, weakKey } from '../../testing/jwt-attacks/index.ts'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'
import { clientSecrets } from './sealed-client-secret.ts'

const issuer = 'https://auth.example'
const serverSecret = 'p'.repeat(40)
/** Long enough for every HMAC, so that none fails for that. */
const sharedSecret = 's'.repeat(64)
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const grant_types = ['client_credentials', 'authorization_code', deviceGrantType]
const weak = weakKey()
const key = await generateSigningKey('ES256')
const rsa = await generateSigningKey('RS256')
/** It says nothing of an algorithm: what the client is registered for says it. */
const { alg: _alg, ...bareRsa } = rsa.publicJwk

const { client_id: _, ...request } = asked
const places: readonly (readonly [path: string, form: Readonly<Record<string, string>>])[] = [
  ['/token', { grant_type: 'client_credentials' }],
  ['/par', request],
  ['/introspect', { token: 'x' }],
  ['/revoke', { token: 'x' }],
  ['/device_authorization', {}],
]

async function start(store: Store): Promise<TestServer> {
  const server = await startTestServer({
    store,
    secrets: [serverSecret],
    pushedRequests: true,
    deviceGrant: true,
    limits: Object.fromEntries(['client', 'network'].map((name) => [name, { attempts: 1_000_000, window: 300 }])),
    clients: [
      {
        client_id: 'private_key_jwt',
        grant_types,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [key.publicJwk] },
      },
      {
        client_id: 'private_key_jwt with RSA',
        grant_types,
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'RS256',
        jwks: { keys: [bareRsa as PublicJwk] },
      },
      {
        client_id: 'client_secret_jwt',
        grant_types,
        token_endpoint_auth_method: 'client_secret_jwt',
        token_endpoint_auth_signing_alg: 'HS256',
        sealed_secret: clientSecrets([serverSecret]).seal('client_secret_jwt', sharedSecret),
      },
    ],
  })
  // No registration would take the key: it came by a door of the host's.
  const stored = await server.store.clients.find('private_key_jwt')
  assert.ok(stored)
  await server.store.clients.save({ ...stored, jwks: { keys: [key.publicJwk, weak.publicJwk] } })
  return server
}

const keys = {
  private_key_jwt: { key, weakKey: weak },
  'private_key_jwt with RSA': { key: rsa },
  client_secret_jwt: { key: secretSigner('HS256', sharedSecret) },
}
type Method = keyof typeof keys

const honestOf = (method: Method, now: number): HonestJwt => ({
  ...keys[method],
  typ: 'client-authentication+jwt',
  otherTypes: ['JWT', undefined],
  claims: { iss: method, sub: method, aud: issuer, exp: now + 60, iat: now, jti: 'j-1' },
  required: ['iss', 'sub', 'aud', 'exp', 'jti'],
})

for (const method of Object.keys(keys) as Method[]) {
  for (const [path, form] of places) {
    const acceptsAt = (server: TestServer) => async (client_assertion: string) => {
      const answer = await server.post(path, { ...form, client_assertion, client_assertion_type: assertionType })
      assert.ok(answer.status < 500, `${answer.status} for ${client_assertion.slice(0, 100)}`)
      return answer.status < 300
    }

    test(`T-JWT-1 to T-JWT-8, T-KEY-1: no forged assertion is ${method} at ${path}`, async () => {
      // So that a forged assertion that got in is not hidden by the jti it was forged with.
      const server = await start({ ...memoryStore(), replay: { claim: async () => 'first' } })
      const now = server.clock.now()
      assert.deepEqual(await acceptedAttacks(honestOf(method, now), now, acceptsAt(server)), [])
    })

    test(`T-JWT-5: an assertion is ${method} at ${path} once`, async () => {
      const server = await start(memoryStore())
      assert.deepEqual(await acceptedReplays(honestOf(method, server.clock.now()), acceptsAt(server)), [])
    })
  }
}
