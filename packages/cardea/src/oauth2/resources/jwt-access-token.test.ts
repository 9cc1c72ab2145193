import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { signingKeyFrom } from '../../core/crypto/jose/signing-key.ts'
import { keyringFrom } from '../../core/crypto/keyring.ts'
import { openedKey } from '../../core/keys/key-maker.ts'
import type { Resource } from '../../core/model/resource.ts'
import type { TokenIssueChange } from '../../core/ports/hooks.ts'
import { resourceProtector } from '../../resource-protector.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { alice } from '../../testing/authorization-visit.ts'
import { codeFor, pkcePair } from '../../testing/code-flow.ts'
import { acceptedAttacks } from '../../testing/jwt-attacks/index.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'

const api = 'https://api.example'
const theApi: Resource = { identifier: api, name: 'The API', token_format: 'jwt' }
const apis = [theApi]
const job = { client_id: 'job', secret: 'a secret', introspect_any: true }
const client = ['job', 'a secret'] as const
const app = { client_id: 'app', grant_types: ['authorization_code', 'refresh_token'] }

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients: [job, app], users: [alice], resources: apis, ...options })

interface Tokens {
  readonly access_token: string
  readonly expires_in: number
  readonly refresh_token: string
  readonly scope: string
}

async function tokens(server: TestServer, form: Record<string, string> | string, by: typeof client | null = client) {
  const answer = await server.post('/token', form, by === null ? {} : { client: by })
  assert.equal(answer.status, 200, await answer.clone().text())
  return (await answer.json()) as Tokens
}

const machine = { grant_type: 'client_credentials', resource: api }

async function ofAlice(server: TestServer): Promise<Tokens> {
  const code = await codeFor(server, alice, { client_id: 'app', resource: api, scope: 'read' })
  const form = { grant_type: 'authorization_code', code, client_id: 'app', code_verifier: pkcePair.verifier }
  return tokens(server, form, null)
}

const keySetOf = (server: TestServer) =>
  createRemoteJWKSet(new URL('https://auth.example/jwks'), {
    [customFetch]: (url, init) => server.send(new Request(url, init as RequestInit)),
  })

async function introspected(server: TestServer, token: string): Promise<Record<string, unknown>> {
  const answer = await server.post('/introspect', { token }, { client })
  assert.equal(answer.status, 200)
  return (await answer.json()) as Record<string, unknown>
}

const isActive = async (server: TestServer, token: string) => (await introspected(server, token)).active

const requestWith = (token: string) => ({
  method: 'GET',
  target: '/',
  path: '/',
  query: '',
  header: (name: string) => (name === 'authorization' ? `Bearer ${token}` : undefined),
  text: async () => '',
  secure: true,
  remoteAddress: undefined,
})

test('RFC 9068 §2.1, A2-JWTAT-01: the header is at+jwt with algorithm and kid, and the published keys verify', async () => {
  const server = await start()
  const { access_token } = await tokens(server, machine)
  const { alg, kid, typ } = decodeProtectedHeader(access_token)
  assert.deepEqual([alg, typ, typeof kid], ['ES256', 'at+jwt', 'string'])
  await jwtVerify(access_token, keySetOf(server), {
    issuer: 'https://auth.example',
    audience: api,
    typ: 'at+jwt',
    currentDate: new Date(server.clock.now() * 1000),
  })
})

test('RFC 9068 §2.2, A2-JWTAT-02: a machine token has the client as subject, and no claim that is empty', async () => {
  const server = await start({ scopes: [] })
  const { jti, ...claims } = decodeJwt((await tokens(server, machine)).access_token)
  const now = server.clock.now()
  assert.match(String(jti), /^[\w-]{22}$/)
  assert.deepEqual(claims, {
    iss: 'https://auth.example',
    aud: api,
    sub: 'job',
    client_id: 'job',
    iat: now,
    exp: now + 3600,
  })
})

test('RFC 9068 §2.2.1, A2-JWTAT-02: the token of a user has their id, scope and sign-in time', async () => {
  const server = await start()
  const at = server.clock.now()
  const first = await ofAlice(server)
  const { sub, scope, client_id, auth_time, jti } = decodeJwt(first.access_token)
  assert.deepEqual(
    { sub, scope, client_id, auth_time },
    { sub: alice.id, scope: 'read', client_id: 'app', auth_time: at },
  )
  server.clock.advance(100)
  const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token, client_id: 'app' }
  const next = decodeJwt((await tokens(server, form, null)).access_token)
  assert.deepEqual([next.auth_time, next.aud, next.iat], [at, api, at + 100])
  assert.notEqual(next.jti, jti)
})

test('RFC 9068 §3, A2-JWTAT-03: without a resource the audience is the default one, or the issuer', async () => {
  for (const [defaultResource, audience] of [
    [undefined, 'https://auth.example'],
    ['https://other.example', 'https://other.example'],
  ] as const) {
    const server = await start({
      accessTokenFormat: 'jwt',
      ...(defaultResource !== undefined && { defaultResource }),
    })
    const { access_token } = await tokens(server, { grant_type: 'client_credentials' })
    assert.equal(decodeJwt(access_token).aud, audience)
    assert.equal((await introspected(server, access_token)).aud, audience)
  }
})

test('RFC 9068 §2: access tokens are opaque unless a resource or the server says otherwise', async () => {
  const server = await start()
  const { access_token } = await tokens(server, { grant_type: 'client_credentials' })
  assert.match(access_token, /^cat_/)
  assert.deepEqual(await server.store.signingKeys.all(), [])
})

for (const algorithm of ['ES256', 'EdDSA', 'RS256', 'PS256'] as const) {
  test(`RFC 9068 §2.1: a resource may have its tokens signed with ${algorithm}`, async () => {
    const server = await start({ resources: [{ ...theApi, signing_alg: algorithm }] })
    const { access_token } = await tokens(server, machine)
    const { protectedHeader } = await jwtVerify(access_token, keySetOf(server), {
      currentDate: new Date(server.clock.now() * 1000),
    })
    assert.equal(protectedHeader.alg, algorithm)
    assert.equal(await isActive(server, access_token), true)
  })
}

test('RFC 9068 §2.2: a token for ever still ends within a day, and a resource may say sooner', async () => {
  for (const [access_token_lifetime, seconds] of [
    [undefined, 86_400],
    [300, 300],
  ] as const) {
    const resource = { ...theApi, ...(access_token_lifetime !== undefined && { access_token_lifetime }) }
    const server = await start({ lifetimes: { accessToken: 0 }, resources: [resource] })
    const { access_token, expires_in } = await tokens(server, machine)
    const { exp = 0, iat = 0 } = decodeJwt(access_token)
    assert.deepEqual([expires_in, exp - iat], [seconds, seconds])
  }
})

test('RFC 7662 §2.2, A2-JWTAT-09: introspection knows a JWT access token and its claims', async () => {
  const server = await start()
  const { access_token } = await ofAlice(server)
  const { iss, aud, exp, iat, jti, sub, client_id, scope, auth_time } = decodeJwt(access_token)
  assert.deepEqual(await introspected(server, access_token), {
    ...{ iss, aud, exp, iat, jti, sub, client_id, scope, auth_time },
    active: true,
    token_type: 'Bearer',
    username: alice.username,
  })
})

test('RFC 7009 §2.1, A2-JWTAT-11: a revoked JWT access token is not active any more', async () => {
  const server = await start()
  const { access_token } = await tokens(server, machine)
  const [one, other] = [await tokens(server, machine), await tokens(server, machine)]
  assert.equal((await server.post('/revoke', { token: access_token }, { client })).status, 200)
  assert.equal(await isActive(server, access_token), false)
  assert.deepEqual([await isActive(server, one.access_token), await isActive(server, other.access_token)], [true, true])
})

test('RFC 9700 §4.14.2, A2-JWTAT-11: with its family a JWT access token ends', async () => {
  const server = await start()
  const first = await ofAlice(server)
  const revoked = await server.post('/revoke', { token: first.refresh_token, client_id: 'app' })
  assert.equal(revoked.status, 200)
  assert.equal(await isActive(server, first.access_token), false)
})

test('A2-JWTAT-10: a disabled client and a deleted user have no active JWT access tokens', async () => {
  const server = await start()
  const { access_token } = await ofAlice(server)
  await server.store.users.delete(alice.id)
  assert.equal(await isActive(server, access_token), false)
  const machines = await tokens(server, machine)
  const job = await server.store.clients.find('job')
  assert.ok(job)
  await server.store.clients.save({ ...job, disabled: true })
  const guarded = await server.provider.protect()(requestWith(machines.access_token))
  assert.ok('refused' in guarded)
})

test('A2-JWTAT-10: an expired JWT access token is not active', async () => {
  const server = await start()
  const { access_token } = await tokens(server, machine)
  server.clock.advance(3599)
  assert.equal(await isActive(server, access_token), true)
  server.clock.advance(1)
  assert.equal(await isActive(server, access_token), false)
})

test('RFC 9068 §5: the jti, which anybody may have seen, is no token', async () => {
  const server = await start({ tokenGenerators: { default: () => undefined } })
  const { access_token } = await tokens(server, machine)
  const { jti } = decodeJwt(access_token)
  assert.equal(await isActive(server, String(jti)), false)
})

test('A2-JWTAT-04: a hook adds claims, which guard and introspection show', async () => {
  const change: TokenIssueChange = { jwtClaims: { roles: ['admin'], tenant: 't1' } }
  const server = await start({ hooks: { beforeIssueToken: ({ format }) => (format === 'jwt' ? change : undefined) } })
  const { access_token } = await tokens(server, machine)
  const { roles, tenant } = decodeJwt(access_token)
  assert.deepEqual({ roles, tenant }, change.jwtClaims)
  const guarded = await server.provider.protect()(requestWith(access_token))
  assert.ok('token' in guarded)
  assert.equal(guarded.token.claims?.tenant, 't1')
  assert.equal((await introspected(server, access_token)).tenant, 't1')
})

for (const name of ['iss', 'sub', 'aud', 'exp', 'jti', 'scope', 'client_id', 'cnf', 'act']) {
  test(`A2-JWTAT-04: a hook cannot replace the claim ${name}`, async () => {
    const server = await start({ hooks: { beforeIssueToken: () => ({ jwtClaims: { [name]: 'x' } }) } })
    assert.equal((await server.post('/token', machine, { client })).status, 500)
    assert.deepEqual(await server.store.tokens.listAccess({}, { limit: 1 }), [])
  })
}

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
  const stranger = await signingKeyFrom(
    (await import('node:crypto'))
      .generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ format: 'jwk' }),
    'ES256',
  )
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

test('T-KEY-1, RFC 9068 §4: tokens from before a rotation stay valid, new ones have the new key, and no restart', async () => {
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
