import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { dpopClient, machine, startDpop } from '../../../test-support/dpop-client.ts'
import { shopSecret } from '../../../test-support/pushing.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { sqliteStore } from '../../stores/sqlite/index.ts'
import { fakeClock } from '../../testing/fake-clock.ts'
import type { TestServer } from '../../testing/test-server.ts'

const secrets = ['one secret that both instances have']

/** Two instances, on stores of their own over one file. */
async function twoOnOneFile(t: TestContext): Promise<readonly TestServer[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cardea-dpop-'))
  const clock = fakeClock()
  const file = join(folder, 'cardea.sqlite')
  const stores = [await sqliteStore({ file }), await sqliteStore({ file })] as const
  t.after(async () => {
    for (const store of stores) await store.close()
    await rm(folder, { recursive: true })
  })
  return [
    await startDpop({ store: stores[0], secrets, clock }),
    await startDpop({ store: stores[1], secrets, clock, clients: [], users: [], scopes: [] }),
  ]
}

const inMemory = async (): Promise<readonly TestServer[]> => {
  const store = memoryStore()
  const clock = fakeClock()
  return [await startDpop({ store, secrets, clock }), await startDpop({ store, secrets, clock })]
}

for (const [name, start] of [
  ['memory', inMemory],
  ['sqlite', twoOnOneFile],
] as const) {
  test(`T-DPP-1, RFC 9449 §11.1: ${name}: of a hundred uses of one proof at two instances one wins`, async (t) => {
    const servers = await start(t)
    const [first] = servers as readonly [TestServer]
    const headers = { dpop: (await dpopClient(first.clock)).proof() }
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (servers[index % 2] as TestServer).post('/token', machine, { client: shopSecret, headers }),
      ),
    )
    const statuses = answers.map(({ status }) => status).sort()
    assert.deepEqual([statuses[0], ...new Set(statuses.slice(1))], [200, 400])
  })
}
