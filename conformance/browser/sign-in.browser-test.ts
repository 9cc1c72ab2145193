import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openChromium } from './chromium.ts'
import { john, mary, openScene } from './scene.ts'
import { alert, allowButton, asksConsent, asksSignIn, button, field, heading, received, signIn } from './steps.ts'

const open = openChromium()

const limits = { accountFromNetwork: { attempts: 3, window: 900 } }
const mismatch = 'That username and password do not match. Please check both and try again.'

test('sign-in: a wrong password and an unknown name get the same words, and the name is kept', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await signIn(page, { ...john, password: 'wrong' })
  assert.equal(await alert(page), mismatch)
  assert.equal(await field(page, 'username').inputValue(), john.username)
  assert.equal(await field(page, 'password').inputValue(), '')
  await signIn(page, { username: 'nobody@nowhere.example', password: 'wrong' })
  await page.waitForLoadState()
  assert.equal(await alert(page), mismatch)
  await signIn(page, john)
  await asksConsent(page)
})

test('sign-in: markup typed as a name is shown as it was typed', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  const username = '"><img src=x onerror=alert(1)>'
  await page.goto(scene.authorizeUrl())
  await signIn(page, { username, password: 'wrong' })
  assert.equal(await alert(page), mismatch)
  assert.equal(await field(page, 'username').inputValue(), username)
  assert.equal(await page.locator('img').count(), 0)
})

test('sign-in: after too many attempts the right password waits too, and works once the time is over', async (t) => {
  const scene = await openScene(t, { limits })
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  for (let attempt = 0; attempt < limits.accountFromNetwork.attempts; attempt += 1) {
    await signIn(page, { ...john, password: `guess ${attempt}` })
    assert.equal(await alert(page), mismatch)
  }
  await signIn(page, john)
  await page.getByRole('alert').filter({ hasText: 'Too many attempts' }).waitFor()
  assert.equal(await alert(page), 'Too many attempts. Please try again in 15 minutes.')
  scene.clock.advance(900)
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await asksConsent(page)
})

test('sign-in: one person’s guesses do not shut another one out', async (t) => {
  const scene = await openScene(t, { limits })
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  for (let attempt = 0; attempt <= limits.accountFromNetwork.attempts; attempt += 1) {
    await signIn(page, { ...john, password: `guess ${attempt}` })
    await page.getByRole('alert').waitFor()
  }
  await signIn(page, mary)
  await asksConsent(page)
})

test('sign-in: Cancel sends the client a denial, without a password having been typed', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await button(page, 'action', 'cancel').click()
  await received(page)
  assert.equal(scene.app.last().get('error'), 'access_denied')
  assert.equal(scene.app.last().get('state'), 'some state')
})

test('interaction: a sign-in form that was left open too long is refused with a way out, and nobody is signed in', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await asksSignIn(page)
  scene.clock.advance(600)
  await signIn(page, john)
  await heading(page, 'This request cannot be answered')
  assert.match(await page.locator('main').innerText(), /Go back to the application and start again/)
  await page.goto(`${scene.issuer}/sign-out`)
  await heading(page, 'You are not signed in')
})

test('interaction: a consent form that was left open too long grants nothing', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await asksConsent(page)
  scene.clock.advance(600)
  await allowButton(page).click()
  await heading(page, 'This request cannot be answered')
  assert.equal(scene.app.callbacks.length, 0)
})

test('session: it ends with its time, and the next request asks for the password', async (t) => {
  const scene = await openScene(t, { lifetimes: { session: 3600 } })
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await asksConsent(page)
  scene.clock.advance(3600)
  await page.goto(scene.authorizeUrl())
  await asksSignIn(page)
})

test('sign-out: asks first, ends the session on the server, and the cookie from before is worth nothing', async (t) => {
  const scene = await openScene(t)
  const context = await open(t)
  const page = await context.newPage()
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await asksConsent(page)
  const before = await context.cookies()
  await page.goto(`${scene.issuer}/sign-out`)
  await heading(page, 'Sign out?')
  await button(page, 'action', 'sign_out').click()
  await heading(page, 'You are signed out')
  await context.addCookies(before)
  await page.goto(`${scene.issuer}/sign-out`)
  await heading(page, 'You are not signed in')
  await page.goto(scene.authorizeUrl())
  await asksSignIn(page)
})

test('session fixation: the sign-in gives the browser a new session, and its cookies are hidden from scripts', async (t) => {
  const scene = await openScene(t)
  const context = await open(t)
  const page = await context.newPage()
  const session = async () => (await context.cookies()).find(({ name }) => name === 'cardea_session')
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await asksConsent(page)
  const first = await session()
  await button(page, 'action', 'switch_account').click()
  await asksSignIn(page)
  await signIn(page, john)
  await asksConsent(page)
  const second = await session()
  assert.notEqual(first?.value, second?.value)
  const cookies = await context.cookies()
  assert.ok(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === 'Lax'))
  assert.equal(await page.evaluate(() => document.cookie), '')
})
