import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dpopClient } from '../../../../test-support/dpop-client.ts'
import { fromIdp, introspect, key, now, start } from '../../../../test-support/exchanging.ts'
import type { JwtClaims } from '../../../core/crypto/jose/jwt-policy.ts'
import { signJwt } from '../../../core/crypto/jose/sign-jwt.ts'
import type { TestServer, TestServerOptions } from '../../../testing/test-server.ts'

const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const nobody = { sub: undefined as never }

const startBearer = (more: TestServerOptions = {}): Promise<TestServer> =>
  start(undefined, {
    jwtBearer: true,
    clients: [
      { client_id: 'web', secret: 's', grant_types: [grant_type], jwks: { keys: [key.publicJwk] } },
      { client_id: 'api', secret: 's', introspect_any: true },
    ],
    ...more,
  })

async function ask(server: TestServer, assertion: string) {
  const answer = await server.post('/token', { grant_type, assertion }, { client: ['web', 's'] })
  return (await answer.json()) as { readonly access_token: string; readonly error?: string }
}

const toldOf = async (server: TestServer, assertion: string) =>
  introspect(server, (await ask(server, assertion)).access_token)

test('RFC 7523 §3: an assertion without sub stands for nobody, and is refused', async () => {
  const server = await startBearer()
  assert.equal((await ask(server, fromIdp(nobody))).error, 'invalid_grant')
  const own = (claims: JwtClaims) =>
    signJwt(key, {
      typ: 'JWT',
      claims: { iss: 'web', aud: 'https://auth.example', exp: now + 60, jti: crypto.randomUUID(), ...claims },
    })
  assert.equal((await ask(server, own({}))).error, 'invalid_grant')
  const alone = await server.post('/token', { grant_type, assertion: own({}) })
  assert.deepEqual([alone.status, (await alone.json()).error], [401, 'invalid_client'])
  assert.equal((await ask(server, own({ sub: 'web' }))).error, undefined)
  const authenticateUser = () => 'u1'
  const trustedIssuers = [{ issuer: 'https://idp.example', jwks: { keys: [key.publicJwk] }, authenticateUser }]
  assert.equal((await ask(await startBearer({ trustedIssuers }), fromIdp(nobody))).error, 'invalid_grant')
})

test('RFC 8693 §4.1, §4.4: who acts for the user, and who may, goes on from an assertion into the token', async () => {
  const server = await startBearer()
  const act = { sub: 'agent', iss: 'https://idp.example', act: { sub: 'gateway', client_id: 'gw' } }
  const told = await toldOf(server, fromIdp({ act, may_act: { sub: 'service' } }))
  assert.deepEqual([told.sub, told.act, told.may_act], ['u1', act, { sub: 'service' }])
  assert.equal((await toldOf(server, fromIdp())).act, undefined)
})

test('RFC 8693 §4.1: actors that nobody understands, or too many of them, are refused, and nothing is used up', async () => {
  const server = await startBearer({ tokenExchange: { maxActors: 2 } })
  const jti = 'the same'
  const deep = { sub: 'a', act: { sub: 'b', act: { sub: 'c' } } }
  for (const claims of [{ act: 'agent' }, { act: {} }, { act: { sub: 7 } }, { act: null }, { may_act: ['x'] }]) {
    assert.equal((await ask(server, fromIdp({ ...claims, jti }))).error, 'invalid_grant', JSON.stringify(claims))
  }
  assert.equal((await ask(server, fromIdp({ act: deep, jti }))).error, 'invalid_request')
  assert.deepEqual((await toldOf(server, fromIdp({ act: deep.act, jti }))).act, deep.act)
})

test('RFC 7800 §3: an assertion that is bound to a key buys for whoever holds it, and is not used up by others', async () => {
  const server = await startBearer({ dpop: true })
  const holder = await dpopClient(server.clock)
  const thief = await dpopClient(server.clock)
  const assertion = fromIdp({ cnf: { jkt: holder.jkt } })
  const form = { grant_type, assertion }
  assert.equal((await ask(server, assertion)).error, 'invalid_grant')
  assert.equal((await thief.post(server, form, { client: ['web', 's'] })).status, 400)
  const answer = await holder.post(server, form, { client: ['web', 's'] })
  assert.equal((await answer.json()).token_type, 'DPoP')
  for (const cnf of [{ kid: 'k' }, {}, 'x', { jkt: 7 }])
    assert.equal((await ask(server, fromIdp({ cnf }))).error, 'invalid_grant', JSON.stringify(cnf))
})
