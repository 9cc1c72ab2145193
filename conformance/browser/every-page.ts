import type { Page } from 'playwright-core'
import type { Scene } from './scene.ts'
import { john } from './scene.ts'
import {
  allowButton,
  asksConsent,
  asksDeviceConsent,
  asksSignIn,
  button,
  declineButton,
  field,
  heading,
  received,
  scopeBox,
  signIn,
} from './steps.ts'

/** Looks at the page that is shown now. */
export type Look = (name: string, page: Page) => Promise<void>

async function signInPages(scene: Scene, page: Page, look: Look): Promise<void> {
  await page.goto(scene.authorizeUrl())
  await asksSignIn(page)
  await look('sign-in', page)
  await signIn(page, { ...john, password: 'wrong' })
  await page.getByRole('alert').waitFor()
  await look('sign-in-wrong', page)
  for (
    let attempt = 1;
    attempt <= scene.server.provider.engine.settings.limits.accountFromNetwork.attempts;
    attempt += 1
  ) {
    await signIn(page, { ...john, password: 'wrong' })
    await page.waitForLoadState()
  }
  await page.getByText('Too many attempts').waitFor()
  await look('sign-in-too-many', page)
  scene.clock.advance(900)
}

async function consentPages(scene: Scene, page: Page, look: Look): Promise<void> {
  await page.goto(scene.authorizeUrl())
  await signIn(page, john)
  await asksConsent(page)
  await look('consent', page)
  const address = page.url()
  await scopeBox(page, 'read').uncheck()
  await scopeBox(page, 'write').uncheck()
  await allowButton(page).click()
  await page.getByRole('alert').waitFor()
  await look('consent-nothing-chosen', page)
  await scopeBox(page, 'read').check()
  await allowButton(page).click()
  await received(page)
  await page.goto(address)
  await heading(page, 'This request has already been answered')
  await look('answered', page)
}

async function formPostPage(scene: Scene, page: Page, look: Look): Promise<void> {
  await page.route('**/form-post.js', (route) => route.fulfill({ body: '' })) // so that it stays
  await page.goto(scene.authorizeUrl({ response_mode: 'form_post' }))
  await allowButton(page).click()
  await heading(page, 'Back to the application')
  await look('form-post', page)
}

async function enterCode(page: Page, code: string): Promise<void> {
  await field(page, 'user_code').fill(code)
  await button(page, 'action', 'continue').click()
}

async function devicePages(scene: Scene, page: Page, look: Look): Promise<void> {
  await page.goto(`${scene.issuer}/device`)
  await heading(page, 'Connect a device')
  await look('device-code', page)
  await enterCode(page, 'BBBB-BBBB')
  await page.getByRole('alert').waitFor()
  await look('device-code-unknown', page)
  await page.goto(`${scene.issuer}/device?user_code=${await scene.userCode()}`)
  await look('device-code-from-link', page)
  await button(page, 'action', 'continue').click()
  await asksDeviceConsent(page)
  await look('device-consent', page)
  await allowButton(page).click()
  await heading(page, 'Done: go back to your device')
  await look('device-allowed', page)
  await page.goto(`${scene.issuer}/device`)
  await enterCode(page, await scene.userCode('read'))
  await declineButton(page).click()
  await heading(page, 'You declined the request')
  await look('device-declined', page)
}

/** Before anybody has signed in. */
async function leftDevicePage(scene: Scene, page: Page, look: Look): Promise<void> {
  await page.goto(`${scene.issuer}/device`)
  await enterCode(page, await scene.userCode())
  await asksSignIn(page)
  await button(page, 'action', 'cancel').click()
  await heading(page, 'Nothing was connected')
  await look('device-left', page)
}

async function signOutPages(scene: Scene, page: Page, look: Look): Promise<void> {
  await page.goto(`${scene.issuer}/sign-out`)
  await heading(page, 'Sign out?')
  await look('sign-out', page)
  await button(page, 'action', 'sign_out').click()
  await heading(page, 'You are signed out')
  await look('signed-out', page)
  await page.goto(`${scene.issuer}/sign-out`)
  await look('not-signed-in', page)
}

/** An error of a client that registered itself, and that nobody has looked at. */
async function strangersPage(scene: Scene, page: Page, look: Look): Promise<void> {
  const { store } = scene.server
  const app = await store.clients.find('little-app')
  if (app === undefined) throw new Error('there is no client')
  await store.clients.save({ ...app, client_id: 'stranger', client_name: "Somebody's App", unapproved: true })
  await page.goto(scene.authorizeUrl({ client_id: 'stranger', scope: 'unknown' }))
  await heading(page, 'This request cannot be answered')
  await look('client-error', page)
}

/** Goes through every page there is, as a person would come to them. */
export async function visitEveryPage(scene: Scene, page: Page, look: Look): Promise<void> {
  await page.goto(`${scene.issuer}/authorize?client_id=unknown`)
  await look('error', page)
  await page.goto(`${scene.issuer}/interaction/gone`)
  await look('interaction-gone', page)
  await strangersPage(scene, page, look)
  await leftDevicePage(scene, page, look)
  await signInPages(scene, page, look)
  await consentPages(scene, page, look)
  await formPostPage(scene, page, look)
  await devicePages(scene, page, look)
  await signOutPages(scene, page, look)
}
