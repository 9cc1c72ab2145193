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
  heading,
  received,
  scopeBox,
  signIn,
} from './steps.ts'

const open = openChromium()
const withoutScript = { javaScriptEnabled: false }

test('without script: sign-in, a wrong password, another account, a choice of scopes, allow and sign-out all work', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t, withoutScript)).newPage()
  await page.goto(scene.startUrl())
  await page.getByRole('link', { name: 'Sign in' }).click()
  await asksSignIn(page)
  await signIn(page, { ...john, password: 'wrong' })
  assert.match((await alert(page)) ?? '', /do not match/)
  await signIn(page, john)
  await asksConsent(page)
  await button(page, 'action', 'switch_account').click()
  await asksSignIn(page)
  await signIn(page, mary)
  await asksConsent(page)
  await scopeBox(page, 'read').uncheck()
  await allowButton(page).click()
  await received(page)
  assert.deepEqual(await scene.redeem(scene.app.last().get('code')), { status: 200, scope: 'write', sub: mary.id })
  await page.goto(`${scene.issuer}/sign-out`)
  await button(page, 'action', 'sign_out').click()
  await heading(page, 'You are signed out')
})

test('without script: Decline denies', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t, withoutScript)).newPage()
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await declineButton(page).click()
  await received(page)
  assert.equal(scene.app.last().get('error'), 'access_denied')
})

test('pages: not one of the sign-in and consent flow loads or holds a script', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  const kinds = new Set<string>()
  page.on('request', (request) => kinds.add(request.resourceType()))
  await page.goto(scene.authorizeUrl())
  assert.equal(await page.locator('script').count(), 0)
  await signIn(page, john)
  await asksConsent(page)
  assert.equal(await page.locator('script').count(), 0)
  await allowButton(page).click()
  await received(page)
  assert.deepEqual([...kinds], ['document'])
})
