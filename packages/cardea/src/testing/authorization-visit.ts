import { pkcePair } from './code-flow.ts'
import type { TestClient, TestServer, TestUser } from './test-server.ts'
import { formsOf, type UserAgent } from './user-agent.ts'

/** A public web client, as a single-page application registers one. */
export const webApp: TestClient = { client_id: 'app', grant_types: ['authorization_code', 'refresh_token'] }

export const alice: TestUser = { id: 'u-alice', username: 'alice', password: 'correct horse' }
export const bob: TestUser = { id: 'u-bob', username: 'bob', password: 'battery staple' }

/** A parameter set to undefined is left out. */
export type Query = Readonly<Record<string, string | undefined>>

/** Path and query of a sound request of `webApp`, changed as given. */
export function requestPath(query: Query = {}, path = '/authorize'): string {
  const whole = {
    client_id: webApp.client_id,
    response_type: 'code',
    state: 'st-1',
    code_challenge: pkcePair.challenge,
    code_challenge_method: 'S256',
    ...query,
  }
  const sent = Object.entries(whole).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return `${path}?${new URLSearchParams(sent)}`
}

/** A browser at a page of an interaction. */
export interface Visit {
  readonly browser: UserAgent
  readonly page: Response
  /** Of the interaction. */
  readonly path: string
  readonly csrf: string
  readonly text: string
}

async function visitOf(browser: UserAgent, page: Response, path: string): Promise<Visit> {
  const text = await page.clone().text()
  const csrf = formsOf(text)
    .flatMap(({ fields }) => fields)
    .find(([name]) => name === 'csrf')?.[1]
  if (csrf === undefined) throw new Error(`no form on the page that came with ${page.status}`)
  return { browser, page, path, csrf, text }
}

/** Opens the interaction that the request begins. */
export async function visit(server: TestServer, query: Query = {}, browser = server.agent()): Promise<Visit> {
  const begun = await browser.get(requestPath(query))
  const path = begun.headers.get('location') ?? ''
  if (!path.startsWith('/interaction/')) throw new Error(`no interaction but ${begun.status} ${path}`)
  return visitOf(browser, await browser.get(path), path)
}

export const reload = async ({ browser, path }: Visit): Promise<Visit> =>
  visitOf(browser, await browser.get(path), path)

/** Sends the sign-in form. */
export const sendPassword = ({ browser, path, csrf }: Visit, username: string, password: string): Promise<Response> =>
  browser.post(path, { csrf, username, password, action: 'sign_in' })

/** Signs in, and returns the page that follows. */
export async function signIn(at: Visit, { username, password }: TestUser): Promise<Visit> {
  const answer = await sendPassword(at, username, password)
  if (answer.headers.get('location') !== at.path) throw new Error(`sign-in was answered with ${answer.status}`)
  return reload(at)
}

/** The consent page of a request, after that user has signed in for it. */
export const visitConsent = async (
  server: TestServer,
  user: TestUser,
  query: Query = {},
  browser = server.agent(),
): Promise<Visit> => signIn(await visit(server, query, browser), user)

export const allow = ({ browser, path, csrf }: Visit, scope: readonly string[] = ['read']): Promise<Response> =>
  browser.post(path, [['csrf', csrf], ...scope.map((name) => ['scope', name] as const), ['decision', 'allow']])

export const decline = ({ browser, path, csrf }: Visit): Promise<Response> =>
  browser.post(path, { csrf, decision: 'deny' })

/** A browser in which that user is signed in and has allowed `webApp` the scope `read`. */
export async function remembered(server: TestServer, user: TestUser): Promise<UserAgent> {
  const at = await visitConsent(server, user)
  await allow(at)
  return at.browser
}

/** Parameters of an authorization response, whichever way a redirect brings them. */
export function responseOf(answer: Response): Record<string, string> {
  const location = answer.headers.get('location')
  if (answer.status !== 303 || location === null) throw new Error(`no redirect but ${answer.status}`)
  const { search, hash } = new URL(location, 'https://auth.example')
  return Object.fromEntries(new URLSearchParams(hash.length > 2 ? hash.slice(1) : search))
}
