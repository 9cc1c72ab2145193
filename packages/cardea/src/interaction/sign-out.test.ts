import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  alice,
  allow,
  bob,
  remembered,
  requestPath,
  responseOf,
  signIn,
  visit,
  visitConsent,
  webApp,
} from '../testing/authorization-visit.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'
import { formsOf, type UserAgent } from '../testing/user-agent.ts'

const start = (): Promise<TestServer> => startTestServer({ clients: [webApp], users: [alice, bob] })

const sessionCookie = '__Host-cardea_session'

async function csrfFor(browser: UserAgent): Promise<string> {
  const [form] = formsOf(await (await browser.get('/sign-out')).text())
  return form?.fields.find(([name]) => name === 'csrf')?.[1] ?? ''
}

const isSignedIn = async (browser: UserAgent): Promise<boolean> =>
  responseOf(await browser.get(requestPath({ prompt: 'none' }))).code !== undefined

test('T-OUT-1: a link asks and signs nobody out', async () => {
  const server = await start()
  const browser = await remembered(server, alice)
  for (const path of ['/sign-out', '/sign-out?action=sign_out', `/sign-out?csrf=${await csrfFor(browser)}`]) {
    const page = await browser.get(path)
    assert.equal(page.status, 200)
    assert.equal(page.headers.get('set-cookie'), null)
    assert.match(await page.text(), /You are signed in as <strong><bdi>alice</)
  }
  assert.ok(await isSignedIn(browser))
})

test('T-OUT-1: signing out ends the session on the server, and copies of its cookie with it', async () => {
  const server = await start()
  const browser = await remembered(server, alice)
  const copy = server.agent()
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  const answer = await browser.post('/sign-out', { csrf: await csrfFor(browser), action: 'sign_out' })
  assert.equal(answer.status, 200)
  assert.match(await answer.text(), /You are signed out/)
  assert.match(answer.headers.get('set-cookie') ?? '', /^__Host-cardea_session=; .*Secure; Max-Age=0$/)
  assert.equal(browser.cookies.has(sessionCookie), false)
  assert.equal(await isSignedIn(copy), false)
  const told = server.events.filter(({ type }) => type === 'signed_out')
  assert.deepEqual(told, [{ type: 'signed_out', userId: alice.id }])
})

test('T-SES-3: signing out by a forged form does nothing', async () => {
  const server = await start()
  const browser = await remembered(server, alice)
  const other = (await signIn(await visit(server), bob)).browser
  const csrf = await csrfFor(browser)
  const interaction = await visit(server, { prompt: 'consent' }, browser)
  for (const forged of ['', 'x', await csrfFor(other), interaction.csrf]) {
    assert.equal((await browser.post('/sign-out', { csrf: forged, action: 'sign_out' })).status, 403)
  }
  assert.equal((await browser.post('/sign-out', {})).status, 403)
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
    assert.equal((await browser.post('/sign-out', { csrf }, headers as Record<string, string>)).status, 403)
  }
  assert.ok(await isSignedIn(browser))
})

test('T-OUT-1: whoever is not signed in is told so, by GET and by POST', async () => {
  const server = await start()
  const browser = server.agent()
  for (const page of [await browser.get('/sign-out'), await browser.post('/sign-out', { csrf: 'x' })]) {
    assert.equal(page.status, 200)
    assert.match(await page.text(), /You are not signed in/)
  }
})

test('T-OUT-1: a consent page that was open when somebody signed out allows nothing', async () => {
  const server = await start()
  const at = await visitConsent(server, alice)
  await at.browser.post('/sign-out', { csrf: await csrfFor(at.browser) })
  const answer = await allow(at)
  assert.equal(answer.status, 403)
  assert.match(await answer.text(), /name="password"/)
})

test('T-SES-3: a form says where it comes from, and none from elsewhere is taken', async () => {
  const server = await start()
  const foreign: readonly Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://auth.example' },
    { origin: 'https://auth.example:8443' },
    { origin: 'https://auth.example.evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'nonsense' },
    { origin: 'https://auth.example', 'sec-fetch-site': 'cross-site' },
  ]
  for (const headers of foreign) {
    const { browser, csrf, path } = await visit(server)
    const credentials = { csrf, username: alice.username, password: alice.password, action: 'sign_in' }
    const signingIn = await browser.post(path, credentials, headers)
    assert.deepEqual([signingIn.status, signingIn.headers.get('set-cookie')], [403, null], JSON.stringify(headers))
    const consent = await signIn({ browser, csrf, path, page: signingIn, text: '' }, alice)
    const fields = { csrf: consent.csrf, scope: 'read', decision: 'allow' }
    const allowing = await browser.post(path, fields, headers)
    assert.deepEqual([allowing.status, allowing.headers.get('location')], [403, null], JSON.stringify(headers))
  }
  const own = await visitConsent(server, alice)
  const fields = { csrf: own.csrf, scope: 'read', decision: 'allow' }
  const headers = { origin: 'https://auth.example', 'sec-fetch-site': 'same-origin' }
  assert.match(responseOf(await own.browser.post(own.path, fields, headers)).code ?? '', /^cac_/)
})

test('T-SES-3: the proofs of forms outlive a new secret put in front of the old one, and no other change of it', async () => {
  const [old, fresh] = ['o'.repeat(40), 'f'.repeat(40)]
  const server = await startTestServer({ clients: [webApp], users: [alice], secrets: [old] })
  const at = await visitConsent(server, alice)
  for (const [secrets, status] of [
    [[fresh], 403],
    [[fresh, old], 303],
  ] as const) {
    const next = await startTestServer({ store: server.store, clock: server.clock, secrets })
    const browser = next.agent()
    for (const [name, value] of at.browser.cookies) browser.cookies.set(name, value)
    assert.equal((await allow({ ...at, browser })).status, status)
  }
})
