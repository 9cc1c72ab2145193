import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import {
  api,
  client,
  introspected,
  isActive,
  keySetOf,
  machine,
  ofAlice,
  requestWith,
  start,
  theApi,
  tokens,
} from '../../../test-support/jwt-resource.ts'
import type { TokenIssueChange } from '../../core/ports/hooks.ts'
import { alice } from '../../testing/authorization-visit.ts'

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

test('RFC 7662 §2.2, A2-JWTAT-09: a JWT access token without scope is described, without one', async () => {
  const server = await start({ scopes: [] })
  const said = await introspected(server, (await tokens(server, machine)).access_token)
  assert.deepEqual([said.active, said.client_id, 'scope' in said], [true, 'job', false])
})

test('RFC 7662 §2.2, A2-JWTAT-10: of JWTs of others, damaged ones and other texts no more is told than that', async () => {
  const server = await start()
  const other = await start()
  const { access_token: own } = await tokens(server, machine)
  const [header = '', payload = '', signature = ''] = own.split('.')
  const { access_token: foreign } = await tokens(other, machine)
  const damaged = Buffer.from(JSON.stringify({ ...decodeJwt(own), aud: 7, exp: 'never' })).toString('base64url')
  const texts = [
    ...[foreign, `${header}.${damaged}.${signature}`, `${header}.${payload}.`, `${header}.${payload}`, `${own}.x`],
    ...['eyJ.eyJ.eyJ', 'eyJhbGciOiJub25lIn0.e30.', `${header}..${signature}`, 'x', '.', '..'],
  ]
  for (const token of texts)
    for (const token_type_hint of ['access_token', 'refresh_token', 'bogus']) {
      const answer = await server.post('/introspect', { token, token_type_hint }, { client })
      assert.deepEqual([answer.status, await answer.json()], [200, { active: false }], token)
    }
  for (const token_type_hint of ['refresh_token', 'bogus']) {
    const answer = await server.post('/introspect', { token: own, token_type_hint }, { client })
    assert.equal((await answer.json()).active, true, 'A2-INTR-03: a hint hides no token')
  }
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

test('RFC 6750 §2.1: a token that would be too long for any header is refused, and nothing is issued', async () => {
  const server = await start({ hooks: { beforeIssueToken: () => ({ jwtClaims: { much: 'x'.repeat(9000) } }) } })
  const answer = await server.post('/token', machine, { client })
  assert.equal(answer.status, 400)
  assert.equal(((await answer.json()) as { error: string }).error, 'invalid_request')
  assert.deepEqual(await server.store.tokens.listAccess({}, { limit: 1 }), [])
})

test('RFC 7517 §5: keys of every algorithm that is known to be needed are published before the first signature', async () => {
  const server = await start({
    signedResponses: true,
    resources: [
      theApi,
      { identifier: 'https://fast.example', name: 'Fast', token_format: 'jwt', signing_alg: 'EdDSA' },
    ],
  })
  const published = async () =>
    ((await (await server.agent().get('/jwks')).json()) as { keys: { alg: string }[] }).keys.map(({ alg }) => alg)
  const before = await published()
  assert.deepEqual([...new Set(before)].sort(), ['ES256', 'EdDSA', 'RS256'])
  await tokens(server, { ...machine, resource: 'https://fast.example' })
  assert.deepEqual((await published()).sort(), before.sort())
})
