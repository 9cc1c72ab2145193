import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../core/ports/store.ts'
import { memoryStore } from '../stores/memory/index.ts'
import { sqliteStore } from '../stores/sqlite/index.ts'
import { alice, allow, decline, type Visit, visitConsent, webApp } from '../testing/authorization-visit.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

const page = {
  ...webApp,
  client_id: 'page',
  grant_types: ['implicit'],
  response_types: ['token'],
}
const stores: Readonly<Record<string, () => Store | Promise<Store>>> = {
  memory: () => memoryStore(),
  sqlite: () => sqliteStore({ file: ':memory:' }),
}

/** How many of the answers redirected with each parameter, and how many only said that it was answered. */
async function tally(answers: readonly Promise<Response>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const answer of await Promise.all(answers)) {
    const found = /[?#&](code|access_token|error)=/.exec(answer.headers.get('location') ?? '')?.[1]
    const outcome = found ?? String(answer.status)
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}

const times = (count: number, send: (at: Visit) => Promise<Response>, at: Visit): Promise<Response>[] =>
  Array.from({ length: count }, () => send(at))

async function inEveryStore(run: (server: TestServer) => Promise<void>): Promise<void> {
  for (const open of Object.values(stores)) {
    const server = await startTestServer({
      store: await open(),
      clients: [webApp, page],
      users: [alice],
      responseTypes: ['code', 'token'],
    })
    await run(server)
    await server.store.close()
  }
}

test('RFC 6749 §4.1.2: 100 parallel decisions to allow one request buy one code', async () => {
  await inEveryStore(async (server) => {
    const at = await visitConsent(server, alice)
    assert.deepEqual(await tally(times(100, (one) => allow(one), at)), { code: 1, 410: 99 })
    assert.equal(server.events.filter(({ type }) => type === 'code_issued').length, 1)
    assert.equal(server.events.filter(({ type }) => type === 'consent_given').length, 1)
  })
})

test('RFC 6749 §4.2.2: 100 parallel decisions to allow one implicit request buy one token', async () => {
  await inEveryStore(async (server) => {
    const query = {
      client_id: 'page',
      response_type: 'token',
      code_challenge: undefined,
      code_challenge_method: undefined,
    }
    const at = await visitConsent(server, alice, query)
    assert.deepEqual(await tally(times(100, (one) => allow(one), at)), { access_token: 1, 410: 99 })
  })
})

test('RFC 6749 §4.1.2.1: of parallel decisions to allow and to decline one counts', async () => {
  await inEveryStore(async (server) => {
    const at = await visitConsent(server, alice)
    const answers = Array.from({ length: 25 }, () => [decline(at), allow(at)]).flat()
    const { 410: late, ...winner } = await tally(answers)
    assert.equal(late, 49)
    assert.deepEqual(Object.values(winner), [1])
    const told = server.events.filter(({ type }) => /^(?:code_issued|consent_denied)$/.test(type))
    assert.equal(told.length, 1)
  })
})
