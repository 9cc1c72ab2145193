import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Store } from 'cardea'
import { memoryStore } from 'cardea/stores/memory'
import { argon2Hasher } from '../accounts/argon2-hasher.ts'
import { applyAll, NotUndone } from './apply.ts'
import type { Change } from './change.ts'
import { loadRows } from './load-rows.ts'
import { unlocated } from './located-rows.ts'
import { planOf } from './plan.ts'
import type { Rows } from './rows.ts'

const hasher = argon2Hasher()
const now = 1_800_000_000

const rows: Rows = {
  scopes: [{ name: 'read', description: 'new' }],
  clients: [{ client_id: 'robot', client_secret: 'a chosen secret', grant_types: ['client_credentials'] }],
  users: [{ username: 'jane', password: 'correct horse' }],
}

/** A store whose disk is full from a certain noun on. */
const failing = (store: Store, noun: 'users' | 'clients'): Store => ({
  ...store,
  [noun]: { ...store[noun], save: () => Promise.reject(new Error('disk full')) },
})

test('load: a failure half-way undoes what was done, creations and updates', async () => {
  const store = memoryStore()
  await store.scopes.save({ name: 'read', description: 'old', is_default: false })
  const context = { hasher, now, store: failing(store, 'users') }
  await assert.rejects(applyAll(await planOf(context, unlocated(rows))), /disk full/)
  assert.deepEqual(await store.scopes.all(), [{ name: 'read', description: 'old', is_default: false }])
  assert.equal(await store.clients.find('robot'), undefined)
  assert.equal(await store.users.findByUsername('jane'), undefined)
})

test('load: all writes begin in one turn, so that the SQLite store commits them as one', async () => {
  const begun: string[] = []
  const seen: number[] = []
  const change = (key: string): Change => ({
    kind: 'user',
    key,
    action: 'created',
    fields: [],
    async prepare() {
      await turn()
      return async () => {
        begun.push(key)
        await turn()
        seen.push(begun.length)
      }
    },
    async undo() {},
  })
  await applyAll([change('a'), change('b'), change('c')])
  assert.deepEqual(seen, [3, 3, 3])
})

test('load: two at once both succeed, and neither takes back what the other made', async () => {
  const context = { hasher, now, store: memoryStore() }
  const both = await Promise.all([loadRows(context, unlocated(rows)), loadRows(context, unlocated(rows))])
  assert.deepEqual(
    both.map((changes) => changes.filter(({ action, kind }) => action === 'created' && kind === 'user').length).sort(),
    [0, 1],
  )
  assert.equal((await context.store.clients.find('robot'))?.client_id, 'robot')
  assert.equal((await context.store.users.findByUsername('jane'))?.username, 'jane')
  assert.equal((await context.store.scopes.all()).length, 1)
})

test('load: rows that could not be put back are named', async () => {
  const change = (key: string, fails: boolean): Change => ({
    kind: 'client',
    key,
    action: 'created',
    fields: [],
    prepare: async () => () => (fails ? Promise.reject(new Error('disk full')) : Promise.resolve()),
    undo: () => Promise.reject(new Error('still full')),
  })
  await assert.rejects(applyAll([change('a', false), change('b', true)]), (error: unknown) => {
    assert.ok(error instanceof NotUndone)
    assert.match(error.message, /could not be put back: client a$/)
    return true
  })
})
