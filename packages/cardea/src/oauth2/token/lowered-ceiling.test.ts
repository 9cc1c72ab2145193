import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeFor, pkcePair } from '../../testing/code-flow.ts'
import { clientFrom, startTestServer } from '../../testing/index.ts'

const job = ['job', 'secret'] as const
const profile = 'django-oauth2-server'

async function start() {
  const registration = { client_id: 'job', secret: 'secret', scope: 'read write' }
  const server = await startTestServer({ profile, clients: [registration] })
  const form = { grant_type: 'client_credentials', scope: 'read write' }
  const { refresh_token } = (await (await server.post('/token', form, { client: job })).json()) as {
    refresh_token: string
  }
  const lower = async (scope: string): Promise<void> =>
    server.store.clients.save(await clientFrom({ ...registration, scope }))
  const refresh = () => server.post('/token', { grant_type: 'refresh_token', refresh_token }, { client: job })
  return { lower, refresh }
}

test('RFC 6749 §6: scope that was taken from the client is not renewed', async () => {
  const { lower, refresh } = await start()
  await lower('read')
  const answer = (await (await refresh()).json()) as { scope: string }
  assert.equal(answer.scope, 'read')
})

test('RFC 6749 §6: a refresh of which no scope is left is refused, and spends nothing', async () => {
  const { lower, refresh } = await start()
  await lower('other')
  const refused = await refresh()
  assert.equal(refused.status, 400)
  assert.equal(((await refused.json()) as { error: string }).error, 'invalid_scope')
  await lower('read write')
  assert.equal((await refresh()).status, 200)
})

const user = { id: 'u1', username: 'ada', password: 'correct horse' }
const shop = { client_id: 'shop', secret: 'secret' } as const

async function withCode() {
  const server = await startTestServer({ clients: [shop], users: [user] })
  const code = await codeFor(server, user, { client_id: 'shop', scope: 'read write' })
  const form = { grant_type: 'authorization_code', code, code_verifier: pkcePair.verifier }
  const redeem = async () => {
    const answer = await server.post('/token', form, { client: ['shop', 'secret'] })
    const body = (await answer.json()) as Partial<Record<'scope' | 'refresh_token' | 'access_token' | 'error', string>>
    return { status: answer.status, ...body }
  }
  const lower = async (scope: string) => server.store.clients.save(await clientFrom({ ...shop, scope }))
  return { server, redeem, lower }
}

test('RFC 6749 §4.1.3, A2-CODE-12: what was taken from the client after the consent is not in the token, nor in its refresh', async () => {
  const { server, redeem, lower } = await withCode()
  await lower('read')
  const { status, scope, refresh_token = '' } = await redeem()
  assert.deepEqual([status, scope], [200, 'read'])
  const refresh = { grant_type: 'refresh_token', refresh_token }
  const renewed = await server.post('/token', refresh, { client: ['shop', 'secret'] })
  assert.equal(((await renewed.json()) as { scope: string }).scope, 'read')
})

test('RFC 6749 §4.1.3: a scope that was deleted after the consent is not in the token', async () => {
  const { server, redeem } = await withCode()
  await server.store.scopes.delete('write')
  assert.equal((await redeem()).scope, 'read')
})

test('RFC 6749 §4.1.3: a code of which no scope is left is refused, and not spent', async () => {
  const { redeem, lower } = await withCode()
  await lower('other')
  const refused = await redeem()
  assert.deepEqual([refused.status, refused.error], [400, 'invalid_scope'])
  await lower('read write')
  assert.equal((await redeem()).status, 200)
})

test('RFC 6749 §10.5: a replayed code ends what it bought, also when the client has lost its scope by then', async () => {
  const { server, redeem, lower } = await withCode()
  const { access_token: token = '' } = await redeem()
  await lower('other')
  assert.equal((await redeem()).error, 'invalid_grant')
  const asked = await server.post('/introspect', { token }, { client: ['shop', 'secret'] })
  assert.deepEqual(await asked.json(), { active: false })
})
