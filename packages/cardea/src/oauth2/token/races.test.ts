import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { storedAccounts } from '../../accounts/stored-accounts.ts'
import type { Store } from '../../core/ports/store.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { sqliteStore } from '../../stores/sqlite/index.ts'
import { codeFor, pkcePair } from '../../testing/code-flow.ts'
import { fastHasher } from '../../testing/fast-hasher.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'
import { clientCredentials } from './grants/client-credentials.ts'
import { password } from './grants/password.ts'

const user = { id: 'u1', username: 'ada', password: 'correct horse' }
const clients: TestServerOptions['clients'] = [
  { client_id: 'web', secret: 'web-secret' },
  { client_id: 'api', secret: 'api-secret', introspect_any: true },
]
const web = ['web', 'web-secret'] as const

async function onDisk(t: TestContext): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-races-'))
  const store = await sqliteStore({ file: join(folder, 'cardea.db') })
  t.after(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })
  return store
}

const stores: readonly (readonly [name: string, open: (t: TestContext) => Promise<Store>])[] = [
  ['memory', async () => memoryStore()],
  ['sqlite', onDisk],
]

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

const hundred = <T>(action: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 100 }, (_, n) => action(n)))

const refresh = (server: TestServer, refresh_token: string): Promise<Response> =>
  server.post('/token', { grant_type: 'refresh_token', refresh_token }, { client: web })

async function redeem(server: TestServer, code: string): Promise<Response> {
  const form = { grant_type: 'authorization_code', code, code_verifier: pkcePair.verifier }
  return server.post('/token', form, { client: web })
}

const firstTokens = async (server: TestServer): Promise<Tokens> =>
  (await redeem(server, await codeFor(server, user, { client_id: 'web' }))).json()

async function isActive(server: TestServer, token: string): Promise<boolean> {
  const answer = await server.post('/introspect', { token }, { client: ['api', 'api-secret'] })
  return (await answer.json()).active
}

async function liveLeaves(store: Store): Promise<number> {
  const all = await store.tokens.listRefresh({}, { limit: 1000 })
  return all.filter(({ token, authorization }) => token.spentAt === undefined && authorization.revokedAt === undefined)
    .length
}

async function wonAndLost(answers: readonly Response[]): Promise<readonly [won: Tokens[], lost: string[]]> {
  const bodies = await Promise.all(answers.map(async (answer) => ({ status: answer.status, ...(await answer.json()) })))
  return [
    bodies.filter(({ status }) => status === 200),
    bodies.flatMap(({ status, error }) => (status === 200 ? [] : [`${status} ${error}`])),
  ]
}

const ninetyNine = new Array<string>(99).fill('400 invalid_grant')

for (const [name, open] of stores) {
  const start = async (t: TestContext, options: TestServerOptions = {}): Promise<TestServer> =>
    startTestServer({ clients, users: [user], store: await open(t), ...options })

  test(`RFC 6749 §10.5: ${name}: of a hundred redemptions of one code one wins, and the others end what it bought`, async (t) => {
    const server = await start(t)
    const code = await codeFor(server, user, { client_id: 'web' })
    const [won, lost] = await wonAndLost(await hundred(() => redeem(server, code)))
    assert.equal(won.length, 1)
    assert.deepEqual(lost, ninetyNine)
    const [tokens] = won
    assert.ok(tokens)
    assert.equal(await isActive(server, tokens.access_token), false)
    assert.equal(await isActive(server, tokens.refresh_token), false)
    assert.equal((await refresh(server, tokens.refresh_token)).status, 400)
  })

  test(`RFC 9700 §4.14.2: ${name}: without window, of a hundred refreshes one wins and the family ends`, async (t) => {
    const server = await start(t, { lifetimes: { refreshReuseWindow: 0 } })
    const first = await firstTokens(server)
    const [won, lost] = await wonAndLost(await hundred(() => refresh(server, first.refresh_token)))
    assert.equal(won.length, 1)
    assert.deepEqual(lost, ninetyNine)
    assert.equal(await liveLeaves(server.store), 0)
    for (const token of [first.access_token, ...won.flatMap(Object.values)]) {
      assert.equal(await isActive(server, token), false)
    }
  })

  test(`RFC 9700 §4.14.2: ${name}: in the window a hundred refreshes get one and the same successor`, async (t) => {
    const server = await start(t)
    const first = await firstTokens(server)
    const [won] = await wonAndLost(await hundred(() => refresh(server, first.refresh_token)))
    assert.equal(won.length, 100)
    assert.equal(new Set(won.map(({ refresh_token }) => refresh_token)).size, 1)
    assert.equal(new Set(won.map(({ access_token }) => access_token)).size, 100)
    assert.equal(await liveLeaves(server.store), 1)
    assert.equal((await refresh(server, won[0]?.refresh_token ?? '')).status, 200)
  })

  test(`RFC 9700 §4.14.2: ${name}: a predecessor and its successor in parallel leave at most one live leaf`, async (t) => {
    const server = await start(t)
    const first = await firstTokens(server)
    const second: Tokens = await (await refresh(server, first.refresh_token)).json()
    const both = [first.refresh_token, second.refresh_token] as const
    const answers = await hundred((n) => refresh(server, both[n % 2] as string))
    assert.ok(answers.every(({ status }) => status === 200 || status === 400))
    assert.ok((await liveLeaves(server.store)) <= 1)
  })

  test(`RFC 7009 §2.1: ${name}: once a revocation is answered no refresh that raced it has left a live token`, async (t) => {
    const server = await start(t)
    const first = await firstTokens(server)
    const revocation = server.post('/revoke', { token: first.refresh_token }, { client: web })
    const [won] = await wonAndLost(
      (await Promise.all([hundred(() => refresh(server, first.refresh_token)), revocation]))[0],
    )
    assert.equal(await liveLeaves(server.store), 0)
    for (const token of won.flatMap(({ access_token, refresh_token }) => [access_token, refresh_token])) {
      assert.equal(await isActive(server, token), false)
    }
  })

  for (const end of ['user', 'client'] as const) {
    test(`RFC 6749 §10.5: ${name}: a redemption that races the end of its ${end} leaves nothing alive`, async (t) => {
      const server = await start(t)
      const code = await codeFor(server, user, { client_id: 'web' })
      const client = await server.store.clients.find('web')
      assert.ok(client)
      const ended =
        end === 'user' ? server.store.users.delete('u1') : server.store.clients.save({ ...client, disabled: true })
      const answer = await redeem(server, code)
      await ended
      assert.ok([200, 400, 401].includes(answer.status))
      if (answer.status === 200) assert.equal(await isActive(server, (await answer.json()).access_token), false)
      assert.equal(await liveLeaves(server.store), 0)
    })
  }
}

const grants = [clientCredentials(), password()]

test('RFC 6749 §4.4: a client that is deleted between its authentication and the commit gets nothing', async () => {
  const store = memoryStore()
  const scopes: Store['scopes'] = {
    ...store.scopes,
    async all() {
      await store.clients.delete('web')
      return store.scopes.all()
    },
  }
  const server = await startTestServer({ clients, grants, store: { ...store, scopes } })
  const answer = await server.post('/token', { grant_type: 'client_credentials' }, { client: web })
  assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_grant'])
  assert.deepEqual(await store.tokens.listAccess({}, { limit: 10 }), [])
})

test('RFC 6749 §4.3: a user who is disabled between the password check and the commit gets nothing', async () => {
  const store = memoryStore()
  const stored = storedAccounts(store.users, fastHasher)
  const accounts: typeof stored = {
    ...stored,
    async authenticate(username, secret) {
      const account = await stored.authenticate(username, secret)
      const row = await store.users.find('u1')
      assert.ok(row)
      await store.users.save({ ...row, disabled: true })
      return account
    },
  }
  const server = await startTestServer({
    clients: [{ client_id: 'web', secret: 'web-secret', grant_types: ['password', 'refresh_token'] }],
    users: [user],
    grants,
    accounts,
    store,
  })
  const { username, password } = user
  const answer = await server.post('/token', { grant_type: 'password', username, password }, { client: web })
  assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_grant'])
  assert.equal(await liveLeaves(store), 0)
  assert.deepEqual(await store.tokens.listAccess({}, { limit: 10 }), [])
})

test('RFC 9700 §4.14.2: a password that is changed between its check and the commit buys nothing', async () => {
  const store = memoryStore()
  const stored = storedAccounts(store.users, fastHasher)
  const accounts: typeof stored = {
    ...stored,
    async authenticate(username, secret) {
      const account = await stored.authenticate(username, secret)
      const row = await store.users.find('u1')
      assert.ok(row)
      await store.users.save({ ...row, password_hash: await fastHasher.hash('another password') })
      return account
    },
  }
  const server = await startTestServer({
    clients: [{ client_id: 'web', secret: 'web-secret', grant_types: ['password', 'refresh_token'] }],
    users: [user],
    grants,
    accounts,
    store,
  })
  const ask = (password: string) =>
    server.post('/token', { grant_type: 'password', username: user.username, password }, { client: web })
  const answer = await ask(user.password)
  assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_grant'])
  assert.equal(await liveLeaves(store), 0)
  assert.deepEqual(await store.tokens.listAccess({}, { limit: 10 }), [])
  assert.equal((await ask('another password')).status, 200)
})
