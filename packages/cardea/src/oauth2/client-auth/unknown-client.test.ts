import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestServer } from '../../testing/index.ts'

const grant = { grant_type: 'client_credentials' }

test('T-WEB-7: what was sent as a client id and is none stands in no event', async () => {
  const server = await startTestServer()
  await server.post('/token', grant, { client: ['secret-in-the-wrong-field', 'x'] })
  assert.doesNotMatch(JSON.stringify(server.events), /wrong-field/)
  assert.ok(server.events.some((event) => event.type === 'client_authentication_failed'))
})

test('T-TOK-5: made-up client ids share one counter, so that they cannot fill the store', async () => {
  const server = await startTestServer({
    limits: { client: { attempts: 3, window: 60 } },
    clients: [{ client_id: 'job', secret: 's' }],
  })
  const statuses: number[] = []
  for (let n = 0; n < 5; n += 1)
    statuses.push((await server.post('/token', grant, { client: [`made-up-${n}`, 'x'] })).status)
  assert.deepEqual(statuses, [401, 401, 401, 429, 429])
  assert.equal((await server.post('/token', grant, { client: ['job', 's'] })).status, 200)
})
