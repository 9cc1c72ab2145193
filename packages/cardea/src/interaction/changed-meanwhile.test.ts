import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  alice,
  allow,
  bob,
  decline,
  reload,
  remembered,
  requestPath,
  responseOf,
  visit,
  visitConsent,
  webApp,
} from '../testing/authorization-visit.ts'
import { fastHasher } from '../testing/fast-hasher.ts'
import { clientFrom, startTestServer, type TestClient, type TestServer } from '../testing/test-server.ts'

const start = (client: TestClient = webApp): Promise<TestServer> =>
  startTestServer({ clients: [client], users: [alice, bob], responseTypes: ['code', 'token'] })

async function edit({ store }: TestServer, change: Partial<TestClient>): Promise<void> {
  await store.clients.save(await clientFrom({ ...webApp, ...change }))
}

const changes: Readonly<Record<string, (server: TestServer) => Promise<unknown>>> = {
  'the redirect URI was removed': (server) => edit(server, { redirect_uris: ['https://client.example/new'] }),
  'the redirect URI was altered': (server) => edit(server, { redirect_uris: ['https://client.example/cb/'] }),
  'the client was disabled': (server) => edit(server, { disabled: true }),
  'the client was deleted': ({ store }) => store.clients.delete('app'),
  'the response type was withdrawn': (server) => edit(server, { grant_types: ['implicit'], response_types: ['token'] }),
  'the scope was withdrawn from the client': (server) => edit(server, { scope: 'write' }),
  'the scope was deleted': ({ store }) => store.scopes.delete('read'),
}

test('RFC 6749 §3.1.2.4: what a client lost while the person was deciding is used no more, not even for an error', async () => {
  for (const [name, change] of Object.entries(changes)) {
    for (const send of [allow, decline]) {
      const server = await start()
      const at = await visitConsent(server, alice)
      await change(server)
      for (const answer of [await send(at), await at.browser.get(at.path)]) {
        assert.deepEqual([answer.status, answer.headers.get('location')], [400, null], name)
        assert.match(await answer.text(), /was changed or removed since this request began/)
      }
      assert.equal(
        server.events.some(({ type }) => type === 'code_issued'),
        false,
        name,
      )
    }
  }
})

test('RFC 6749 §3.1.2.4: the sign-in page of a changed request cannot be cancelled into a removed redirect URI', async () => {
  const server = await start()
  const at = await visit(server)
  await edit(server, { redirect_uris: ['https://client.example/new'] })
  const answer = await at.browser.post(at.path, { csrf: at.csrf, action: 'cancel' })
  assert.deepEqual([answer.status, answer.headers.get('location')], [400, null])
})

test('RFC 6749 §3.1.2.4: changes that leave the request sound do not disturb it', async () => {
  const server = await start()
  const at = await visitConsent(server, alice)
  await edit(server, { client_name: 'New', redirect_uris: ['https://client.example/new', 'https://client.example/cb'] })
  assert.match((await reload(at)).text, /<bdi>New<\/bdi> asks for access/)
  assert.match(responseOf(await allow(at)).code ?? '', /^cac_/)
})

test('RFC 8252 §7.3: a loopback redirect at its chosen port stays sound for its native client only', async () => {
  const native = { ...webApp, application_type: 'native' as const, redirect_uris: ['http://127.0.0.1/cb'] }
  const server = await start(native)
  const query = { redirect_uri: 'http://127.0.0.1:4711/cb', prompt: 'consent' }
  const at = await visitConsent(server, alice, query)
  assert.match((await allow(at)).headers.get('location') ?? '', /^http:\/\/127\.0\.0\.1:4711\/cb\?code=/)
  const second = await visit(server, query, at.browser)
  await edit(server, { ...native, application_type: 'web' })
  assert.equal((await allow(second)).status, 400)
})

const endings: Readonly<Record<string, (server: TestServer) => Promise<unknown>>> = {
  'the user was disabled': ({ store, clock }) =>
    store.users.save({ id: alice.id, username: alice.username, disabled: true, created_at: clock.now() }),
  'the user was deleted': ({ store }) => store.users.delete(alice.id),
  'the password was changed': async ({ store, clock }) =>
    store.users.save({
      id: alice.id,
      username: alice.username,
      password_hash: await fastHasher.hash('another'),
      created_at: clock.now(),
    }),
  'the sessions were ended': ({ store }) => store.sessions.deleteByUser(alice.id),
}

test('T-SES-4: whoever was ended while deciding can decide nothing, and has to sign in', async () => {
  for (const [name, end] of Object.entries(endings)) {
    const server = await start()
    const at = await visitConsent(server, alice)
    await end(server)
    const answer = await allow(at)
    assert.deepEqual([answer.status, answer.headers.get('location')], [403, null], name)
    assert.match(await answer.text(), /name="password"/)
    assert.equal(
      server.events.some(({ type }) => type === 'code_issued'),
      false,
      name,
    )
  }
})

test('T-SES-4: whoever was ended gets no silent answer from a remembered consent either', async () => {
  for (const [name, end] of Object.entries(endings)) {
    const server = await start()
    const browser = await remembered(server, alice)
    await end(server)
    assert.equal(responseOf(await browser.get(requestPath({ prompt: 'none' }))).error, 'login_required', name)
  }
})

/** The engine, with something that happens between its last look and the commit. */
async function startRacing(race: (server: TestServer) => Promise<unknown>): Promise<TestServer> {
  const server = await start()
  const { ledger } = server.store
  const racing = {
    ...server.store,
    ledger: {
      commit: async (entry: Parameters<typeof ledger.commit>[0]) => {
        await race(server)
        return ledger.commit(entry)
      },
    },
  }
  return startTestServer({ store: racing, clock: server.clock, responseTypes: ['code', 'token'] })
}

test('T-SES-4: a user who is ended in the instant of the commit gets nothing, and the request is answered by that', async () => {
  const token = { response_type: 'token', code_challenge: undefined, code_challenge_method: undefined }
  for (const query of [{}, token]) {
    const server = await startRacing(({ store }) => store.users.delete(alice.id))
    await edit(server, { grant_types: ['authorization_code', 'implicit'], response_types: ['code', 'token'] })
    const at = await visitConsent(server, alice, query)
    assert.equal(responseOf(await allow(at)).error, 'access_denied')
    assert.equal((await at.browser.get(at.path)).status, 410)
    assert.equal(
      server.events.some(({ type }) => /^(?:code|token)_issued$/.test(type)),
      false,
    )
  }
})
