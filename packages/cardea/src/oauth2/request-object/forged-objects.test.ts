import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jweAttacks } from '../../../test-support/jwe-attacks.ts'
import { outgoingTo } from '../../../test-support/outgoing-answers.ts'
import { push } from '../../../test-support/pushing.ts'
import { claimsOf, encryptedTo, objectOf, shopKey, signer } from '../../../test-support/signed-requests.ts'
import type { JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { acceptedAttacks, acceptedReplays, type HonestJwt, weakKey } from '../../testing/jwt-attacks/index.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'
import type { RequestObjectsOptions } from './request-objects-options.ts'

const weak = weakKey()
const limits = { client: { attempts: 1_000_000, window: 300 } }

async function start(requestObjects: RequestObjectsOptions, more: TestServerOptions = {}): Promise<TestServer> {
  const server = await startTestServer({ clients: [signer], requestObjects, pushedRequests: true, limits, ...more })
  const stored = await server.store.clients.find('shop')
  assert.ok(stored)
  // No registration would take the key: it came by a door of the host's.
  await server.store.clients.save({ ...stored, jwks: { keys: [shopKey.publicJwk, weak.publicJwk] } })
  return server
}

function honestOf(server: TestServer): HonestJwt {
  const iat = server.clock.now()
  return {
    key: shopKey,
    weakKey: weak,
    typ: 'oauth-authz-req+jwt',
    otherTypes: ['JWT', undefined],
    claims: claimsOf(server, { jti: 'j-1', iat, nbf: iat }) as JwtClaims,
    required: ['iss', 'aud', 'exp', 'client_id'],
  }
}

async function isAsked(server: TestServer, query: Record<string, string>): Promise<boolean> {
  const answer = await server.agent().get(`/authorize?${new URLSearchParams({ client_id: 'shop', ...query })}`)
  assert.ok(answer.status < 500, String(answer.status))
  return answer.headers.get('location')?.startsWith('/interaction/') ?? false
}

async function isPushed(server: TestServer, request: string): Promise<boolean> {
  const answer = await push(server, { request })
  assert.ok(answer.status < 500, `${answer.status} for ${request.slice(0, 100)}`)
  return answer.status === 201
}

async function encryptionKeys(server: TestServer) {
  const { keys } = await (await server.agent().get('/jwks')).json()
  return (keys as { use: string; kty: string; alg: string; kid: string }[]).filter(({ use }) => use === 'enc')
}

test('T-JWT-1 to T-JWT-8, RFC 9126 §3: no forged object is pushed', async () => {
  const server = await start({ singleUse: false })
  const honest = honestOf(server)
  assert.deepEqual(await acceptedAttacks(honest, server.clock.now(), (object) => isPushed(server, object)), [])
})

test('T-JWT-1 to T-JWT-8, RFC 9101 §5.2: no forged object at an address of the client is taken', async () => {
  const remote = outgoingTo()
  // One for each: what was fetched is kept for a while.
  const request_uris = Array.from({ length: 600 }, (_, n) => `https://client.example/${n}.jwt`)
  const server = await start({ singleUse: false }, { outgoing: remote.options })
  const stored = await server.store.clients.find('shop')
  assert.ok(stored)
  await server.store.clients.save({ ...stored, request_uris })
  let next = 0
  const accepted = await acceptedAttacks(honestOf(server), server.clock.now(), (body) => {
    const request_uri = request_uris[next] ?? ''
    next += 1
    remote.answers.set(request_uri, { type: 'application/jwt', body })
    return isAsked(server, { request_uri })
  })
  assert.deepEqual(accepted, [])
})

test('T-JWT-1 to T-JWT-8, RFC 9101 §6.1: no forged object is taken for being encrypted', async () => {
  const server = await start({ singleUse: false, encryption: true })
  const [jwk] = await encryptionKeys(server)
  assert.ok(jwk)
  const accepted = await acceptedAttacks(honestOf(server), server.clock.now(), async (object) =>
    isPushed(server, await encryptedTo(jwk, object)),
  )
  assert.deepEqual(accepted, [])
})

test('T-JWT-7, SEC-06, SEC-10: no forged encryption is opened, and all are refused alike', async () => {
  const server = await start({ singleUse: false, encryption: true })
  const keys = await encryptionKeys(server)
  assert.equal(keys.length, 2)
  for (const jwk of keys) {
    assert.equal(await isPushed(server, await encryptedTo(jwk, objectOf(server))), true)
    for (const [title = '', object = ''] of await jweAttacks(jwk, objectOf(server), claimsOf(server))) {
      const answer = await push(server, { request: object })
      const { error, error_description } = await answer.json()
      assert.deepEqual([answer.status, error], [400, 'invalid_request_object'], `${jwk.alg}: ${title}`)
      assert.doesNotMatch(error_description, /decrypt|padding|tag|key|OAEP/i, title)
      assert.equal(await isAsked(server, { request: object.slice(0, 20_000) }), false, `${jwk.alg}: ${title}`)
    }
  }
})

test('T-JWT-5, RFC 9101 §10.2: an object counts once, by value and pushed', async () => {
  const atOnce = await start({ singleUse: true }, { store: memoryStore() })
  assert.deepEqual(await acceptedReplays(honestOf(atOnce), (request) => isAsked(atOnce, { request })), [])
  const pushing = await start({ singleUse: true })
  assert.deepEqual(await acceptedReplays(honestOf(pushing), (object) => isPushed(pushing, object)), [])
})
