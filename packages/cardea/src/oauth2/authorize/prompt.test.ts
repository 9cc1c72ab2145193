import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  alice,
  allow,
  bob,
  decline,
  type Query,
  reload,
  remembered,
  requestPath,
  responseOf,
  sendPassword,
  signIn,
  visit,
  visitConsent,
  webApp,
} from '../../testing/authorization-visit.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients: [webApp], users: [alice, bob], ...options })

const isSignIn = (text: string): boolean => text.includes('name="password"')

test('OIDC Core §3.1.2.1: prompt=none never shows a page: without a session it is login_required', async () => {
  const server = await start()
  assert.equal(responseOf(await server.agent().get(requestPath({ prompt: 'none' }))).error, 'login_required')
})

test('OIDC Core §3.1.2.1: prompt=none without consent is consent_required, and begins no interaction', async () => {
  const server = await start()
  const { browser } = await visitConsent(server, alice)
  const before = new Map(browser.cookies)
  const answer = await browser.get(requestPath({ prompt: 'none' }))
  assert.equal(responseOf(answer).error, 'consent_required')
  assert.deepEqual(browser.cookies, before)
})

test('OIDC Core §3.1.2.1: prompt=none is silent where sign-in and consent are there', async () => {
  const server = await start()
  const browser = await remembered(server, alice)
  assert.match(responseOf(await browser.get(requestPath({ prompt: 'none' }))).code ?? '', /^cac_/)
  assert.equal(
    responseOf(await browser.get(requestPath({ prompt: 'none', scope: 'read write' }))).error,
    'consent_required',
  )
})

test('OIDC Core §3.1.2.1: prompt=none is login_required when the sign-in is older than max_age or has ended', async () => {
  const server = await start()
  const browser = await remembered(server, alice)
  server.clock.advance(61)
  const silent = async (max_age: string) => responseOf(await browser.get(requestPath({ prompt: 'none', max_age })))
  assert.equal((await silent('60')).error, 'login_required')
  assert.match((await silent('61')).code ?? '', /^cac_/)
  server.clock.advance(86400)
  assert.equal((await silent('9999999999')).error, 'login_required')
})

const demands: readonly Query[] = [
  { prompt: 'login' },
  { prompt: 'login consent' },
  { prompt: 'select_account' },
  { max_age: '0' },
]

test('OIDC Core §3.1.2.1: prompt=login, select_account and max_age=0 ask even in the second of a sign-in', async () => {
  for (const demand of demands) {
    const server = await start()
    const at = await visit(server, demand, await remembered(server, alice))
    assert.ok(isSignIn(at.text), JSON.stringify(demand))
    assert.ok(isSignIn((await visit(server, demand)).text), JSON.stringify(demand))
  }
})

const forgeries: readonly Record<string, string>[] = [
  { decision: 'allow', scope: 'read' },
  { decision: 'allow', scope: 'read', prompt: 'none' },
  { action: 'sign_in', decision: 'allow', scope: 'read' },
]

test('T-SES-4: a demanded sign-in cannot be dropped: not by coming again, by parameters or by a forged decision', async () => {
  for (const demand of demands) {
    const server = await start()
    const at = await visit(server, demand, await remembered(server, alice))
    assert.ok(isSignIn((await reload(at)).text))
    assert.equal((await at.browser.get(`${at.path}?prompt=none&max_age=9999`)).headers.get('location'), null)
    for (const fields of forgeries) {
      const answer = await at.browser.post(at.path, { csrf: at.csrf, ...fields })
      assert.equal(answer.headers.get('location'), null)
      assert.ok(isSignIn(await answer.text()))
    }
    assert.equal((await sendPassword(at, alice.username, 'wrong')).status, 400)
    assert.ok(isSignIn((await reload(at)).text))
    assert.equal(server.events.filter(({ type }) => type === 'code_issued').length, 1)
  }
})

test('OIDC Core §3.1.2.1: a demanded sign-in is met by a new one, in the same second too', async () => {
  for (const demand of demands) {
    const server = await start()
    const at = await visit(server, demand, await remembered(server, alice))
    const answer = await sendPassword(at, alice.username, alice.password)
    assert.equal(answer.headers.get('location'), at.path)
    const next = await at.browser.get(at.path)
    if (demand.prompt === 'login consent') assert.match(await next.text(), /value="allow"/)
    else assert.match(responseOf(next).code ?? '', /^cac_/)
  }
})

test('T-SES-4: a session that came back after prompt=login began does not count when it is older', async () => {
  const server = await start()
  const browser = await remembered(server, alice)
  const session = browser.cookies.get('__Host-cardea_session') ?? ''
  browser.cookies.delete('__Host-cardea_session')
  server.clock.advance(1)
  const at = await visit(server, { prompt: 'login' }, browser)
  browser.cookies.set('__Host-cardea_session', session)
  assert.ok(isSignIn((await reload(at)).text))
})

test('OIDC Core §3.1.2.1: max_age asks again only when the sign-in is older', async () => {
  const server = await start()
  const browser = await remembered(server, alice)
  server.clock.advance(100)
  assert.match(responseOf(await browser.get(requestPath({ max_age: '100' }))).code ?? '', /^cac_/)
  assert.ok(isSignIn((await visit(server, { max_age: '99' }, browser)).text))
})

test('T-SES-4: prompt=login declined leaves the earlier session as it was', async () => {
  const server = await start()
  const browser = await remembered(server, alice)
  const at = await visit(server, { prompt: 'login' }, browser)
  const answer = await browser.post(at.path, { csrf: at.csrf, action: 'cancel' })
  assert.equal(responseOf(answer).error, 'access_denied')
  assert.match(responseOf(await browser.get(requestPath({ prompt: 'none' }))).code ?? '', /^cac_/)
})

test('OIDC Core §3.1.2.1: prompt=select_account lets another user sign in, for whom consent counts anew', async () => {
  const server = await start()
  const at = await visit(server, { prompt: 'select_account' }, await remembered(server, alice))
  const asBob = await signIn(at, bob)
  assert.match(asBob.text, /Signed in as <strong><bdi>bob</)
})

test('OIDC Core §3.1.2.1: prompt=consent asks although consent is remembered', async () => {
  const server = await start()
  const at = await visit(server, { prompt: 'consent' }, await remembered(server, alice))
  assert.match(at.text, /value="allow"/)
  assert.match(responseOf(await allow(at)).code ?? '', /^cac_/)
})

test('T-AUZ-17: consent covers what was allowed before; anything more, another user or another client is asked', async () => {
  const other = { ...webApp, client_id: 'other' }
  const server = await start({ clients: [webApp, other] })
  const browser = await remembered(server, alice)
  assert.match(responseOf(await browser.get(requestPath())).code ?? '', /^cac_/)
  const more = await visit(server, { scope: 'read write' }, browser)
  await allow(more, ['read', 'write'])
  for (const scope of ['read', 'write', 'write read']) {
    assert.match(responseOf(await browser.get(requestPath({ scope }))).code ?? '', /^cac_/, scope)
  }
  assert.match((await visit(server, { client_id: 'other' }, browser)).text, /value="allow"/)
  assert.match((await visitConsent(server, bob)).text, /value="allow"/)
})

test('T-AUZ-17: what was left unticked or declined is asked again', async () => {
  const server = await start()
  const at = await visitConsent(server, alice, { scope: 'read write' })
  await allow(at, ['read'])
  const again = await visit(server, { scope: 'read write' }, at.browser)
  await decline(again)
  assert.match((await visit(server, { scope: 'write' }, at.browser)).text, /value="allow"/)
  assert.match(responseOf(await at.browser.get(requestPath({ scope: 'read' }))).code ?? '', /^cac_/)
})

test('T-AUZ-17: what is unticked later is asked again too, and what was not asked for this time stays allowed', async () => {
  const scopes = ['read', 'write', 'admin'].map((name) => ({ name, description: name, is_default: false }))
  const server = await start({ scopes })
  const at = await visitConsent(server, alice, { scope: 'read write admin' })
  await allow(at, ['read', 'write', 'admin'])
  await allow(await visit(server, { scope: 'read write', prompt: 'consent' }, at.browser), ['read'])
  assert.match((await visit(server, { scope: 'write' }, at.browser)).text, /value="allow"/)
  assert.match(responseOf(await at.browser.get(requestPath({ scope: 'read admin' }))).code ?? '', /^cac_/)
})

test('T-AUZ-17: consent is forgotten when the authorizations of the user are revoked', async () => {
  const server = await start()
  const browser = await remembered(server, alice)
  await server.store.authorizations.revokeByUser(alice.id, server.clock.now(), 'app')
  assert.match((await visit(server, {}, browser)).text, /value="allow"/)
})

const unproven = {
  ...webApp,
  application_type: 'native' as const,
  redirect_uris: ['http://127.0.0.1/cb', 'com.example.app:/cb', 'https://client.example/claimed'],
}

test('RFC 8252 §8.6: a request that any app could make is never answered silently, remembered or not', async () => {
  for (const first_party of [false, true]) {
    const server = await start({ clients: [{ ...unproven, first_party }] })
    const at = await visitConsent(server, alice, { redirect_uri: 'http://127.0.0.1:4711/cb' })
    await allow(at)
    for (const redirect_uri of ['http://127.0.0.1:4711/cb', 'com.example.app:/cb']) {
      assert.match((await visit(server, { redirect_uri }, at.browser)).text, /value="allow"/)
      const silent = await at.browser.get(requestPath({ redirect_uri, prompt: 'none' }))
      assert.equal(responseOf(silent).error, 'consent_required')
    }
    const claimed = await at.browser.get(requestPath({ redirect_uri: 'https://client.example/claimed' }))
    assert.match(responseOf(claimed).code ?? '', /^cac_/)
  }
})

test('first_party: the operator’s own client asks for no consent, yet for a sign-in', async () => {
  const server = await start({ clients: [{ ...webApp, first_party: true }] })
  const at = await visit(server)
  assert.ok(isSignIn(at.text))
  await sendPassword(at, alice.username, alice.password)
  assert.match(responseOf(await at.browser.get(at.path)).code ?? '', /^cac_/)
})
