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
  sendPassword,
  signIn,
  visit,
  visitConsent,
  webApp,
} from '../testing/authorization-visit.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'
import type { UserAgent } from '../testing/user-agent.ts'

const start = (): Promise<TestServer> => startTestServer({ clients: [webApp], users: [alice, bob] })

const browserCookie = '__Host-cardea_browser'
const sessionCookie = '__Host-cardea_session'

const copyCookie = (from: UserAgent, to: UserAgent, name: string): unknown =>
  to.cookies.set(name, from.cookies.get(name) ?? '')

const nothingIssued = ({ events }: TestServer): void =>
  assert.deepEqual(
    events.filter(({ type }) => type === 'code_issued' || type === 'token_issued'),
    [],
  )

/** The words for an interaction that is not this browser's, with everything that could tell two cases apart. */
async function notHere(answer: Response): Promise<string> {
  assert.equal(answer.status, 400)
  assert.equal(answer.headers.get('location'), null)
  assert.equal(answer.headers.get('set-cookie'), null)
  return answer.text()
}

test('T-SES-4: an interaction of one browser can be neither seen nor answered by another', async () => {
  const server = await start()
  const a = await visitConsent(server, alice)
  const b = await visitConsent(server, bob)
  const intruder = { ...a, browser: b.browser }
  const pages = [
    await notHere(await b.browser.get(a.path)),
    await notHere(await allow(intruder)),
    await notHere(await decline(intruder)),
    await notHere(await allow({ ...intruder, csrf: b.csrf })),
    await notHere(await b.browser.post(a.path, { csrf: a.csrf, action: 'switch_account' })),
    await notHere(await sendPassword(intruder, bob.username, bob.password)),
    await notHere(await server.agent().get(a.path)),
    await notHere(await b.browser.get('/interaction/AAAAAAAAAAAAAAAAAAAAAAAA')),
  ]
  assert.equal(new Set(pages).size, 1)
  nothingIssued(server)
  assert.match(responseOf(await allow(a)).code ?? '', /^cac_/)
})

test('T-SES-4: the words are the same for expired, unknown, answered and malformed ids of another browser', async () => {
  const server = await start()
  const answered = await visitConsent(server, alice)
  await allow(answered)
  const stranger = (await visit(server)).browser
  const expired = await visit(server, {}, stranger)
  server.clock.advance(600)
  const paths = [answered.path, expired.path, '/interaction/', '/interaction/%00', `/interaction/${'a'.repeat(5000)}`]
  const pages = await Promise.all(paths.map(async (path) => notHere(await stranger.get(path))))
  assert.equal(new Set(pages).size, 1)
})

test('T-SES-4: an interaction has one address: no second spelling reaches it', async () => {
  const server = await start()
  const { browser, path } = await visit(server)
  for (const other of [
    `/interaction/x${path.slice('/interaction'.length)}`,
    `${path}/`,
    `${path}/x`,
    path.toUpperCase(),
  ]) {
    assert.notEqual((await browser.get(other)).status, 200, other)
  }
})

test('T-SES-3: a form is void with the proof of another interaction, browser or person', async () => {
  const server = await start()
  const a = await visitConsent(server, alice)
  const b = await visitConsent(server, bob)
  const second = await visit(server, { scope: 'read write' }, a.browser)
  for (const csrf of [b.csrf, second.csrf, '', 'x', a.csrf.slice(1), `${a.csrf}=`, a.csrf.toUpperCase()]) {
    const answer = await allow({ ...a, csrf })
    assert.equal(answer.status, 403, csrf)
    assert.match(await answer.text(), /value="allow"/)
  }
  nothingIssued(server)
})

test('T-SES-4: the session of one browser is no use for the interaction of another', async () => {
  const server = await start()
  const a = await visitConsent(server, alice)
  const b = await visit(server)
  copyCookie(a.browser, b.browser, browserCookie)
  assert.equal((await b.browser.get(b.path)).status, 400)
  const c = await visit(server)
  copyCookie(a.browser, c.browser, sessionCookie)
  const answer = await allow({ ...c, csrf: a.csrf })
  assert.equal(answer.status, 403)
  nothingIssued(server)
})

test('T-SES-3: a consent form that was shown to one person does nothing once another has signed in', async () => {
  const server = await start()
  const asAlice = await visitConsent(server, alice)
  await signIn(await visit(server, { prompt: 'login' }, asAlice.browser), bob)
  for (const send of [allow, decline]) {
    const answer = await send(asAlice)
    assert.equal(answer.status, 403)
    assert.match(await answer.text(), /Signed in as <strong><bdi>bob</)
  }
  nothingIssued(server)
  assert.match(responseOf(await allow(await reload(asAlice))).code ?? '', /^cac_/)
  const issued = server.events.find(({ type }) => type === 'code_issued')
  assert.equal(issued?.type === 'code_issued' && issued.userId, bob.id)
})

test('T-SES-4: an interaction that was answered in one tab cannot be answered in another', async () => {
  const server = await start()
  for (const [first, second] of [
    [allow, decline],
    [decline, allow],
    [allow, allow],
  ] as const) {
    const tab = await visitConsent(server, alice, { prompt: 'consent' })
    const sameInOtherTab = await reload(tab)
    assert.equal((await first(tab)).status, 303)
    const late = await second(sameInOtherTab)
    assert.deepEqual([late.status, late.headers.get('location')], [410, null])
  }
})

test('T-SES-4: the back button after an answer shows that it was answered', async () => {
  const server = await start()
  const at = await visitConsent(server, alice)
  await allow(at)
  const back = await at.browser.get(at.path)
  assert.equal(back.status, 410)
  assert.match(await back.text(), /already been answered/)
  assert.equal((await sendPassword(at, alice.username, alice.password)).status, 410)
  assert.equal(server.events.filter(({ type }) => type === 'code_issued').length, 1)
})

test('T-SES-4: two tabs of one browser have an interaction each', async () => {
  const server = await start()
  const one = await visit(server, { state: 'one' })
  const two = await visit(server, { state: 'two', scope: 'write' }, one.browser)
  const oneSignedIn = await signIn(one, alice)
  assert.equal(responseOf(await decline(oneSignedIn)).state, 'one')
  const twoSignedIn = await reload(two)
  const { code = '', state } = responseOf(await allow(twoSignedIn, ['write']))
  assert.deepEqual([state, code.slice(0, 4)], ['two', 'cac_'])
})

test('T-SES-4: a first visit in two tabs at once: the tab whose cookie won goes on, the other starts again', async () => {
  const server = await start()
  const [one, two] = [server.agent(), server.agent()]
  const first = await visit(server, { state: 'one' }, one)
  const second = await visit(server, { state: 'two' }, two)
  copyCookie(two, one, browserCookie)
  assert.equal((await one.get(first.path)).status, 400)
  assert.equal((await one.get(second.path)).status, 200)
  const again = await visit(server, { state: 'one' }, one)
  assert.equal((await one.get(second.path)).status, 200)
  const { state } = responseOf(await allow(await signIn(again, alice)))
  assert.equal(state, 'one')
})

test('T-SES-4: an interaction lives for its lifetime and not a second longer', async () => {
  const server = await start()
  const at = await visitConsent(server, alice)
  server.clock.advance(599)
  assert.equal((await at.browser.get(at.path)).status, 200)
  server.clock.advance(1)
  const answer = await allow(at)
  assert.match(await notHere(answer), /Go back to the application and start again/)
  nothingIssued(server)
})

test('T-SES-3: consent is given by POST only', async () => {
  const server = await start()
  const at = await visitConsent(server, alice)
  const query = new URLSearchParams({ csrf: at.csrf, scope: 'read', decision: 'allow' })
  const answer = await at.browser.get(`${at.path}?${query}`)
  assert.deepEqual([answer.status, answer.headers.get('location')], [200, null])
  const posted = await at.browser.post(`${at.path}?${query}`, {})
  assert.equal(posted.status, 403)
  nothingIssued(server)
})

test('T-SES-3: a request by POST from another site leaves what the person does in another tab alone', async () => {
  const server = await start()
  const browser = await remembered(server, alice)
  const open = await visit(server, { scope: 'read write' }, browser)
  const [, query = ''] = requestPath({ state: 'forged' }).split('?')
  const withoutCookies = await server.post('/authorize', query, { headers: { 'sec-fetch-site': 'cross-site' } })
  assert.equal(withoutCookies.status, 303)
  assert.equal(withoutCookies.headers.get('set-cookie'), null)
  assert.match(responseOf(await allow(open)).code ?? '', /^cac_/)
})
