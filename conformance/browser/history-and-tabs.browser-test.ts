import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openChromium } from './chromium.ts'
import { john, mary, openScene } from './scene.ts'
import { allowButton, asksConsent, asksSignIn, field, heading, received, signIn } from './steps.ts'

const open = openChromium()

test('back button: after consent it says that the request was answered, and the client gets nothing more', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.startUrl())
  await page.getByRole('link', { name: 'Sign in' }).click()
  await signIn(page, john)
  await allowButton(page).click()
  await received(page)
  await page.goBack()
  await heading(page, 'This request has already been answered')
  assert.equal(scene.app.callbacks.length, 1)
  await page.goForward()
  await received(page)
})

test('back button: after sign-in it leads out of the sign-in form, and forward to the consent page again', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.startUrl())
  await page.getByRole('link', { name: 'Sign in' }).click()
  await signIn(page, john)
  await asksConsent(page)
  await page.goBack()
  await page.getByRole('heading', { level: 1 }).waitFor()
  assert.equal(await field(page, 'password').count(), 0)
  await page.goForward()
  await asksConsent(page)
  await allowButton(page).click()
  await received(page)
  assert.equal((await scene.redeem(scene.app.last().get('code'))).status, 200)
})

test('back button: after consent it says so too when the first password was wrong', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.startUrl())
  await page.getByRole('link', { name: 'Sign in' }).click()
  await signIn(page, { ...john, password: 'wrong' })
  await page.getByRole('alert').waitFor()
  await signIn(page, john)
  await allowButton(page).click()
  await received(page)
  await page.goBack()
  await heading(page, 'This request has already been answered')
  assert.equal(scene.app.callbacks.length, 1)
})

test('interaction: a consent page that was answered in another copy of it grants nothing a second time', async (t) => {
  const scene = await openScene(t)
  const context = await open(t)
  const page = await context.newPage()
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await asksConsent(page)
  const copy = await context.newPage()
  await copy.goto(page.url())
  await asksConsent(copy)
  await allowButton(page).click()
  await received(page)
  await allowButton(copy).click()
  await heading(copy, 'This request has already been answered')
  assert.equal(scene.app.callbacks.length, 1)
})

test('two tabs: each request gets its own answer, and the second needs no second password', async (t) => {
  const scene = await openScene(t)
  const context = await open(t)
  const [one, two] = [await context.newPage(), await context.newPage()]
  await one.goto(scene.authorizeUrl({ state: 'one', scope: 'read' }))
  await two.goto(scene.authorizeUrl({ state: 'two', scope: 'write' }))
  await asksSignIn(two)
  await signIn(one, john)
  await asksConsent(one)
  await two.reload()
  await asksConsent(two)
  await allowButton(two).click()
  await received(two)
  assert.equal(scene.app.last().get('state'), 'two')
  assert.equal((await scene.redeem(scene.app.last().get('code'))).scope, 'write')
  await allowButton(one).click()
  await received(one)
  assert.equal(scene.app.last().get('state'), 'one')
  assert.equal((await scene.redeem(scene.app.last().get('code'))).scope, 'read')
})

test('two tabs: a sign-in form from before somebody signed in elsewhere changes nobody, and shows who is signed in', async (t) => {
  const scene = await openScene(t)
  const context = await open(t)
  const [one, two] = [await context.newPage(), await context.newPage()]
  await one.goto(scene.authorizeUrl({ state: 'one' }))
  await two.goto(scene.authorizeUrl({ state: 'two' }))
  await asksSignIn(two)
  await signIn(one, john)
  await asksConsent(one)
  await signIn(two, mary)
  await asksConsent(two)
  assert.match(await two.locator('.identity').innerText(), /john@doe\.example/)
  await allowButton(one).click()
  await received(one)
  assert.equal((await scene.redeem(scene.app.last().get('code'))).sub, john.id)
})

test('two tabs: a consent page shown to one person is void once another one is signed in', async (t) => {
  const scene = await openScene(t)
  const context = await open(t)
  const [one, two] = [await context.newPage(), await context.newPage()]
  await one.goto(scene.authorizeUrl({ state: 'one' }))
  await signIn(one, john)
  await asksConsent(one)
  await two.goto(scene.authorizeUrl({ state: 'two' }))
  await two.locator('button[value="switch_account"]').click()
  await asksSignIn(two)
  await signIn(two, mary)
  await asksConsent(two)
  await allowButton(one).click()
  await one.getByText(mary.username).waitFor()
  assert.equal(scene.app.callbacks.length, 0)
})

test('two browsers: neither can open or answer what the other one began, and the own one still works', async (t) => {
  const scene = await openScene(t)
  const [his, hers] = [await (await open(t)).newPage(), await (await open(t)).newPage()]
  await his.goto(scene.authorizeUrl({ state: 'his' }))
  await hers.goto(scene.authorizeUrl({ state: 'hers' }))
  await signIn(his, john)
  await signIn(hers, mary)
  await asksConsent(his)
  await asksConsent(hers)
  const [hisUrl, hersUrl] = [his.url(), hers.url()]
  await his.goto(hersUrl)
  await heading(his, 'This request cannot be answered')
  await hers.goto(hisUrl)
  await heading(hers, 'This request cannot be answered')
  await his.goto(hisUrl)
  await allowButton(his).click()
  await received(his)
  assert.equal(scene.app.last().get('state'), 'his')
  assert.equal((await scene.redeem(scene.app.last().get('code'))).sub, john.id)
})

test('two browsers: a form sent to the other one’s address grants nothing', async (t) => {
  const scene = await openScene(t)
  const [his, hers] = [await (await open(t)).newPage(), await (await open(t)).newPage()]
  await his.goto(scene.authorizeUrl({ state: 'his' }))
  await hers.goto(scene.authorizeUrl({ state: 'hers' }))
  await signIn(his, john)
  await signIn(hers, mary)
  await asksConsent(hers)
  await asksConsent(his)
  const target = new URL(hers.url()).pathname
  await allowButton(his).evaluate(
    (button, action) => (button as HTMLButtonElement).form?.setAttribute('action', action),
    target,
  )
  await allowButton(his).click()
  await heading(his, 'This request cannot be answered')
  assert.equal(scene.app.callbacks.length, 0)
})
