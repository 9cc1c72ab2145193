import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestUser } from 'cardea/testing'
import type { Page } from 'playwright-core'
import { openChromium } from './chromium.ts'
import { john, openScene } from './scene.ts'
import { asksConsent, heading, received } from './steps.ts'

const open = openChromium()

interface Focus {
  readonly what: string
  readonly outlineWidth: number
  readonly inView: boolean
}

/** What has the focus, and whether a person sees that it has. */
const focusOf = (page: Page): Promise<Focus> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement
    const style = getComputedStyle(element)
    const { top, bottom } = element.getBoundingClientRect()
    const value = element.type === 'text' || element.type === 'password' ? '' : element.value
    return {
      what: element.name ? `${element.name} ${value}`.trim() : element.innerText.replace(/\s+/g, ' '),
      outlineWidth: style.outlineStyle === 'none' ? 0 : Number.parseFloat(style.outlineWidth),
      inView: top >= 0 && bottom <= innerHeight,
    }
  })

async function tabTo(page: Page, what: string): Promise<void> {
  await page.keyboard.press('Tab')
  const focus = await focusOf(page)
  assert.equal(focus.what, what)
  assert.ok(focus.outlineWidth >= 2, `the focus on ${what} is not visible`)
  assert.ok(focus.inView, `${what} is out of view`)
}

/** Signs in as a person does who never touches the mouse: the first field has the focus. */
async function typeCredentials(page: Page, { username, password }: Pick<TestUser, 'username' | 'password'>) {
  await page.locator('input[name="username"]:focus').waitFor()
  await page.keyboard.type(username)
  await tabTo(page, 'password')
  await page.keyboard.type(password)
}

test('WCAG 2.1.1, 2.4.3, 2.4.7: the whole flow by keyboard, in the order of reading, with the focus visible', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await typeCredentials(page, john)
  await tabTo(page, 'action sign_in')
  await tabTo(page, 'action cancel')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Space')
  await asksConsent(page)
  for (const what of ['Website', 'Privacy policy']) await tabTo(page, `${what} (opens in a new tab)`)
  await tabTo(page, 'action switch_account')
  await tabTo(page, 'scope read')
  await tabTo(page, 'scope write')
  await page.keyboard.press('Space')
  await tabTo(page, 'decision allow')
  await tabTo(page, 'decision deny')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await received(page)
  assert.equal((await scene.redeem(scene.app.last().get('code'))).scope, 'read')
})

test('WCAG 3.3.1: after a wrong password the focus is in the password field, which names the problem', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await typeCredentials(page, { ...john, password: 'wrong' })
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await page.locator('input[name="password"]:focus').waitFor()
  const described = page.getByRole('textbox', { name: 'Password' })
  assert.equal(await described.getAttribute('aria-describedby'), await page.getByRole('alert').getAttribute('id'))
  await page.keyboard.type(john.password)
  await page.keyboard.press('Enter') // Enter signs in and does not cancel
  await asksConsent(page)
})

test('consent: nothing has the focus at first, so that a key held down answers nothing', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await typeCredentials(page, john)
  await page.keyboard.press('Enter')
  await asksConsent(page)
  for (const key of ['Enter', 'Space', 'Enter']) await page.keyboard.press(key)
  await page.goto(`${page.url()}#decision`)
  await page.keyboard.press('Enter')
  await asksConsent(page)
  assert.equal(scene.app.callbacks.length, 0)
})

test('sign-out: by keyboard', async (t) => {
  const scene = await openScene(t)
  const page = await (await open(t)).newPage()
  await page.goto(scene.authorizeUrl())
  await typeCredentials(page, john)
  await page.keyboard.press('Enter')
  await asksConsent(page)
  await page.goto(`${scene.issuer}/sign-out`)
  await heading(page, 'Sign out?')
  await tabTo(page, 'action sign_out')
  await page.keyboard.press('Enter')
  await heading(page, 'You are signed out')
})
