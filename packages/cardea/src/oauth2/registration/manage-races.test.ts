import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  manage,
  post,
  type Registered,
  registered,
  startRegistering,
  updateOf,
  webMetadata,
} from '../../../test-support/registering.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { sqliteStore } from '../../stores/sqlite/index.ts'
import { failingStore } from '../../testing/failing-store.ts'

const noLimits = {
  registrationFromNetwork: { attempts: 1000, window: 60 },
  registration: { attempts: 1000, window: 60 },
}

const json = async (answer: Response) => (await answer.json()) as Registered

for (const [name, open] of [
  ['memory', async () => memoryStore()],
  ['SQLite', () => sqliteStore({ file: ':memory:' })],
] as const) {
  const start = async (rotateRegistrationToken = false) =>
    startRegistering({ rotateRegistrationToken }, { limits: noLimits, store: await open() })

  test(`RFC 7592 §2.2: of 20 updates at once one stands, whole (${name})`, async () => {
    const server = await start()
    const client = await registered(server)
    const names = Array.from({ length: 20 }, (_, index) => `Name ${index}`)
    const answers = await Promise.all(
      names.map((client_name) =>
        manage(
          server,
          'PUT',
          client,
          updateOf(client, { client_name, tos_uri: `https://app.example/${client_name.slice(5)}` }),
        ),
      ),
    )
    const statuses = new Set(answers.map(({ status }) => status))
    assert.ok(
      [...statuses].every((status) => status === 200 || status === 503),
      [...statuses].join(),
    )
    const stored = await server.store.clients.find(client.client_id)
    assert.equal(stored?.tos_uri, `https://app.example/${stored?.client_name.slice(5)}`)
  })

  test(`T-DCR-3: of 100 updates at once with one token that is replaced, one is done (${name})`, async () => {
    const server = await start(true)
    const client = await registered(server)
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => manage(server, 'PUT', client, updateOf(client))),
    )
    const done = answers.filter(({ status }) => status === 200)
    assert.equal(done.length, 1)
    assert.equal(answers.filter(({ status }) => status === 401).length, 99)
    const after = await json(done[0] as Response)
    assert.equal((await manage(server, 'GET', after)).status, 200)
  })

  test(`RFC 7592 §2.3: an update amid a deletion brings nobody back (${name})`, async () => {
    const server = await start()
    for (let round = 0; round < 20; round += 1) {
      const client = await registered(server)
      await Promise.all([
        manage(server, 'PUT', client, updateOf(client, { client_name: 'Back again' })),
        manage(server, 'DELETE', client),
        manage(server, 'PUT', client, updateOf(client, { client_name: 'Back again' })),
      ])
      assert.equal(await server.store.clients.find(client.client_id), undefined)
    }
  })
}

test('RFC 7591 §3.2.2, ADR 1: what cannot be stored is a 503 at every step, and leaves no client that nobody knows', async () => {
  const inner = memoryStore()
  const store = failingStore(inner)
  const server = await startRegistering({ rotateRegistrationToken: true }, { limits: noLimits, store })
  const client = await registered(server)
  let failures = 0
  for (let call = 1; call <= 12; call += 1) {
    const before = (await inner.clients.list({ limit: 50 })).length
    store.failAt(call)
    const answer = await post(server, webMetadata)
    if (!store.heal()) continue
    failures += 1
    assert.equal(answer.status, 503)
    assert.equal((await inner.clients.list({ limit: 50 })).length, before)
    store.failAt(call)
    const update = await manage(server, 'PUT', client, updateOf(client))
    if (store.heal()) assert.equal(update.status, 503)
    else break
    assert.equal((await manage(server, 'GET', client)).status, 200)
  }
  assert.ok(failures > 1)
})
