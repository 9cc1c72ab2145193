import { createHash, randomBytes } from 'node:crypto'
import { type IncomingHttpHeaders, request as nodeRequest } from 'node:http'
import { basic, formsOf, UserAgent } from 'cardea/testing'
import { job, john, redirectUri } from './actors.ts'
import type { Started } from './setup.ts'

export const formType = 'application/x-www-form-urlencoded'

/** A browser without script that speaks real HTTP. */
export const browserFor = ({ origin }: Started): UserAgent =>
  new UserAgent((request) => fetch(request, { redirect: 'manual' }), origin)

export interface Post {
  readonly headers?: Readonly<Record<string, string>>
  /** Default: as `job`, by Basic. Null: nobody. */
  readonly as?: null
}

/** Posts a form to an endpoint. */
export function post(
  { issuer }: Started,
  endpoint: string,
  form: string | Record<string, string>,
  { headers, as }: Post = {},
): Promise<Response> {
  const credentials = as === null ? {} : { authorization: basic(job.id, job.secret) }
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString()
  return fetch(issuer + endpoint, {
    method: 'POST',
    body,
    headers: { 'content-type': formType, ...credentials, ...headers },
  })
}

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly scope: string
}

export async function tokensIn(answer: Response): Promise<Tokens> {
  if (answer.status !== 200) throw new Error(`no tokens but ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Tokens
}

/** An access token of the service itself. */
export const machineToken = async (server: Started, scope = 'read'): Promise<string> =>
  (await tokensIn(await post(server, '/token', { grant_type: 'client_credentials', scope }))).access_token

export interface Asked {
  readonly path: string
  readonly verifier: string
}

/** An authorization request of the application. */
export function authorizationRequest({ issuer }: Started, more: Record<string, string> = {}): Asked {
  const verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'app',
    redirect_uri: redirectUri,
    scope: 'read',
    state: 'a state & more',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  })
  return { path: `${new URL(issuer).pathname.replace(/\/$/, '')}/authorize?${query}`, verifier }
}

/** The person signs in and allows what was not allowed before; returns what the application is told. */
export async function signInAndAllow(browser: UserAgent, path: string): Promise<Response> {
  const signIn = await browser.follow(await browser.get(path))
  const entered = { username: john.username, password: john.password, action: 'sign_in' }
  const next = await browser.follow(await browser.submit(signIn, entered))
  const html = await next.clone().text()
  if (!html.includes('name="decision"')) return next
  const question = formsOf(html).at(-1)
  return browser.post(question?.action ?? '', [...(question?.fields ?? []), ['decision', 'allow']])
}

/** Redeems a code of the application. */
export const redeem = (server: Started, code: string, verifier: string): Promise<Response> =>
  post(
    server,
    '/token',
    { grant_type: 'authorization_code', client_id: 'app', redirect_uri: redirectUri, code, code_verifier: verifier },
    { as: null },
  )

export const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` })

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Sends headers just as they are given, repeats included, and the target without any normalisation. */
export function sendExactly(
  { origin }: Started,
  given: { method?: string; path: string; headers?: readonly string[]; body?: string },
): Promise<RawAnswer> {
  const { method = 'GET', path, headers = [], body } = given
  const { hostname, port, host } = new URL(origin)
  const length = body === undefined || headers.includes('transfer-encoding') ? [] : ['content-length', `${body.length}`]
  const all = ['host', host, ...headers, ...length]
  return new Promise((resolve, reject) => {
    const sent = nodeRequest({ hostname, port, method, path, headers: all, agent: false }, async (answer) => {
      let text = ''
      for await (const chunk of answer.setEncoding('utf8')) text += chunk
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
