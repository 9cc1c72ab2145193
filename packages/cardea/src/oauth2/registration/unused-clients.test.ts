import assert from 'node:assert/strict'
import { test } from 'node:test'
import { initialAccessToken, registered, startRegistering, webMetadata } from '../../../test-support/registering.ts'
import type { TestServer } from '../../testing/test-server.ts'

const machine = { grant_types: ['client_credentials'] }
const policies = { default: { grantTypes: ['client_credentials'], clientLifetime: 1000 } }

async function sweepAll(server: TestServer): Promise<void> {
  for (let step = 0; step < 10; step += 1) await server.provider.sweep(3)
}

const isThere = async (server: TestServer, id: string) => (await server.store.clients.find(id)) !== undefined

test('T-DCR-1: a client that registered itself and is not used goes after its lifetime, and no sooner', async () => {
  const server = await startRegistering({ policies }, { clients: [{ client_id: 'shop', secret: 's' }] })
  const ids = []
  for (let index = 0; index < 8; index += 1) ids.push((await registered(server, machine)).client_id)
  server.clock.advance(999)
  await sweepAll(server)
  for (const id of ids) assert.equal(await isThere(server, id), true)
  server.clock.advance(1)
  await sweepAll(server)
  for (const id of ids) assert.equal(await isThere(server, id), false)
  assert.equal(await isThere(server, 'shop'), true)
  assert.equal(server.events.filter((event) => event.type === 'client_deleted' && event.reason === 'unused').length, 8)
})

test('T-DCR-1: a client that has tokens stays until the time has passed once more without any', async () => {
  const server = await startRegistering({ policies }, { lifetimes: { accessToken: 500 } })
  const { client_id, client_secret = '' } = await registered(server, machine)
  server.clock.advance(800)
  await server.post('/token', { grant_type: 'client_credentials' }, { client: [client_id, client_secret] })
  server.clock.advance(200)
  await sweepAll(server)
  assert.equal(await isThere(server, client_id), true)
  server.clock.advance(999)
  await sweepAll(server)
  assert.equal(await isThere(server, client_id), true)
  server.clock.advance(1)
  await sweepAll(server)
  assert.equal(await isThere(server, client_id), false)
})

test('T-DCR-1: unused clients go after 90 days where anybody may register, and stay where a token was needed', async () => {
  const open = await startRegistering()
  const { client_id } = await registered(open)
  open.clock.advance(90 * 86_400)
  await sweepAll(open)
  assert.equal(await isThere(open, client_id), false)
  const closed = await startRegistering({ mode: 'initial-access-token' })
  const kept = await registered(closed, webMetadata, { token: await initialAccessToken(closed) })
  closed.clock.advance(900 * 86_400)
  await sweepAll(closed)
  assert.equal(await isThere(closed, kept.client_id), true)
})
