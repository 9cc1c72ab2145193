import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { openChromium } from './chromium.ts'
import { john, mary, openScene } from './scene.ts'
import {
  alert,
  allowButton,
  asksDeviceConsent,
  asksSignIn,
  button,
  declineButton,
  field,
  heading,
  scopeBox,
  signIn,
} from './steps.ts'

const open = openChromium()

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement
    return element.name
      ? `${element.name} ${element.type === 'text' ? '' : element.value}`.trim()
      : element.innerText.replace(/\s+/g, ' ')
  })

async function tabTo(page: Page, what: string): Promise<void> {
  await page.keyboard.press('Tab')
  assert.equal(await focused(page), what)
}

test('A2-DEV-10, WCAG 2.1.1: a device is connected by keyboard and without script: code, sign-in, a choice, allow', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t, { javaScriptEnabled: false })).newPage()
  const code = await scene.userCode()
  await page.goto(`${scene.issuer}/device`)
  await page.locator('input[name="user_code"]:focus').waitFor()
  await page.keyboard.type(code.replace('-', ' ').toLowerCase())
  await page.keyboard.press('Enter')
  await asksSignIn(page)
  await signIn(page, john)
  await asksDeviceConsent(page)
  assert.equal(await page.getByRole('status', { name: 'Code' }).textContent(), code)
  await scopeBox(page, 'write').uncheck()
  await allowButton(page).click()
  await heading(page, 'Done: go back to your device')
  const approved = scene.server.events.find(({ type }) => type === 'device_approved')
  assert.deepEqual(approved, { type: 'device_approved', clientId: 'television', userId: john.id, scope: ['read'] })
})

test('WCAG 2.4.3: the order of the device pages by keyboard', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(`${scene.issuer}/device?user_code=${await scene.userCode()}`)
  assert.equal(await page.locator(':focus').count(), 0) // T-DEV-3: a key held down continues nothing
  await tabTo(page, 'user_code')
  await tabTo(page, 'action continue')
  await page.keyboard.press('Enter')
  await signIn(page, john)
  await asksDeviceConsent(page)
  for (const what of ['Website (opens in a new tab)', 'scope read', 'scope write', 'decision allow', 'decision deny'])
    await tabTo(page, what)
  await page.keyboard.press('Enter')
  await heading(page, 'You declined the request')
})

test('WCAG 3.3.1, A2-DEV-10: after a wrong code the focus is in its field, which names the problem and the hint', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(`${scene.issuer}/device`)
  await field(page, 'user_code').fill('BBBB-BBBB')
  await page.keyboard.press('Enter')
  assert.match((await alert(page)) ?? '', /No device is waiting with that code/)
  await page.locator('input[name="user_code"]:focus').waitFor()
  const code = page.getByRole('textbox', { name: 'Code' })
  assert.equal(await code.getAttribute('aria-describedby'), 'problem hint')
  await code.fill(await scene.userCode())
  await page.keyboard.press('Enter')
  await asksSignIn(page)
})

test('T-DEV-4: another account is chosen before the code belongs to one', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await page.goto(`${scene.issuer}/device?user_code=${await scene.userCode()}`)
  await button(page, 'action', 'switch_account').click()
  await button(page, 'action', 'continue').click()
  await asksSignIn(page)
  await signIn(page, mary)
  await asksDeviceConsent(page)
  assert.equal(await button(page, 'action', 'switch_account').count(), 0)
  await declineButton(page).click()
  await heading(page, 'You declined the request')
})
