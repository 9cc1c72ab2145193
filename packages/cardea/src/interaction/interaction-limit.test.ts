import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestPath, webApp } from '../testing/authorization-visit.ts'
import { startTestServer } from '../testing/index.ts'

test('T-WEB-3: authorization requests that wait for a person are bounded per network, and told on a page', async () => {
  const server = await startTestServer({ clients: [webApp], limits: { interaction: { attempts: 2, window: 60 } } })
  const ask = (address: string) => server.agent(address).get(requestPath())
  assert.deepEqual([(await ask('192.0.2.1')).status, (await ask('192.0.2.1')).status], [303, 303])
  const refused = await ask('192.0.2.1')
  assert.deepEqual([refused.status, refused.headers.get('location')], [429, null])
  assert.equal(refused.headers.get('retry-after'), '60')
  assert.equal((await ask('192.0.2.2')).status, 303)
  server.clock.advance(60)
  assert.equal((await ask('192.0.2.1')).status, 303)
})
