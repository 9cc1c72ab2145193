import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openChromium } from './chromium.ts'
import { john, mary, openScene } from './scene.ts'
import {
  alert,
  allowButton,
  asksConsent,
  asksSignIn,
  button,
  declineButton,
  received,
  scopeBox,
  signIn,
} from './steps.ts'

const open = openChromium()

test('RFC 6749 §4.1.2: who signs in and allows sends a code with state and iss to the client', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.startUrl())
  await page.getByRole('link', { name: 'Sign in' }).click()
  await signIn(page, john)
  await asksConsent(page)
  await allowButton(page).click()
  await received(page)
  const answer = scene.app.last()
  assert.deepEqual([...answer.keys()], ['code', 'state', 'iss'])
  assert.equal(answer.get('state'), 'some state')
  assert.equal(answer.get('iss'), scene.issuer)
  assert.deepEqual(await scene.redeem(answer.get('code')), { status: 200, scope: 'read write', sub: john.id })
})

test('consent: the page names the client, where it will send the person, who is signed in and every scope', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await asksConsent(page)
  const text = await page.locator('main').innerText()
  for (const part of ['little-app', new URL(scene.app.origin).host, john.username, 'Read your things', 'Change your']) {
    assert.ok(text.includes(part), `${part} is not in:\n${text}`)
  }
  assert.equal(await page.locator('input[name="scope"]').count(), 2)
})

test('RFC 6749 §4.1.2.1: Decline denies, and the client gets no code', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await declineButton(page).click()
  await received(page)
  const answer = scene.app.last()
  assert.equal(answer.get('error'), 'access_denied')
  assert.equal(answer.get('state'), 'some state')
  assert.equal(answer.get('code'), null)
  assert.equal(await scene.server.store.consents.find(john.id, 'little-app'), undefined)
})

test('RFC 6749 §3.3: an unticked scope is not granted, and is asked for again next time', async (t) => {
  const scene = await openScene(t, { client: { secret: 'a secret' } })
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await scopeBox(page, 'write').uncheck()
  await allowButton(page).click()
  await received(page)
  assert.equal((await scene.redeem(scene.app.last().get('code'))).scope, 'read')
  await page.goto(scene.authorizeUrl({ scope: 'read' }))
  await received(page) // nothing new: not asked
  await page.goto(scene.authorizeUrl())
  await asksConsent(page)
})

test('consent: with nothing ticked nothing is granted, and the page says what to do', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await scopeBox(page, 'read').uncheck()
  await scopeBox(page, 'write').uncheck()
  await allowButton(page).click()
  assert.equal(await alert(page), 'Nothing is chosen. Choose at least one item, or decline.')
  assert.equal(await scopeBox(page, 'read').isChecked(), false)
  assert.equal(scene.app.callbacks.length, 0)
  await scopeBox(page, 'read').check()
  await allowButton(page).click()
  await received(page)
  assert.equal((await scene.redeem(scene.app.last().get('code'))).scope, 'read')
})

test('consent: a scope that was put into the form by hand is not granted', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl({ scope: 'read' }))
  await signIn(page, john)
  await scopeBox(page, 'read').evaluate((box) => {
    const forged = box.cloneNode() as HTMLInputElement
    forged.value = 'write'
    box.after(forged)
  })
  await allowButton(page).click()
  await received(page)
  assert.equal((await scene.redeem(scene.app.last().get('code'))).scope, 'read')
})

test('consent: Use another account ends the session, and the token is for who allows in the end', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await asksConsent(page)
  await button(page, 'action', 'switch_account').click()
  await asksSignIn(page)
  await signIn(page, mary)
  await asksConsent(page)
  assert.match(await page.locator('main').innerText(), /mary@major\.example/)
  await allowButton(page).click()
  await received(page)
  assert.equal((await scene.redeem(scene.app.last().get('code'))).sub, mary.id)
})

test('RFC 8252 §8.6: a public client on loopback is asked for every time, since anybody may listen there', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await allowButton(page).click()
  await received(page)
  await page.goto(scene.authorizeUrl())
  await asksConsent(page)
})

test('consent: a client the person allowed before gets its answer without a page', async (t) => {
  const scene = await openScene(t, { client: { secret: 'a secret' } })
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await allowButton(page).click()
  await received(page)
  await page.goto(scene.authorizeUrl({ state: 'again' }))
  await received(page)
  assert.equal(scene.app.last().get('state'), 'again')
})
