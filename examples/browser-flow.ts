import { createHash, randomBytes } from 'node:crypto'
import { formsOf, UserAgent } from 'cardea/testing'

export interface Flow {
  /** The issuer: an origin, and a path where it has one. */
  readonly origin: string
  readonly clientId: string
  readonly redirectUri: string
  readonly scope: string
  readonly username: string
  readonly password: string
}

/** The authorization code flow as an application and a person go through it; returns the token answer. */
export async function authorizeAndRedeem(flow: Flow) {
  const { origin, clientId, redirectUri, scope, username, password } = flow
  const verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    state: 'from-the-app',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const { origin: site, pathname } = new URL(origin)
  const browser = new UserAgent((request) => fetch(request, { redirect: 'manual' }), site)
  const signIn = await browser.follow(await browser.get(`${pathname.replace(/\/$/, '')}/authorize?${query}`))
  const consent = await browser.follow(await browser.submit(signIn, { username, password, action: 'sign_in' }))
  const question = formsOf(await consent.text()).at(-1)
  if (question === undefined) throw new Error(`no question but ${consent.status}`)
  const decided = await browser.post(question.action, [...question.fields, ['decision', 'allow']])
  const back = new URL(decided.headers.get('location') ?? '')
  return redeem(origin, {
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code: back.searchParams.get('code') ?? '',
    code_verifier: verifier,
  })
}

export interface TokenAnswer {
  readonly access_token: string
  readonly refresh_token: string
  readonly scope: string
}

/** Posts to the token endpoint. */
export async function redeem(origin: string, form: Record<string, string>): Promise<TokenAnswer> {
  const response = await fetch(`${origin}/token`, { method: 'POST', body: new URLSearchParams(form) })
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
  return (await response.json()) as TokenAnswer
}
