import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alice } from '../../testing/authorization-visit.ts'
import { startTestServer } from '../../testing/index.ts'

test('T-SES-7: a guesser behind an authenticated client does not shut out its other users', async () => {
  const server = await startTestServer({
    profile: 'django-oauth2-server',
    limits: { network: { attempts: 3, window: 60 } },
    clients: [{ client_id: 'backend', secret: 's', grant_types: ['password'], response_types: [], redirect_uris: [] }],
    users: [alice],
  })
  const ask = (username: string, password: string) =>
    server.post('/token', { grant_type: 'password', username, password }, { client: ['backend', 's'] })
  for (let n = 0; n < 5; n += 1) assert.equal((await ask(`guess-${n}`, 'x')).status, 400)
  assert.equal((await ask(alice.username, alice.password)).status, 200)
})
