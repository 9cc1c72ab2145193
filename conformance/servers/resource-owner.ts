import { formsOf, type TestUser, type UserAgent } from 'cardea/testing'
import type { AuthorizationServer } from './authorization-server.ts'

export const john: TestUser = { id: 'u-john', username: 'john@doe.com', password: 'testpassword' }

async function signedInConsentPage(browser: UserAgent, user: TestUser, authorizeUrl: string): Promise<Response> {
  const signInPage = await browser.follow(await browser.get(authorizeUrl))
  const answer = await browser.submit(signInPage, {
    username: user.username,
    password: user.password,
    action: 'sign_in',
  })
  return browser.follow(answer)
}

/** A person in a browser without script who signs in and decides. Returns where the server then sends the browser. */
export async function decideOn(
  server: AuthorizationServer,
  authorizeUrl: string,
  decision: 'allow' | 'deny',
  user: TestUser = john,
): Promise<URL> {
  const browser = server.agent()
  const page = await signedInConsentPage(browser, user, authorizeUrl)
  const form = formsOf(await page.text()).find(({ fields }) => fields.some(([name]) => name === 'scope'))
  if (form === undefined) throw new Error(`no consent page at ${authorizeUrl}`)
  const answer = await browser.post(form.action, [...form.fields, ['decision', decision]])
  const location = answer.headers.get('location')
  if (location === null) throw new Error(`the decision was answered with ${answer.status}`)
  return new URL(location)
}
