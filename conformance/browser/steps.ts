import type { TestUser } from 'cardea/testing'
import type { Locator, Page } from 'playwright-core'

// By field name and value, which automation may rely on, never by text or style.
export const field = (page: Page, name: string): Locator => page.locator(`input[name="${name}"]`)
export const button = (page: Page, name: string, value: string): Locator =>
  page.locator(`button[name="${name}"][value="${value}"]`)
export const scopeBox = (page: Page, name: string): Locator => page.locator(`input[name="scope"][value="${name}"]`)

export const allowButton = (page: Page): Locator => button(page, 'decision', 'allow')
export const declineButton = (page: Page): Locator => button(page, 'decision', 'deny')

export async function signIn(page: Page, { username, password }: Pick<TestUser, 'username' | 'password'>) {
  await field(page, 'username').fill(username)
  await field(page, 'password').fill(password)
  await button(page, 'action', 'sign_in').click()
}

/** Waits for the page with that heading. */
export const heading = (page: Page, text: string | RegExp): Promise<void> =>
  page.getByRole('heading', { level: 1, name: text }).waitFor()

export const asksConsent = (page: Page): Promise<void> => heading(page, 'Little App asks for access to your account')
export const asksDeviceConsent = (page: Page): Promise<void> =>
  heading(page, 'Living Room Television asks for access to your account')
export const asksSignIn = (page: Page): Promise<void> => heading(page, 'Sign in')

/** Waits until the client has received its answer. */
export const received = (page: Page): Promise<void> => page.locator('#received').waitFor()
export const alert = (page: Page): Promise<string | null> => page.getByRole('alert').textContent()
