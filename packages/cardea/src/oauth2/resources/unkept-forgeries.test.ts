import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { client, isActive, machine, requestWith, tokens } from '../../../test-support/jwt-resource.ts'
import {
  bareToken,
  exchangeType,
  kept,
  signingKeyOf,
  startUnkept,
  theKept,
  workerSecret,
} from '../../../test-support/unkept-resource.ts'
import { acceptedAttacks, type HonestJwt } from '../../testing/jwt-attacks/index.ts'
import type { TestServer } from '../../testing/test-server.ts'

const required = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti']

async function honest(server: TestServer, by: readonly [string, string] = client): Promise<HonestJwt> {
  const claims = decodeJwt(await bareToken(server, by)) as HonestJwt['claims']
  return { key: await signingKeyOf(server), typ: 'at+jwt', claims, required }
}

const places: readonly (readonly [
  name: string,
  by: readonly [string, string],
  accepts: (server: TestServer, token: string) => Promise<boolean>,
])[] = [
  [
    'introspection',
    client,
    async (server, token) => {
      const answer = await server.post('/introspect', { token }, { client })
      return answer.status === 200 && (await answer.json()).active
    },
  ],
  ['the guard', client, async (server, token) => 'token' in (await server.provider.protect()(requestWith(token)))],
  [
    'token exchange',
    workerSecret,
    async (server, subject_token) => {
      const form = {
        grant_type: exchangeType,
        subject_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      }
      return (await server.post('/token', form, { client: workerSecret })).status === 200
    },
  ],
]

for (const [name, by, accepts] of places) {
  test(`T-JWT-1 to T-JWT-8, BEAT-13: ${name} refuses every forged token without a row, whoever signed it`, async () => {
    const server = await startUnkept({ limits: { client: { attempts: 1_000_000, window: 300 } } })
    const attacked = await honest(server, by)
    const accepted = await acceptedAttacks(attacked, server.clock.now(), (token) => accepts(server, token))
    assert.deepEqual(accepted, [])
  })
}

test('T-JWT-1: a token of another server with the same name is neither active nor revoked here', async () => {
  const [server, other] = [await startUnkept(), await startUnkept()]
  await bareToken(server)
  const token = await bareToken(other)
  assert.equal(await isActive(server, token), false)
  assert.equal((await server.post('/revoke', { token }, { client })).status, 200)
  assert.equal(server.events.filter(({ type }) => type === 'token_revoked').length, 0)
})

test('T-JWT-4: nothing that this server would not write is active, though it is signed by its key', async () => {
  const server = await startUnkept()
  const claims = decodeJwt(await bareToken(server))
  const resigned = (changes: object) =>
    server.provider.engine.keys.sign({ typ: 'at+jwt', claims: { ...claims, ...changes } as never })
  assert.equal(await isActive(server, await resigned({})), true)
  const random = 'A'.repeat(22)
  for (const changes of [
    { jti: random },
    { jti: `unkept.${random}` },
    { jti: `unkept.0.${random}A` },
    { jti: `unkept.-1.${random}` },
    { jti: `unkept.1e9.${random}` },
    { jti: `UNKEPT.0.${random}` },
    { jti: ` unkept.0.${random}` },
    { aud: 'https://auth.example' },
    { aud: kept },
    { aud: ['https://bare.example', kept] },
    { aud: ['https://bare.example'] },
    { aud: 'https://bare.example/' },
    { exp: (claims.iat ?? 0) + 86_401 },
    { client_id: 'nobody' },
    { client_id: ['job'] },
    { client_id: {} },
    { scope: '' },
    { scope: ['read'] },
    { scope: 1 },
    { nbf: claims.iat },
    { username: 'alice' },
    { active: true },
    { token_type: 'Bearer' },
  ]) {
    assert.equal(await isActive(server, await resigned(changes)), false, JSON.stringify(changes))
  }
})

test('T-TOK-4: a token whose row is gone stays gone, also where its resource keeps none any more', async () => {
  const server = await startUnkept()
  const { access_token } = await tokens(server, { ...machine, resource: kept })
  const job = await server.store.clients.find('job')
  assert.ok(job)
  await server.store.clients.delete('job')
  await server.store.clients.save(job)
  await server.store.resources.save({ ...theKept, keeps_tokens: false })
  assert.equal(await isActive(server, access_token), false)
})
