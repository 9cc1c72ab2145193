import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientFrom } from '../../testing/test-server.ts'
import { memoryStore } from './index.ts'

type Loose = Record<string, unknown>

test('memory: what was handed over or found can be changed without changing what is kept', async () => {
  const store = memoryStore()
  const client = await clientFrom({ client_id: 'app', scope: 'read', redirect_uris: ['https://app.example/cb'] })
  const user = { id: 'u1', username: 'ada', password_hash: 'h', groups: ['staff'] }
  const scope = { name: 'read', description: 'Read', is_default: false }
  const resource = { identifier: 'https://api.example/', scopes: ['read'] }
  await store.clients.save(client)
  await store.users.save(user as never)
  await store.scopes.save(scope)
  await store.resources.save(resource as never)
  const found = async () => [
    await store.clients.find('app'),
    await store.users.find('u1'),
    (await store.scopes.all())[0],
    (await store.resources.all())[0],
  ]
  const before = structuredClone(await found())

  Object.assign(client, { scope: 'read write admin' })
  ;(client.redirect_uris as string[]).push('https://evil.example/')
  user.groups.push('board')
  Object.assign(scope, { is_default: true })
  resource.scopes.push('admin')
  assert.deepEqual(await found(), before)

  for (const row of (await found()) as unknown as Loose[]) {
    assert.throws(() => Object.assign(row, { disabled: true }), TypeError)
    for (const member of Object.values(row))
      if (Array.isArray(member)) assert.throws(() => member.push('more'), TypeError)
  }
  await store.users.renewHash('u1', 'h', 'h2')
  const renewed = (await store.users.find('u1')) as unknown as Loose
  assert.equal(renewed.password_hash, 'h2')
  assert.throws(() => Object.assign(renewed, { disabled: true }), TypeError)
  assert.deepEqual(await found(), [before[0], { ...before[1], password_hash: 'h2' }, before[2], before[3]])
})
