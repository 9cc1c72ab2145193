import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { client, isActive, requestWith } from '../../../test-support/jwt-resource.ts'
import { bareMachine, bareToken, startUnkept, workerSecret } from '../../../test-support/unkept-resource.ts'
import { replacing } from '../../authorization-server/replacing.ts'
import type { Store } from '../../core/ports/store.ts'
import { StorageUnavailable } from '../../core/spec/storage-error.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { sqliteStore } from '../../stores/sqlite/index.ts'
import { fakeClock } from '../../testing/fake-clock.ts'
import type { TestServer } from '../../testing/test-server.ts'

const directory = mkdtempSync(join(tmpdir(), 'cardea-unkept-'))
after(() => rmSync(directory, { recursive: true, force: true }))

const revoke = (server: TestServer, token: string, by: readonly [string, string] = client) =>
  server.post('/revoke', { token }, { client: by })
const told = (server: TestServer) => server.events.filter(({ type }) => type === 'token_revoked')

test('RFC 7009 §2.1: a token without a row is revoked, for good, and its siblings are not', async () => {
  const server = await startUnkept()
  const [token, sibling] = [await bareToken(server), await bareToken(server)]
  for (let times = 0; times < 2; times += 1) assert.equal((await revoke(server, token)).status, 200)
  assert.deepEqual(told(server), [{ type: 'token_revoked', kind: 'access', clientId: 'job' }])
  assert.equal(await isActive(server, token), false)
  assert.ok('refused' in (await server.provider.protect()(requestWith(token))))
  assert.equal(await isActive(server, sibling), true)
})

test('RFC 7009 §2.1: by another client it is refused, and lives on', async () => {
  const server = await startUnkept()
  const token = await bareToken(server)
  const answer = await revoke(server, token, workerSecret)
  assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_grant'])
  assert.deepEqual([await isActive(server, token), told(server).length], [true, 0])
})

test('RFC 7009 §2.2: what nobody signed, and what has expired, answers 200 and leaves nothing behind', async () => {
  const whole = memoryStore()
  let marks = 0
  const unkeptTokens = replacing(whole.unkeptTokens, {
    async revoke() {
      marks += 1
      return true
    },
  })
  const server = await startUnkept({ store: { ...whole, unkeptTokens } })
  const token = await bareToken(server)
  const [head, body] = token.split('.')
  assert.equal((await revoke(server, `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`)).status, 200)
  server.clock.advance(3611)
  assert.equal((await revoke(server, token)).status, 200)
  assert.equal(marks, 0)
})

test('T-TOK-4, RFC 7009 §2.1: of a hundred that revoke and ask at once, whoever asks after an answer is told the truth', async () => {
  const clock = fakeClock()
  const file = join(directory, 'race.db')
  const stores = [await sqliteStore({ file, now: clock.now }), await sqliteStore({ file, now: clock.now })]
  const [one, two] = await Promise.all(stores.map((store) => startUnkept({ store, clock })))
  assert.ok(one && two)
  const token = await bareToken(one)
  assert.equal(await isActive(two, token), true)
  let answered = false
  const round = async (number: number): Promise<void> => {
    const server = number % 2 === 0 ? one : two
    if (number % 3 === 0) {
      await revoke(server, token)
      answered = true
      return
    }
    const wasAnswered = answered
    const active = await isActive(server, token)
    assert.ok(!(wasAnswered && active))
  }
  const crowd = Array.from({ length: 100 }, (_, number) => number)
  await Promise.all(
    crowd.map(async (number) => {
      for (let turn = 0; turn < number % 5; turn += 1) await new Promise(setImmediate)
      await round(number)
    }),
  )
  assert.equal(told(one).length + told(two).length, 1)
  for (const store of stores) await store.close()
  const reopened = await startUnkept({ store: await sqliteStore({ file, now: clock.now }), clock })
  assert.equal(await isActive(reopened, token), false)
  await reopened.store.close()
})

test('T-TOK-4: a sweep brings no revoked token back, neither here nor where a clock is behind', async () => {
  const clock = fakeClock()
  const store = memoryStore({ now: clock.now })
  const here = await startUnkept({ store, clock })
  const behind = await startUnkept({ store, clock: { ...clock, now: () => clock.now() - 30 } })
  const token = await bareToken(here)
  await revoke(here, token)
  clock.advance(3600)
  await here.provider.sweep(100)
  assert.deepEqual([await isActive(here, token), await isActive(behind, token)], [false, false])
})

type End = (server: TestServer) => Promise<unknown>

const stored = async ({ store }: TestServer) => {
  const found = await store.clients.find('job')
  assert.ok(found)
  return found
}
const enable: End = async (server) => server.store.clients.save({ ...(await stored(server)), disabled: false })

const ends: readonly (readonly [title: string, end: End, undo: End])[] = [
  ['is disabled', async (server) => server.store.clients.save({ ...(await stored(server)), disabled: true }), enable],
  [
    'is replaced by itself disabled',
    async (server) => {
      const found = await stored(server)
      return server.store.clients.replace(found, { ...found, disabled: true })
    },
    enable,
  ],
  [
    'is deleted',
    async (server) => {
      const found = await stored(server)
      await server.store.clients.delete('job')
      await server.store.clients.save({ ...found, client_id: 'kept aside' })
    },
    async ({ store }) => {
      const aside = await store.clients.find('kept aside')
      assert.ok(aside)
      await store.clients.save({ ...aside, client_id: 'job' })
    },
  ],
  [
    'has its tokens revoked',
    ({ store, clock }) => store.authorizations.revokeByClient('job', clock.now()),
    async () => {},
  ],
]

for (const [title, end, undo] of ends) {
  test(`RFC 7009 §2.1, T-TOK-4: when its client ${title} the token is over, also when that is undone`, async () => {
    const clock = fakeClock()
    const memory = memoryStore({ now: clock.now })
    const sqlite = await sqliteStore({ file: join(directory, `${title}.db`), now: clock.now })
    for (const store of [memory, sqlite]) {
      const server = await startUnkept({ store, clock })
      const [token, others] = [await bareToken(server), await bareToken(server, workerSecret)]
      await end(server)
      const guard = server.provider.protect()
      assert.ok('refused' in (await guard(requestWith(token))))
      await undo(server)
      // In the same second: nothing of this is a matter of time.
      const next = await bareToken(server)
      const asked = await Promise.all([token, next, others].map((one) => isActive(server, one)))
      assert.deepEqual(asked, [false, true, true])
      clock.advance(60)
      await server.provider.sweep(100)
      assert.deepEqual(await Promise.all([token, next].map((one) => isActive(server, one))), [false, true])
      await store.close()
    }
  })
}

test('T-TOK-4: whatever is being signed while the tokens of its client end is over when it comes out', async () => {
  const whole = memoryStore()
  let server: TestServer
  let isEnding = false
  const find: Store['clients']['find'] = async (id) => {
    const found = await whole.clients.find(id)
    if (isEnding) await whole.authorizations.revokeByClient('job', server.clock.now())
    return found
  }
  server = await startUnkept({ store: replacing(whole, { clients: replacing(whole.clients, { find }) }) })
  await bareToken(server)
  isEnding = true
  const token = await bareToken(server)
  isEnding = false
  assert.equal(await isActive(server, token), false)
  assert.equal(await isActive(server, await bareToken(server)), true)
})

test('T-TOK-4: an end in one process is known in the others, and to the second whoever has the clock wrong', async () => {
  const clock = fakeClock()
  const file = join(directory, 'two.db')
  const [here, there] = [await sqliteStore({ file, now: () => clock.now() - 3600 }), await sqliteStore({ file })]
  const [one, two] = [await startUnkept({ store: here, clock }), await startUnkept({ store: there, clock })]
  const before = await bareToken(two)
  assert.equal(await isActive(one, before), true)
  await one.store.authorizations.revokeByClient('job', clock.now() - 3600)
  await new Promise(setImmediate)
  assert.deepEqual([await isActive(one, before), await isActive(two, before)], [false, false])
  const later = await bareToken(two)
  assert.deepEqual([await isActive(one, later), await isActive(two, later)], [true, true])
  for (const store of [here, there]) await store.close()
})

test('RFC 6749 §4.4.2: where the store cannot be asked there is no token, and none is active', async () => {
  const whole = memoryStore()
  const broken = replacing(whole.unkeptTokens, {
    async generation() {
      throw new StorageUnavailable('out of order')
    },
  })
  const sound = await startUnkept({ store: whole })
  const token = await bareToken(sound)
  const server = await startUnkept({ store: replacing(whole, { unkeptTokens: broken }) })
  assert.equal((await server.post('/token', bareMachine, { client })).status, 503)
  assert.equal((await server.post('/introspect', { token }, { client })).status, 503)
})
