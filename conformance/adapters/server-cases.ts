import assert from 'node:assert/strict'
import { formsOf } from 'cardea/testing'
import { job, redirectUri } from './actors.ts'
import type { Case } from './cases.ts'
import {
  authorizationRequest,
  bearer,
  browserFor,
  machineToken,
  post,
  redeem,
  sendExactly,
  signInAndAllow,
  tokensIn,
} from './client.ts'
import type { Started } from './setup.ts'

const metadataOf = ({ origin, issuer }: Started): string =>
  `${origin}/.well-known/oauth-authorization-server${new URL(issuer).pathname.replace(/\/$/, '')}`

const discovery: Case = {
  title: 'RFC 8414 §3.1: the metadata is at the root, the path of the issuer behind it, and HEAD tells its length',
  async run(server) {
    const answer = await fetch(metadataOf(server))
    const metadata = (await answer.json()) as Record<string, string>
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('content-type'), 'application/json')
    assert.equal(metadata.issuer, server.issuer)
    for (const name of ['authorization', 'token', 'revocation', 'introspection']) {
      assert.ok(metadata[`${name}_endpoint`]?.startsWith(`${server.issuer}/`), name)
    }
    const head = await sendExactly(server, { method: 'HEAD', path: new URL(metadataOf(server)).pathname })
    assert.deepEqual([head.status, head.body], [200, ''])
  },
}

const clientCredentials: Case = {
  title: 'RFC 6749 §4.4, §5.1: a service gets a token, and no cache keeps the answer',
  async run(server) {
    const answer = await post(server, '/token', { grant_type: 'client_credentials', scope: 'write' })
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assert.equal(answer.headers.get('content-type'), 'application/json')
    assert.equal((await tokensIn(answer)).scope, 'write')
  },
}

const codeFlow: Case = {
  title: 'RFC 6749 §4.1, §6, RFC 7636, RFC 7009: code with PKCE by the pages, then refreshed, then revoked',
  async run(server) {
    const { path, verifier } = authorizationRequest(server)
    const decided = await signInAndAllow(browserFor(server), path)
    const sent = new URL(decided.headers.get('location') ?? '')
    assert.equal(sent.origin + sent.pathname, redirectUri)
    assert.deepEqual([sent.searchParams.get('state'), sent.searchParams.get('iss')], ['a state & more', server.issuer])
    const first = await tokensIn(await redeem(server, sent.searchParams.get('code') ?? '', verifier))
    const read = (token: string) => fetch(`${server.origin}/read`, { headers: bearer(token) })
    assert.equal(((await (await read(first.access_token)).json()) as { userId: string }).userId, 'u-john')
    const refresh = { grant_type: 'refresh_token', client_id: 'app', refresh_token: first.refresh_token }
    const next = await tokensIn(await post(server, '/token', refresh, { as: null }))
    assert.notEqual(next.refresh_token, first.refresh_token)
    assert.equal((await read(next.access_token)).status, 200)
    const revoke = { client_id: 'app', token: next.refresh_token }
    assert.equal((await post(server, '/revoke', revoke, { as: null })).status, 200)
    assert.equal((await read(next.access_token)).status, 401)
  },
}

const introspection: Case = {
  title: 'RFC 7662 §2.2: a token is introspected by its client, and an unknown one is not active',
  async run(server) {
    const known = await post(server, '/introspect', { token: await machineToken(server) })
    const { active, client_id } = (await known.json()) as { active: boolean; client_id: string }
    assert.deepEqual([active, client_id], [true, job.id])
    const unknown = await post(server, '/introspect', { token: 'none of ours' })
    assert.deepEqual(await unknown.json(), { active: false })
  },
}

const formPost: Case = {
  title: 'Form Post Response Mode §2: a page posts the code to the application, by a script of this origin',
  async run(server) {
    const { path, verifier } = authorizationRequest(server, { response_mode: 'form_post' })
    const page = await signInAndAllow(browserFor(server), path)
    const html = await page.text()
    const [form] = formsOf(html)
    assert.deepEqual([page.status, form?.action], [200, redirectUri])
    const code = form?.fields.find(([name]) => name === 'code')?.[1] ?? ''
    assert.equal((await redeem(server, code, verifier)).status, 200)
    const source = /<script[^>]* src="([^"]+)"/.exec(html)?.[1] ?? ''
    const script = await fetch(new URL(source, server.origin))
    assert.match(script.headers.get('content-type') ?? '', /^text\/javascript/)
  },
}

const signOut: Case = {
  title: 'T-SES-3: sign-out asks first, and then the next request asks who it is',
  async run(server) {
    const browser = browserFor(server)
    const { path } = authorizationRequest(server)
    assert.equal((await signInAndAllow(browser, path)).status, 303)
    const signOutPath = `${new URL(server.issuer).pathname.replace(/\/$/, '')}/sign-out`
    const asks = await browser.get(signOutPath)
    assert.equal(asks.status, 200)
    assert.equal((await browser.get(authorizationRequest(server, { prompt: 'none' }).path)).status, 303)
    assert.equal((await browser.submit(asks, {})).status, 200)
    const again = await browser.follow(await browser.get(path))
    assert.match(await again.text(), /name="password"/)
  },
}

const paths: Case = {
  title: 'adapter: what is none of the endpoints is the host’s, its 404 included',
  async run(server) {
    assert.equal(await (await fetch(`${server.origin}/host`)).text(), 'the host')
    assert.equal((await fetch(`${server.origin}/nowhere`)).status, 404)
    assert.equal((await fetch(`${server.issuer}/nowhere`)).status, 404)
    assert.equal((await fetch(`${server.issuer}/token/nowhere`, { method: 'POST' })).status, 404)
  },
}

const methods: Case = {
  title: 'RFC 9110 §15.5.6, §10.2.1: another method is a 405 that says which are allowed',
  async run(server) {
    for (const method of ['GET', 'DELETE', 'PUT', 'PATCH']) {
      const answer = await fetch(`${server.issuer}/token`, { method })
      assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'POST'], method)
    }
    const { pathname } = new URL(`${server.issuer}/authorize`)
    assert.equal((await sendExactly(server, { method: 'HEAD', path: pathname })).status, 405)
  },
}

const preflight: Case = {
  title: 'Fetch §3.2: the token endpoint answers the question of a browser, the authorization endpoint does not',
  async run(server) {
    const ask = (endpoint: string) =>
      fetch(server.issuer + endpoint, {
        method: 'OPTIONS',
        headers: { origin: 'https://spa.example', 'access-control-request-method': 'POST' },
      })
    const answer = await ask('/token')
    assert.deepEqual([answer.status, answer.headers.get('access-control-allow-origin')], [204, '*'])
    assert.equal((await ask('/authorize')).headers.get('access-control-allow-origin'), null)
  },
}

export const serverCases: readonly Case[] = [
  discovery,
  clientCredentials,
  codeFlow,
  introspection,
  formPost,
  signOut,
  paths,
  methods,
  preflight,
]
