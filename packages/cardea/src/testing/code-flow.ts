import type { TestServer, TestUser } from './test-server.ts'
import { formsOf, type UserAgent } from './user-agent.ts'

/** The PKCE pair of RFC 7636 Appendix B. */
export const pkcePair = {
  verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
} as const

export interface AuthorizeOptions {
  /** Default `/authorize`. */
  readonly path?: string
  /** Default: a new browser. */
  readonly browser?: UserAgent
}

/** Presses Allow on a consent page, whose last form is the one that decides. */
async function allow(page: Response, browser: UserAgent): Promise<Response> {
  const form = formsOf(await page.text()).at(-1)
  if (form === undefined) throw new Error(`no form on the page that came with ${page.status}`)
  return browser.post(form.action, [...form.fields, ['decision', 'allow']])
}

/** Signs the user in, allows all that is asked, and returns where the browser is sent. */
export async function authorize(
  server: TestServer,
  user: TestUser,
  query: Record<string, string>,
  { path = '/authorize', browser = server.agent() }: AuthorizeOptions = {},
): Promise<URL> {
  let answer = await browser.follow(await browser.get(`${path}?${new URLSearchParams(query)}`))
  if ((await answer.clone().text()).includes('name="password"')) {
    const { username, password } = user
    answer = await browser.follow(await browser.submit(answer, { username, password, action: 'sign_in' }))
  }
  if (!answer.headers.has('location')) answer = await allow(answer, browser)
  const location = answer.headers.get('location')
  if (location === null) throw new Error(`no redirect but ${answer.status}`)
  return new URL(location)
}

/** An authorization code for that client, asked for with the challenge of `pkcePair` unless the query says otherwise. */
export async function codeFor(
  server: TestServer,
  user: TestUser,
  query: Record<string, string> & { readonly client_id: string },
  options?: AuthorizeOptions,
): Promise<string> {
  const challenge = { code_challenge: pkcePair.challenge, code_challenge_method: 'S256' }
  const sent = await authorize(server, user, { response_type: 'code', ...challenge, ...query }, options)
  const code = sent.searchParams.get('code')
  if (code === null) throw new Error(`no code: ${sent.search}`)
  return code
}
