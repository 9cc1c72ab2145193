import assert from 'node:assert/strict'
import { test } from 'node:test'
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
