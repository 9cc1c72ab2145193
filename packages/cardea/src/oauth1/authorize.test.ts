import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alice, bob } from '../testing/authorization-visit.ts'
import {
  approve,
  callback,
  exchange,
  oauth1Client,
  outcomeOf,
  startOAuth1Server,
  temporaryFor,
} from '../testing/oauth1-flow.ts'
import type { TestServer, TestUser } from '../testing/test-server.ts'
import { formsOf, type UserAgent } from '../testing/user-agent.ts'

const desk = oauth1Client('desk', { secret: 'desk-secret', callbacks: ['oob', callback] }, { client_name: 'Desk <b>' })
const asDesk = { consumerKey: 'desk', keys: { clientSecret: 'desk-secret' } }
const asks = (token: string): string => `/oauth1/authorize?oauth_token=${encodeURIComponent(token)}`

/** The consent page, after that user has signed in for it. */
async function consentPage(server: TestServer, token: string, user: TestUser = alice, browser = server.agent()) {
  const page = await browser.follow(await browser.get(asks(token)))
  const { username, password } = user
  const consent = await browser.follow(await browser.submit(page, { username, password, action: 'sign_in' }))
  return { browser, consent }
}

async function decide(browser: UserAgent, page: Response, decision: 'allow' | 'deny'): Promise<Response> {
  const form = formsOf(await page.clone().text()).at(-1)
  if (form === undefined) throw new Error('no form')
  return browser.post(form.action, [...form.fields, ['decision', decision]])
}

test('A1-OAUTH1-33: without, with an unknown and with an expired token there is a page, and no redirect', async () => {
  const server = await startOAuth1Server()
  const { token } = await temporaryFor(server)
  const pages = [await server.agent().get('/oauth1/authorize'), await server.agent().get(asks('nothing'))]
  server.clock.advance(3600)
  pages.push(await server.agent().get(asks(token)))
  pages.push(await server.agent().post('/oauth1/authorize', { oauth_token: 'nothing' }))
  const statuses = pages.map(({ status }) => status)
  assert.deepEqual(statuses, [400, 401, 401, 401])
  for (const page of pages) {
    assert.equal(page.headers.get('location'), null)
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
  }
})

test('A1-OAUTH1-34: the page names the client, where the person will be sent, and what is asked for', async () => {
  const server = await startOAuth1Server({ clients: [desk] })
  const { token } = await temporaryFor(server, asDesk)
  const { consent } = await consentPage(server, token)
  const text = await consent.text()
  assert.match(text, /Desk &lt;b&gt;/)
  assert.match(text, /client\.example/)
  assert.match(text, /Read your things/)
})

test('A1-OAUTH1-35: who allows is sent to the callback, its query kept, with token and verifier', async () => {
  const server = await startOAuth1Server()
  const temporary = await temporaryFor(server)
  const sent = await approve(server, temporary)
  assert.equal(sent.origin + sent.pathname, 'https://client.example/cb')
  assert.deepEqual([...sent.searchParams.keys()], ['kept', 'oauth_token', 'oauth_verifier'])
  assert.equal(sent.searchParams.get('oauth_token'), temporary.token)
  assert.match(sent.searchParams.get('oauth_verifier') ?? '', /^[A-Za-z0-9]{36}$/)
})

test('A1-OAUTH1-38: who declines is sent to the callback with access_denied, and the credential is gone', async () => {
  const server = await startOAuth1Server()
  const temporary = await temporaryFor(server)
  const { browser, consent } = await consentPage(server, temporary.token)
  const answer = await decide(browser, consent, 'deny')
  const sent = new URL(answer.headers.get('location') ?? '')
  assert.equal(answer.status, 303)
  assert.equal(sent.searchParams.get('error'), 'access_denied')
  assert.equal(sent.searchParams.get('oauth_token'), temporary.token)
  assert.equal(sent.searchParams.get('oauth_verifier'), null)
  assert.equal((await server.agent().get(asks(temporary.token))).status, 401)
  assert.equal(await outcomeOf(await exchange(server, { temporary, verifier: 'v' })), '401 invalid_token')
})

test('A1-OAUTH1-39: what was answered cannot be authorized again, not even in a page that is still open', async () => {
  const server = await startOAuth1Server()
  const temporary = await temporaryFor(server)
  const open = await consentPage(server, temporary.token, bob)
  const verifier = (await approve(server, temporary)).searchParams.get('oauth_verifier') ?? ''
  const late = await decide(open.browser, open.consent, 'allow')
  assert.equal(late.headers.get('location'), null)
  assert.equal((await server.agent().get(asks(temporary.token))).status, 401)
  assert.equal(await outcomeOf(await exchange(server, { temporary, verifier })), '200')
})

test('A1-OAUTH1-39: whoever declines in another browser does not end what its owner has allowed', async () => {
  const server = await startOAuth1Server()
  const temporary = await temporaryFor(server)
  const open = await consentPage(server, temporary.token, bob)
  const verifier = (await approve(server, temporary)).searchParams.get('oauth_verifier') ?? ''
  await decide(open.browser, open.consent, 'deny')
  assert.equal(await outcomeOf(await exchange(server, { temporary, verifier })), '200')
})

test('A1-OAUTH1-37: oob: the page shows a short code, which the client exchanges', async () => {
  const server = await startOAuth1Server({ clients: [desk] })
  const temporary = await temporaryFor(server, { ...asDesk, parameters: { oauth_callback: 'oob' } })
  const { browser, consent } = await consentPage(server, temporary.token)
  assert.match(await consent.clone().text(), /You will get a code/)
  const page = await decide(browser, consent, 'allow')
  assert.equal(page.status, 200)
  assert.equal(page.headers.get('cache-control'), 'no-store')
  assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
  const [, verifier = ''] = /<output[^>]*>([^<]+)</.exec(await page.text()) ?? []
  assert.match(verifier, /^[BCDFGHJKLMNPQRSTVWXZ2-9]{8}$/)
  assert.equal(await outcomeOf(await exchange(server, { temporary, verifier }, asDesk)), '200')
})

test('A1-OAUTH1-37: oob: who declines sees a page that says so', async () => {
  const server = await startOAuth1Server({ clients: [desk] })
  const { token } = await temporaryFor(server, { ...asDesk, parameters: { oauth_callback: 'oob' } })
  const { browser, consent } = await consentPage(server, token)
  const page = await decide(browser, consent, 'deny')
  assert.equal(page.status, 200)
  assert.match(await page.text(), /You declined the request/)
})

test('T-OA1-7: consent is asked every time, of a first-party client too', async () => {
  const ours = oauth1Client('ours', { secret: 'ours-secret' }, { first_party: true })
  const server = await startOAuth1Server({ clients: [ours] })
  const request = { consumerKey: 'ours', keys: { clientSecret: 'ours-secret' } }
  const browser = server.agent()
  await approve(server, await temporaryFor(server, request), alice, { browser })
  const again = await temporaryFor(server, request)
  const page = await browser.follow(await browser.get(asks(again.token)))
  assert.equal(page.status, 200)
  assert.match(await page.text(), /asks for access/)
})

test('T-OA1-7: the back button and a second press of Allow find the request answered', async () => {
  const server = await startOAuth1Server()
  const { token } = await temporaryFor(server)
  const { browser, consent } = await consentPage(server, token)
  await decide(browser, consent, 'allow')
  const action = formsOf(await consent.clone().text()).at(-1)?.action ?? ''
  assert.equal((await browser.get(action)).status, 410)
  assert.equal((await decide(browser, consent, 'allow')).status, 410)
})

test('T-OA1-7: another browser can neither see nor answer the page', async () => {
  const server = await startOAuth1Server()
  const { token } = await temporaryFor(server)
  const { consent } = await consentPage(server, token)
  const action = formsOf(await consent.clone().text()).at(-1)?.action ?? ''
  const other = await consentPage(server, (await temporaryFor(server)).token, bob)
  assert.equal((await other.browser.get(action)).status, 400)
  assert.equal((await decide(other.browser, consent, 'allow')).status, 400)
})

test('T-OA1-7: a form without its proof, or from another site, allows nothing', async () => {
  const server = await startOAuth1Server()
  const { token } = await temporaryFor(server)
  const { browser, consent } = await consentPage(server, token)
  const form = formsOf(await consent.clone().text()).at(-1)
  const action = form?.action ?? ''
  const fields: [string, string][] = [
    ['scope', 'read'],
    ['decision', 'allow'],
  ]
  assert.equal((await browser.post(action, fields)).status, 403)
  const forged = await browser.post(action, [...(form?.fields ?? []), ...fields], { origin: 'https://evil.example' })
  assert.equal(forged.status, 403)
})

test('T-OA1-2: a callback that was taken from the client while the person decided is not used any more', async () => {
  const server = await startOAuth1Server()
  const { token } = await temporaryFor(server)
  const { browser, consent } = await consentPage(server, token)
  const client = await server.store.clients.find('printer')
  if (client?.oauth1 === undefined) throw new Error('no client')
  await server.store.clients.save({ ...client, oauth1: { ...client.oauth1, callbacks: ['https://new.example/cb'] } })
  for (const decision of ['allow', 'deny'] as const) {
    const answer = await decide(browser, consent, decision)
    assert.equal(answer.headers.get('location'), null)
    assert.equal(answer.status, 400)
  }
})

test('A1-OAUTH1-04: a callback that a store let in unchecked is not redirected to', async () => {
  const wild = oauth1Client('wild', { secret: 's', callbacks: ['javascript:alert(1)', 'https://a.example/#f'] })
  const server = await startOAuth1Server({ clients: [wild] })
  for (const oauth_callback of ['javascript:alert(1)', 'https://a.example/#f']) {
    const request = { consumerKey: 'wild', keys: { clientSecret: 's' }, parameters: { oauth_callback } }
    const { token } = await temporaryFor(server, request)
    assert.equal((await server.agent().get(asks(token))).status, 401)
  }
})

test('RFC 5849 §2.2: the person may allow less than was asked for', async () => {
  const server = await startOAuth1Server()
  const temporary = await temporaryFor(server, { body: 'scope=read%20write' })
  const { browser, consent } = await consentPage(server, temporary.token)
  const form = formsOf(await consent.text()).at(-1)
  const fields = (form?.fields ?? []).filter(([, value]) => value !== 'write')
  const answer = await browser.post(form?.action ?? '', [...fields, ['decision', 'allow']])
  const verifier = new URL(answer.headers.get('location') ?? '').searchParams.get('oauth_verifier') ?? ''
  await exchange(server, { temporary, verifier })
  const [found] = await server.store.tokenCredentials.list({}, { limit: 1 })
  assert.deepEqual(found?.credential.scope, ['read'])
})
