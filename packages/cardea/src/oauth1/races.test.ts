import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { OAuth1ShortTerm } from '../core/ports/oauth1-storage.ts'
import type { Store } from '../core/ports/store.ts'
import { cacheStores, memoryCache } from '../stores/cache/index.ts'
import { memoryStore } from '../stores/memory/index.ts'
import { sqliteStore } from '../stores/sqlite/index.ts'
import { alice } from '../testing/authorization-visit.ts'
import {
  approvedFor,
  exchange,
  outcomeOf,
  resource,
  startOAuth1Server,
  temporaryFor,
  tokenFor,
} from '../testing/oauth1-flow.ts'
import { formsOf } from '../testing/user-agent.ts'

async function onDisk(t: TestContext): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-oauth1-races-'))
  const store = await sqliteStore({ file: join(folder, 'cardea.db') })
  t.after(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })
  return store
}

interface Kept {
  readonly store: Store
  readonly shortTerm?: OAuth1ShortTerm
}

const kinds: readonly (readonly [name: string, open: (t: TestContext) => Promise<Kept>])[] = [
  ['memory', async () => ({ store: memoryStore() })],
  ['sqlite', async (t) => ({ store: await onDisk(t) })],
  ['sqlite and a cache', async (t) => ({ store: await onDisk(t), shortTerm: cacheStores(memoryCache()) })],
]

const hundred = <T>(action: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 100 }, (_, n) => action(n)))

/** How often each outcome came. */
const counted = (outcomes: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

for (const [name, open] of kinds) {
  const start = async (t: TestContext) => {
    const { store, shortTerm } = await open(t)
    return startOAuth1Server({ store, oauth1: shortTerm === undefined ? true : { shortTerm } })
  }

  test(`RFC 5849 §3.3: ${name}: of 100 requests with one nonce, one is let in`, async (t) => {
    const server = await start(t)
    const credentials = await tokenFor(server)
    const request = { credentials, timestamp: server.clock.now(), nonce: 'raced' }
    const outcomes = await hundred(async () => outcomeOf(await resource(server, request)))
    assert.deepEqual(counted(outcomes), { 200: 1, '401 invalid_nonce': 99 })
  })

  test(`RFC 5849 §2.3: ${name}: of 100 exchanges of one credential with its verifier, one buys a token`, async (t) => {
    const server = await start(t)
    const approved = await approvedFor(server)
    const outcomes = await hundred(async () => outcomeOf(await exchange(server, approved)))
    assert.deepEqual(counted(outcomes), { 200: 1, '401 invalid_token': 99 })
    assert.equal((await server.store.tokenCredentials.list({}, { limit: 10 })).length, 1)
  })

  test(`RFC 5849 §2.3: ${name}: of 100 exchanges that are one request byte for byte, one buys a token`, async (t) => {
    const server = await start(t)
    const approved = await approvedFor(server)
    const same = { timestamp: server.clock.now(), nonce: 'one' }
    const outcomes = await hundred(async () => outcomeOf(await exchange(server, approved, same)))
    const { 200: won, ...lost } = counted(outcomes)
    assert.equal(won, 1)
    assert.ok(Object.keys(lost).every((outcome) => /^401 invalid_(?:nonce|token)$/.test(outcome)))
  })

  test(`RFC 5849 §2.2: ${name}: of 100 presses of Allow, one gets a verifier`, async (t) => {
    const server = await start(t)
    const { token } = await temporaryFor(server)
    const browser = server.agent()
    const signIn = await browser.follow(await browser.get(`/oauth1/authorize?oauth_token=${token}`))
    const { username, password } = alice
    const consent = await browser.follow(await browser.submit(signIn, { username, password, action: 'sign_in' }))
    const form = formsOf(await consent.text()).at(-1)
    const press = () => browser.post(form?.action ?? '', [...(form?.fields ?? []), ['decision', 'allow']])
    const statuses = await hundred(async () => String((await press()).status))
    assert.deepEqual(counted(statuses), { 303: 1, 410: 99 })
  })
}
