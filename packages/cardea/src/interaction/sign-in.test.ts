import assert from 'node:assert/strict'
import { test } from 'node:test'
import { storedAccounts } from '../accounts/stored-accounts.ts'
import type { SecretHasher } from '../core/ports/secret-hasher.ts'
import { memoryStore } from '../stores/memory/index.ts'
import {
  alice,
  allow,
  bob,
  reload,
  remembered,
  requestPath,
  responseOf,
  sendPassword,
  signIn,
  visit,
  visitConsent,
  webApp,
} from '../testing/authorization-visit.ts'
import { fastHasher } from '../testing/fast-hasher.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../testing/test-server.ts'
import { formsOf } from '../testing/user-agent.ts'

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients: [webApp], users: [alice, bob], ...options })

const sessionCookie = '__Host-cardea_session'

test('RFC 9700 §4.12: credentials are answered by 303, and stand in no address', async () => {
  const server = await start()
  const at = await visit(server)
  const answer = await sendPassword(at, alice.username, alice.password)
  assert.deepEqual([answer.status, answer.headers.get('location')], [303, at.path])
})

test('T-SES-1: a session planted before the sign-in is not the one that is signed in, and ends with it', async () => {
  const server = await start()
  const attacker = await visitConsent(server, bob)
  const planted = attacker.browser.cookies.get(sessionCookie) ?? ''
  server.clock.advance(1)
  const at = await visit(server, { prompt: 'login' })
  at.browser.cookies.set(sessionCookie, planted)
  const asAlice = await signIn(await reload(at), alice)
  assert.notEqual(asAlice.browser.cookies.get(sessionCookie), planted)
  assert.match((await reload(asAlice)).text, /<bdi>alice</)
  assert.match((await reload(attacker)).text, /name="password"/)
})

test('T-SES-1: a made-up session cookie never becomes a session', async () => {
  const server = await start()
  for (const madeUp of [`cse_${'a'.repeat(49)}`, 'x', '', 'a'.repeat(4000), '%00', '__proto__']) {
    const browser = server.agent()
    browser.cookies.set(sessionCookie, madeUp)
    const at = await visit(server, {}, browser)
    assert.match(at.text, /name="password"/)
    await signIn(at, alice)
    assert.notEqual(browser.cookies.get(sessionCookie), madeUp)
    await server.store.authorizations.revokeByUser(alice.id, server.clock.now())
  }
})

test('T-SES-1: signing in again ends the earlier session on the server', async () => {
  const server = await start()
  const browser = await remembered(server, alice)
  const before = browser.cookies.get(sessionCookie) ?? ''
  await sendPassword(await visit(server, { prompt: 'login' }, browser), alice.username, alice.password)
  assert.notEqual(browser.cookies.get(sessionCookie), before)
  browser.cookies.set(sessionCookie, before)
  assert.equal(responseOf(await browser.get(requestPath({ prompt: 'none' }))).error, 'login_required')
})

test('T-SES-1: of two different cookies of one name neither counts', async () => {
  const server = await start()
  const a = await remembered(server, alice)
  const header = [...a.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const silent = async (cookie: string): Promise<string | undefined> => {
    const request = new Request(new URL(requestPath({ prompt: 'none' }), server.origin), { headers: { cookie } })
    return responseOf(await server.send(request)).error
  }
  assert.equal(await silent(header), undefined)
  assert.equal(await silent(`${header}; ${sessionCookie}=planted`), 'login_required')
  assert.equal(await silent(`${sessionCookie}=planted; ${header}`), 'login_required')
})

test('T-SES-1: a session ends with its lifetime', async () => {
  const server = await start({ lifetimes: { session: 1000 } })
  const browser = await remembered(server, alice)
  const silent = async () => responseOf(await browser.get(requestPath({ prompt: 'none' })))
  server.clock.advance(999)
  assert.match((await silent()).code ?? '', /^cac_/)
  server.clock.advance(1)
  assert.equal((await silent()).error, 'login_required')
})

test('T-SES-1: cookies are __Host-, Secure, HttpOnly, SameSite=Lax and small', async () => {
  const server = await start()
  const begun = await server.agent().get(requestPath())
  const answer = await sendPassword(await visit(server), alice.username, alice.password)
  for (const [response, name] of [
    [begun, 'browser'],
    [answer, 'session'],
  ] as const) {
    const [cookie = '', ...more] = response.headers.getSetCookie()
    assert.deepEqual(more, [])
    const [pair = '', ...attributes] = cookie.split('; ')
    assert.match(pair, new RegExp(`^__Host-cardea_${name}=c[bs][re]_[\\w-]{49}$`))
    const expected = ['Path=/', 'HttpOnly', 'SameSite=Lax', 'Secure']
    assert.deepEqual(attributes, name === 'session' ? [...expected, 'Max-Age=86400'] : expected)
  }
})

test('T-SES-1: on a loopback issuer without TLS the cookies have no prefix, and work', async () => {
  const server = await start({ issuer: 'http://localhost:8000' })
  const at = await visitConsent(server, alice)
  assert.deepEqual([...at.browser.cookies.keys()], ['cardea_browser', 'cardea_session'])
  assert.match(responseOf(await allow(at)).code ?? '', /^cac_/)
})

/** Counts what the hasher is asked, and with what. */
function countingHasher(): { hasher: SecretHasher; calls: string[] } {
  const calls: string[] = []
  const hasher: SecretHasher = {
    hash: fastHasher.hash,
    verify: (hash, secret) => {
      calls.push(`${hash.length} ${secret}`)
      return fastHasher.verify(hash, secret)
    },
  }
  return { hasher, calls }
}

test('T-SES-6: unknown user, wrong password and disabled user get the same text, status and work', async () => {
  const { hasher, calls } = countingHasher()
  const server = await start({ hasher })
  const off = { id: 'u-off', username: 'carol', created_at: 0, disabled: true }
  await server.store.users.save({ ...off, password_hash: await fastHasher.hash('correct') })
  await server.store.users.save({ id: 'u-no', username: 'dave', created_at: 0 })
  const pages: string[] = []
  for (const [username, password] of [
    ['nobody', 'correct'],
    ['alice', 'correct'],
    ['carol', 'correct'],
    ['dave', 'correct'],
  ] as const) {
    const at = await visit(server)
    const answer = await sendPassword(at, username, password)
    assert.equal(answer.status, 400)
    assert.equal(answer.headers.get('set-cookie'), null)
    const own = [at.csrf, at.path, username]
    pages.push(own.reduce((text, mine) => text.replaceAll(mine, ''), await answer.text()))
  }
  assert.equal(new Set(pages).size, 1)
  assert.match(pages[0] ?? '', /That username and password do not match/)
  assert.deepEqual(calls, Array(4).fill(calls[0]))
  const reasons = server.events.flatMap((event) => (event.type === 'sign_in_failed' ? [event.reason] : []))
  assert.deepEqual(reasons, Array(4).fill('wrong_credentials'))
})

test('T-SES-4: a user who is ended between the password check and the new session gets none', async () => {
  const store = memoryStore()
  const stored = storedAccounts(store.users, fastHasher)
  const accounts: typeof stored = {
    ...stored,
    async authenticate(username, password) {
      const account = await stored.authenticate(username, password)
      await store.users.delete(alice.id)
      return account
    },
  }
  const server = await start({ store, accounts })
  const at = await visit(server)
  const answer = await sendPassword(at, alice.username, alice.password)
  assert.deepEqual([answer.status, at.browser.cookies.has(sessionCookie)], [400, false])
})

test('T-SES-4: a password that is changed between its check and the new session signs nobody in', async () => {
  const store = memoryStore()
  const stored = storedAccounts(store.users, fastHasher)
  const accounts: typeof stored = {
    ...stored,
    async authenticate(username, password) {
      const account = await stored.authenticate(username, password)
      const row = await store.users.find(alice.id)
      assert.ok(row)
      await store.users.save({ ...row, password_hash: await fastHasher.hash('another password') })
      return account
    },
  }
  const server = await start({ store, accounts })
  const at = await visit(server)
  const answer = await sendPassword(at, alice.username, alice.password)
  assert.deepEqual([answer.status, at.browser.cookies.has(sessionCookie)], [400, false])
  assert.equal((await sendPassword(at, alice.username, 'another password')).status, 303)
})

test('sign-in: the username counts in any case and Unicode form', async () => {
  const server = await start({ users: [{ id: 'u', username: 'John@Doe.com', password: 'testpassword' }] })
  for (const username of ['john@doe.com', 'JOHN@DOE.COM', ' john@doe.com ', 'ｊohn@doe.com']) {
    const answer = await sendPassword(await visit(server), username, 'testpassword')
    assert.equal(answer.status, 303, username)
  }
})

test('T-SES-8: any characters and at least 128 of them make a password, and megabytes are not hashed', async () => {
  const { hasher, calls } = countingHasher()
  const password = `${' ü"<&+%\u{1f511}'.repeat(16)}x`
  const server = await start({ hasher, users: [{ ...alice, password }] })
  assert.equal((await sendPassword(await visit(server), 'alice', password)).status, 303)
  calls.length = 0
  for (const [username, secret] of [
    ['alice', 'a'.repeat(1025)],
    ['a'.repeat(255), 'b'],
  ] as const) {
    const answer = await sendPassword(await visit(server), username, secret)
    assert.equal(answer.status, 400)
  }
  assert.deepEqual(calls, [])
  const reasons = server.events.flatMap((event) => (event.type === 'sign_in_failed' ? [event.reason] : []))
  assert.deepEqual(reasons, ['wrong_credentials', 'wrong_credentials'])
})

test('sign-in: missing fields are wrong credentials, and what was typed is shown again without the password', async () => {
  const server = await start()
  const at = await visit(server)
  assert.equal((await at.browser.post(at.path, { csrf: at.csrf })).status, 400)
  const text = await (await sendPassword(at, '"><b>al', 'secret-typed')).text()
  assert.ok(!text.includes('secret-typed'))
  assert.ok(formsOf(text)[0]?.fields.some(([name, value]) => name === 'username' && value === '"><b>al'))
})

test('T-SES-6: no password, cookie or proof appears in an event', async () => {
  const server = await start()
  const at = await visitConsent(server, alice)
  await sendPassword(await visit(server), 'alice', 'a wrong secret')
  await allow(at)
  const told = JSON.stringify(server.events)
  for (const secret of [alice.password, 'a wrong secret', at.csrf, ...at.browser.cookies.values()]) {
    assert.ok(!told.includes(secret))
  }
})
