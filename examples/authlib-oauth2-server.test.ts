import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { basic, formsOf, UserAgent } from 'cardea/testing'
import { freePort, type StartedExample, startExample } from './started-example.ts'

let example: StartedExample
let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authlib-example-'))
  example = await startExample('authlib-oauth2-server/server.ts', { PORT: String(await freePort()), DATA: folder })
})

after(async () => {
  assert.equal(await example.stop(), 0)
  await rm(folder, { recursive: true })
})

const newBrowser = () => new UserAgent((request) => fetch(request, { redirect: 'manual' }), example.origin)

const verifier = randomBytes(32).toString('base64url')
const phone = { client_id: 'phone-app', redirect_uri: 'https://pocket.example/callback', scope: 'profile email' }

const authorizePath = (more: Record<string, string> = {}): string =>
  `/oauth/authorize?${new URLSearchParams({
    response_type: 'code',
    ...phone,
    state: 'from the app',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  })}`

async function signedIn(): Promise<UserAgent> {
  const browser = newBrowser()
  const page = await browser.get('/login')
  assert.equal((await browser.submit(page, { username: 'ada', password: 'correct horse' })).status, 303)
  return browser
}

const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(example.origin + path, { method: 'POST', body: new URLSearchParams(form), headers })

const redeem = (code: string, more: Record<string, string> = {}, headers = {}): Promise<Response> => {
  const { client_id, redirect_uri } = phone
  const form = { grant_type: 'authorization_code', client_id, redirect_uri, code, code_verifier: verifier, ...more }
  return post('/oauth/token', form, headers)
}

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly scope: string
}

const me = ({ access_token }: Tokens): Promise<Response> =>
  fetch(`${example.origin}/api/me`, { headers: { authorization: `Bearer ${access_token}` } })

const sentTo = (answer: Response): URL => new URL(answer.headers.get('location') ?? 'nowhere:', example.origin)

test('example authlib-oauth2-server: login, consent, code, tokens, the API, refresh and revocation', async () => {
  const browser = newBrowser()
  const login = sentTo(await browser.get(authorizePath()))
  assert.equal(login.pathname, '/login')
  const page = await browser.get(login.pathname + login.search)
  const consent = await browser.follow(await browser.submit(page, { username: 'ada', password: 'correct horse' }))
  const html = await consent.clone().text()
  assert.match(html, /Pocket Diary asks for access/)
  assert.match(html, /See your e-mail address/)
  assert.match(consent.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
  const back = sentTo(await browser.submit(consent, { confirm: 'yes' }))
  assert.deepEqual([back.host, back.searchParams.get('state')], ['pocket.example', 'from the app'])
  const code = back.searchParams.get('code') ?? ''
  const tokens = (await (await redeem(code)).json()) as Tokens
  assert.equal(tokens.scope, 'profile email')
  assert.deepEqual(await (await me(tokens)).json(), { id: 1, name: 'Ada Lovelace' })

  const refresh = { grant_type: 'refresh_token', client_id: 'phone-app', refresh_token: tokens.refresh_token }
  const next = (await (await post('/oauth/token', refresh)).json()) as Tokens
  assert.equal((await me(next)).status, 200)
  assert.equal((await post('/oauth/revoke', { client_id: 'phone-app', token: next.refresh_token })).status, 200)
  assert.deepEqual([(await me(tokens)).status, (await me(next)).status], [401, 401])

  const again = await browser.get(authorizePath())
  assert.ok(sentTo(again).searchParams.has('code'), 'what was allowed before is not asked again')
})

test('example authlib-oauth2-server: a denial is told to the application', async () => {
  const browser = await signedIn()
  const consent = await browser.get(authorizePath({ scope: 'profile', prompt: 'consent' }))
  const back = sentTo(await browser.submit(consent, { confirm: 'no' }))
  assert.deepEqual([back.searchParams.get('error'), back.searchParams.get('state')], ['access_denied', 'from the app'])
})

test('example authlib-oauth2-server: the form decides about what was shown, once, and for nobody else', async () => {
  const browser = await signedIn()
  const consent = await browser.get(authorizePath({ scope: 'profile', prompt: 'consent' }))
  const [form] = formsOf(await consent.text())
  const fields = [...(form?.fields ?? []), ['confirm', 'yes'] as const]
  assert.equal((await newBrowser().post(authorizePath(), fields)).headers.get('location'), null)
  const altered = authorizePath({ redirect_uri: 'https://evil.example/', scope: 'profile email' })
  const back = sentTo(await browser.post(altered, fields))
  assert.equal(back.host, 'pocket.example')
  const tokens = (await (await redeem(back.searchParams.get('code') ?? '')).json()) as Tokens
  assert.equal(tokens.scope, 'profile')
  assert.equal((await browser.post(authorizePath(), fields)).status, 410)
  assert.equal((await browser.post(authorizePath(), [['confirm', 'yes']])).status, 400)
})

test('example authlib-oauth2-server: the methods of its client model are asked', async () => {
  const browser = await signedIn()
  const shown = await browser.get(authorizePath({ redirect_uri: 'https://pocket.example/callback/x' }))
  assert.deepEqual([shown.status, shown.headers.get('location')], [400, null])
  const web = { client_id: 'web-app', redirect_uri: 'https://diary.example/callback', prompt: 'consent' }
  const consent = await browser.get(authorizePath({ ...web, scope: 'profile email' }))
  assert.doesNotMatch(await consent.clone().text(), /e-mail/, 'this client may have its name only')
  const code = sentTo(await browser.submit(consent, { confirm: 'yes' })).searchParams.get('code') ?? ''
  const { redirect_uri } = web
  const wrong = { authorization: basic('web-app', 'a guess') }
  assert.equal((await redeem(code, { client_id: 'web-app', redirect_uri }, wrong)).status, 401)
  const right = { authorization: basic('web-app', 'the secret of the web app') }
  const answer = await redeem(code, { client_id: 'web-app', redirect_uri }, right)
  assert.equal(((await answer.json()) as Tokens).scope, 'profile')
})

test('example authlib-oauth2-server: prompt=login leads through the login page once', async () => {
  const browser = await signedIn()
  const login = sentTo(await browser.get(authorizePath({ prompt: 'login' })))
  assert.equal(login.pathname, '/login')
  const page = await browser.get(login.pathname + login.search)
  const next = await browser.submit(page, { username: 'ada', password: 'correct horse' })
  assert.notEqual(sentTo(await browser.get(sentTo(next).href)).pathname, '/login')
})

test('example authlib-oauth2-server: metadata names its paths, and its table holds digests', async () => {
  const metadata = await fetch(`${example.origin}/.well-known/oauth-authorization-server`)
  const { token_endpoint, scopes_supported } = (await metadata.json()) as Record<string, unknown>
  assert.deepEqual([token_endpoint, scopes_supported], [`${example.origin}/oauth/token`, ['profile', 'email']])
  const database = new DatabaseSync(join(folder, 'app.sqlite'), { readOnly: true })
  const rows = database.prepare('SELECT access_token, refresh_token FROM oauth2_token').all()
  database.close()
  assert.ok(rows.length >= 3)
  for (const { access_token, refresh_token } of rows) {
    assert.match(String(access_token), /^[\w-]{43}$/)
    assert.match(String(refresh_token), /^[\w-]{43}$/)
  }
})

test('example authlib-oauth2-server: its login page tells nobody which part was wrong, and sends nobody elsewhere', async () => {
  const browser = newBrowser()
  const page = await browser.get('/login?return_to=//evil.example')
  const wrong = await browser.submit(page, { username: 'ada', password: 'wrong' })
  assert.equal(wrong.status, 400)
  assert.match(await wrong.clone().text(), /role="alert"/)
  const right = await browser.submit(wrong, { username: 'ada', password: 'correct horse' })
  assert.equal(right.headers.get('location'), '/')
  const foreign = { origin: 'https://evil.example' }
  assert.equal((await browser.post('/login', { username: 'ada', password: 'correct horse' }, foreign)).status, 400)
})
