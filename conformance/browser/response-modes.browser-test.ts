import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startClientApplication } from '../servers/client-application.ts'
import { listen } from '../servers/listen.ts'
import { openChromium } from './chromium.ts'
import { john, openScene, type Scene } from './scene.ts'
import { allowButton, asksConsent, declineButton, heading, received, signIn } from './steps.ts'

const open = openChromium({ expectedHosts: ['client.invalid', '[::1]'] })

// Nobody listens there; a policy that forbade the address would have kept Chromium from trying.
const unreachable = /ERR_(?:NAME_NOT_RESOLVED|INTERNET_DISCONNECTED|CONNECTION_REFUSED|ADDRESS_UNREACHABLE)/

async function closedPort(): Promise<number> {
  const { port, close } = await listen(() => () => {})
  await close()
  return port
}

async function consentFor(scene: Scene, page: Page, params: Record<string, string>): Promise<void> {
  await page.goto(scene.startUrl(params))
  await page.getByRole('link', { name: 'Sign in' }).click()
  await signIn(page, john)
  await asksConsent(page)
}

test('Form Post §2: the answer is posted to the client without a click', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await consentFor(scene, page, { response_mode: 'form_post' })
  await allowButton(page).click()
  await received(page)
  assert.deepEqual(
    scene.app.callbacks.map(({ method }) => method),
    ['POST'],
  )
  const answer = scene.app.last()
  assert.equal(answer.get('state'), 'some state')
  assert.equal(answer.get('iss'), scene.issuer)
  assert.equal((await scene.redeem(answer.get('code'))).status, 200)
  assert.equal(new URL(page.url()).search, '')
})

test('Form Post §2: without script there is a button', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t, { javaScriptEnabled: false })).newPage()
  await consentFor(scene, page, { response_mode: 'form_post' })
  await allowButton(page).click()
  await heading(page, 'Back to the application')
  assert.equal(scene.app.callbacks.length, 0)
  await page.getByRole('button', { name: 'Continue' }).click()
  await received(page)
  assert.equal((await scene.redeem(scene.app.last().get('code'))).status, 200)
})

test('Form Post §2: a denial is posted too', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await consentFor(scene, page, { response_mode: 'form_post' })
  await declineButton(page).click()
  await received(page)
  assert.equal(scene.app.callbacks[0]?.method, 'POST')
  assert.equal(scene.app.last().get('error'), 'access_denied')
})

test('Form Post §2: a form_post callback that sends the person on to another origin is not held up', async (t) => {
  const scene = await openScene(t)
  const elsewhere = await startClientApplication(t)
  scene.app.forwardTo(`${elsewhere.origin}/done`)
  const page = await (await open(t)).newPage()
  await consentFor(scene, page, { response_mode: 'form_post' })
  await allowButton(page).click()
  await page.waitForURL(`${elsewhere.origin}/done`)
})

test('RFC 6749 §4.2.2: the implicit grant puts the token into the fragment, out of the client’s server’s sight', async (t) => {
  const scene = await openScene(t, { responseTypes: ['code', 'token'] })
  const page = await (await open(t)).newPage()
  await consentFor(scene, page, { response_type: 'token' })
  await allowButton(page).click()
  await received(page)
  const url = new URL(page.url())
  const answer = new URLSearchParams(url.hash.slice(1))
  assert.deepEqual([...answer.keys()], ['access_token', 'expires_in', 'token_type', 'scope', 'state', 'iss'])
  assert.equal(url.search, '')
  assert.deepEqual([...scene.app.last()], [])
  const authorization = `Bearer ${answer.get('access_token')}`
  assert.equal((await fetch(scene.resource, { headers: { authorization } })).status, 200)
})

test('RFC 6749 §4.2.2.1: a denial of the implicit grant comes in the fragment', async (t) => {
  const scene = await openScene(t, { responseTypes: ['code', 'token'] })
  const page = await (await open(t)).newPage()
  await consentFor(scene, page, { response_type: 'token' })
  await declineButton(page).click()
  await received(page)
  const url = new URL(page.url())
  assert.equal(new URLSearchParams(url.hash.slice(1)).get('error'), 'access_denied')
  assert.equal(url.search, '')
})

test('CSP form-action: a callback that sends the person on to another http origin is not held up', async (t) => {
  const scene = await openScene(t)
  const elsewhere = await startClientApplication(t)
  scene.app.forwardTo(`${elsewhere.origin}/done`)
  const page = await (await open(t)).newPage()
  await consentFor(scene, page, {})
  await allowButton(page).click()
  await page.waitForURL(`${elsewhere.origin}/done`)
})

test('CSP form-action: a callback that sends the person on to an https origin is not held up', async (t) => {
  const scene = await openScene(t)
  scene.app.forwardTo('https://client.invalid/done')
  const page = await (await open(t)).newPage()
  await consentFor(scene, page, {})
  const asked = page.waitForEvent('requestfailed', (request) => request.url() === 'https://client.invalid/done')
  await allowButton(page).click()
  assert.match((await asked).failure()?.errorText ?? '', unreachable)
})

test('CSP form-action: an https redirect URI is not held up', async (t) => {
  const redirectUri = 'https://client.invalid/callback'
  const scene = await openScene(t, { client: { redirect_uris: [redirectUri] } })
  const page = await (await open(t)).newPage()
  await consentFor(scene, page, { redirect_uri: redirectUri })
  const asked = page.waitForEvent('requestfailed', (request) => request.url().startsWith(`${redirectUri}?code=`))
  await allowButton(page).click()
  assert.match((await asked).failure()?.errorText ?? '', unreachable)
})

test('CSP form-action: a native client on the IPv6 loopback is not held up', async (t) => {
  const scene = await openScene(t, { client: { application_type: 'native', redirect_uris: ['http://[::1]/callback'] } })
  const page = await (await open(t)).newPage()
  const redirectUri = `http://[::1]:${await closedPort()}/callback`
  await consentFor(scene, page, { redirect_uri: redirectUri })
  const asked = page.waitForEvent('requestfailed', (request) => request.url().startsWith(`${redirectUri}?code=`))
  await allowButton(page).click()
  assert.match((await asked).failure()?.errorText ?? '', unreachable)
})

test('RFC 8252 §7.3: a native client gets its answer on the port it listens on', async (t) => {
  const scene = await openScene(t, {
    client: { application_type: 'native', redirect_uris: ['http://127.0.0.1/callback'] },
  })
  const page = await (await open(t)).newPage()
  await consentFor(scene, page, {})
  await allowButton(page).click()
  await received(page)
  assert.equal((await scene.redeem(scene.app.last().get('code'))).status, 200)
})

test('RFC 8252 §7.1: an app’s own scheme is not held up', async (t) => {
  const redirectUri = 'com.example.little:/callback'
  const scene = await openScene(t, { client: { application_type: 'native', redirect_uris: [redirectUri] } })
  const page = await (await open(t)).newPage()
  await consentFor(scene, page, { redirect_uri: redirectUri })
  const answered = page.waitForResponse((response) => response.status() === 303)
  await allowButton(page).click()
  assert.match((await answered).headers().location ?? '', /^com\.example\.little:\/callback\?code=/)
})
