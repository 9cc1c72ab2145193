import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import {
  api,
  isActive,
  keySetOf,
  machine,
  ofAlice,
  requestWith,
  start,
  tokens,
} from '../../../test-support/jwt-resource.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import { keyringFrom } from '../../core/crypto/keyring.ts'
import { openedKey } from '../../core/keys/key-maker.ts'
import { resourceProtector } from '../../resource-protector.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { alice } from '../../testing/authorization-visit.ts'
import { acceptedAttacks } from '../../testing/jwt-attacks/index.ts'

const secret = 'the secret of the server, which is long'

test('T-JWT-1 to T-JWT-8, A2-JWTAT-05, A2-JWTAT-06, BEAT-13: the local guard refuses every forged token', async () => {
  const server = await start({ secrets: [secret] })
  const { access_token } = await tokens(server, machine)
  const [row] = (await server.store.signingKeys.all()).filter(({ state }) => state === 'active')
  assert.ok(row)
  const key = await openedKey({ keyring: keyringFrom([secret]) } as Parameters<typeof openedKey>[0], row)
  const claims = decodeJwt(access_token) as Record<string, string>
  const guard = server.provider.protect()
  const required = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti']
  const accepted = await acceptedAttacks(
    { key, typ: 'at+jwt', claims, required },
    server.clock.now(),
    async (token) => {
      const result = await guard(requestWith(token))
      return 'token' in result
    },
  )
  assert.deepEqual(accepted, [])
})

test('T-JWT-4: a token that we signed and did not store, or stored otherwise, is not active', async () => {
  const server = await start()
  const { access_token } = await tokens(server, machine)
  const claims = decodeJwt(access_token)
  const resigned = (changes: object) =>
    server.provider.engine.keys.sign({ typ: 'at+jwt', claims: { ...claims, ...changes } as never })
  assert.equal(await isActive(server, await resigned({})), true)
  for (const changes of [{ jti: 'another' }, { scope: 'read write' }, { sub: 'u-alice' }, { cnf: { jkt: 'x' } }])
    assert.equal(await isActive(server, await resigned(changes)), false)
})

test('T-JWT-1: a JWT that we did not sign costs no look at the tokens', async () => {
  const whole = memoryStore()
  let reads = 0
  const tokensOf = {
    ...whole.tokens,
    findAccess: (digest: Parameters<typeof whole.tokens.findAccess>[0]) => {
      reads += 1
      return whole.tokens.findAccess(digest)
    },
  }
  const server = await start({ store: { ...whole, tokens: tokensOf } })
  const { access_token } = await tokens(server, machine)
  const stranger = await generateSigningKey('ES256')
  const [head = '', body = ''] = access_token.split('.')
  const forged = [
    `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`,
    `${Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: stranger.kid })).toString('base64url')}.${body}.AA`,
    'eyJ.eyJ.x',
  ]
  for (const token of forged) assert.equal(await isActive(server, token), false)
  assert.equal(reads, 0)
  assert.equal(await isActive(server, access_token), true)
  assert.equal(reads, 1)
})

test('RFC 9068 §4: another service verifies the tokens without asking, by the published keys', async () => {
  const server = await start()
  const { access_token } = await ofAlice(server)
  const guard = resourceProtector({
    jwt: {
      issuer: 'https://auth.example',
      audience: api,
      jwks: (await server.provider.engine.keys.published()) as { keys: object[] },
      clock: server.clock,
    },
  }).protect('read')
  const result = await guard(requestWith(access_token))
  assert.ok('token' in result)
  assert.deepEqual([result.token.userId, result.token.clientId], [alice.id, 'app'])
})

test('T-KEY-1, A2-META-09, RFC 9068 §4: tokens from before a rotation stay valid, new ones have the new key, and no restart', async () => {
  const server = await start()
  const before = await tokens(server, machine)
  server.clock.advance(600)
  const [rotation] = await server.provider.rotateKeys()
  assert.equal(rotation?.rotated, true)
  const after = await tokens(server, machine)
  assert.equal(decodeProtectedHeader(after.access_token).kid, rotation?.kid)
  const keySet = keySetOf(server)
  for (const { access_token } of [before, after]) {
    await jwtVerify(access_token, keySet, { currentDate: new Date(server.clock.now() * 1000) })
    assert.equal(await isActive(server, access_token), true)
  }
})

test('A2-META-09: the key set may be kept for a while, read by any site, and has nothing private', async () => {
  const server = await start()
  const answer = await server.send(
    new Request('https://auth.example/jwks', { headers: { origin: 'https://spa.example' } }),
  )
  assert.equal(answer.headers.get('cache-control'), 'public, max-age=300')
  assert.equal(answer.headers.get('access-control-allow-origin'), '*')
  const { keys } = (await answer.json()) as { keys: Record<string, unknown>[] }
  assert.equal(keys.length, 2)
  for (const key of keys) assert.deepEqual(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
})

test('T-KEY-1, T-TOK-1: neither private keys nor JWTs stand in a row, an event or an answer besides their own', async () => {
  const server = await start({ secrets: [secret] })
  const { access_token } = await tokens(server, machine)
  await server.provider.rotateKeys({ immediately: true })
  await isActive(server, access_token)
  const rows = await server.store.signingKeys.all()
  const parts = { keyring: keyringFrom([secret]) } as Parameters<typeof openedKey>[0]
  const opened = await Promise.all(rows.map((row) => openedKey(parts, row)))
  const privateParts = opened.map(({ privateKey }) => String(privateKey.export({ format: 'jwk' }).d))
  const told = [
    rows,
    server.events,
    await server.store.tokens.listAccess({}, { limit: 9 }),
    await (await server.send(new Request(`${server.origin}/jwks`))).json(),
    await (await server.send(new Request(`${server.origin}/.well-known/oauth-authorization-server`))).json(),
  ]
  assert.equal(privateParts.length, 3)
  const text = JSON.stringify(told)
  for (const canary of [...privateParts, access_token, access_token.split('.')[2] ?? ''])
    assert.ok(!text.includes(canary))
})
