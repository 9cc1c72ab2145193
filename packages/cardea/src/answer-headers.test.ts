import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  alice,
  allow,
  decline,
  remembered,
  requestPath,
  sendPassword,
  visit,
  visitConsent,
  webApp,
} from './testing/authorization-visit.ts'
import { startTestServer, type TestServer, type TestServerOptions } from './testing/test-server.ts'

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({
    clients: [webApp, { client_id: 'machine', secret: 'a machine secret', redirect_uris: [] }],
    users: [alice],
    ...options,
  })

type Situation = (server: TestServer) => Promise<Response>

const post = ({ browser, path, csrf }: Awaited<ReturnType<typeof visit>>, fields: object): Promise<Response> =>
  browser.post(path, { csrf, ...fields })

/** Every page there is, and the status it comes with. */
const pages: Readonly<Record<string, readonly [status: number, Situation]>> = {
  'sign in': [200, async (server) => (await visit(server)).page],
  'wrong credentials': [400, async (server) => sendPassword(await visit(server), 'alice', 'wrong')],
  'forged sign-in': [403, async (server) => post({ ...(await visit(server)), csrf: 'x' }, {})],
  'too many attempts': [
    429,
    async (server) => {
      for (let at = 0; at < 10; at += 1) await sendPassword(await visit(server), 'alice', 'wrong')
      return sendPassword(await visit(server), 'alice', 'wrong')
    },
  ],
  consent: [200, async (server) => (await visitConsent(server, alice)).page],
  'nothing chosen': [400, async (server) => allow(await visitConsent(server, alice), [])],
  'forged consent': [403, async (server) => allow({ ...(await visitConsent(server, alice)), csrf: 'x' })],
  answered: [
    410,
    async (server) => {
      const at = await visitConsent(server, alice)
      await decline(at)
      return at.browser.get(at.path)
    },
  ],
  'unknown interaction': [400, (server) => server.agent().get('/interaction/x')],
  'unknown client': [400, (server) => server.agent().get(requestPath({ client_id: 'nobody' }))],
  'method not allowed': [405, (server) => server.send(new Request(`${server.origin}/authorize`, { method: 'PUT' }))],
  'not a form': [400, (server) => server.post('/sign-out', '{}', { headers: { 'content-type': 'application/json' } })],
  'not found': [404, (server) => server.agent().get('/nothing', { accept: 'text/html' })],
  'form post': [200, (server) => server.agent().get(requestPath({ prompt: 'none', response_mode: 'form_post' }))],
  'sign out, signed in': [200, async (server) => (await remembered(server, alice)).get('/sign-out')],
  'sign out, not signed in': [200, (server) => server.agent().get('/sign-out')],
}

/** Every redirect there is. */
const redirects: Readonly<Record<string, Situation>> = {
  'begin an interaction': (server) => server.agent().get(requestPath()),
  'send a POST round': (server) => server.post('/authorize', requestPath().split('?')[1] ?? ''),
  'signed in': async (server) => sendPassword(await visit(server), alice.username, alice.password),
  'another account': async (server) => post(await visitConsent(server, alice), { action: 'switch_account' }),
  allowed: async (server) => allow(await visitConsent(server, alice)),
  'allowed in the fragment': async (server) => allow(await visitConsent(server, alice, { response_mode: 'fragment' })),
  declined: async (server) => decline(await visitConsent(server, alice)),
  cancelled: async (server) => post(await visit(server), { action: 'cancel' }),
  silent: async (server) => (await remembered(server, alice)).get(requestPath()),
  'error redirect': (server) => server.agent().get(requestPath({ scope: 'nonsense' })),
}

const secured = {
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
}

const headersOf = ({ headers }: Response, names: readonly string[]): Record<string, string | null> =>
  Object.fromEntries(names.map((name) => [name, headers.get(name)]))

test('T-SES-2: every page is neither cached nor framed, runs no inline script and leaks no address', async () => {
  const expected = {
    ...secured,
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
  }
  for (const [name, [status, situation]] of Object.entries(pages)) {
    const page = await situation(await start())
    assert.equal(page.status, status, name)
    assert.deepEqual(headersOf(page, Object.keys(expected)), expected, name)
  }
})

test('T-SES-2: the content security policy of every page allows the stylesheet, its own forms and nothing else', async () => {
  for (const [name, [, situation]] of Object.entries(pages)) {
    const page = await situation(await start())
    const directives = (page.headers.get('content-security-policy') ?? '').split('; ')
    const isFormPost = name === 'form post'
    const required = ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]
    for (const directive of required) assert.ok(directives.includes(directive), `${name}: ${directive}`)
    const others = directives.filter((directive) => !required.includes(directive))
    const names = others.map((directive) => directive.split(' ', 1)[0])
    assert.deepEqual(names, ['style-src', isFormPost ? 'script-src' : 'form-action'], name)
    assert.match(others[0] ?? '', /^style-src 'sha256-[\w+/]{43}='$/)
    assert.match(others[1] ?? '', isFormPost ? /^script-src 'self'$/ : /^form-action 'self'(?: https:)?$/)
    const text = await page.text()
    assert.doesNotMatch(text, /<script>|\son\w+=|javascript:|\sstyle=/)
  }
})

test('T-SES-2: every redirect is a 303 that is not cached, and tells the next page no address', async () => {
  const expected = { ...secured, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }
  for (const [name, situation] of Object.entries(redirects)) {
    const answer = await situation(await start())
    assert.equal(answer.status, 303, name)
    assert.deepEqual(headersOf(answer, Object.keys(expected)), expected, name)
    assert.equal(await answer.text(), '')
  }
})

test('T-SES-2: answers of the API stay on https and are not sniffed either', async () => {
  const server = await start()
  const answers = [
    await server.post('/token', { grant_type: 'client_credentials' }, { client: ['machine', 'a machine secret'] }),
    await server.post('/token', {}),
    await server.post('/introspect', { token: 'x' }),
    await server.post('/revoke', { token: 'x' }),
    await server.agent().get('/.well-known/oauth-authorization-server'),
    await server.agent().get('/form-post.js'),
    await server.agent().get('/nothing'),
    await server.send(
      new Request(`${server.origin}/token`, { method: 'OPTIONS', headers: { origin: 'https://a.example' } }),
    ),
  ]
  for (const answer of answers) assert.deepEqual(headersOf(answer, Object.keys(secured)), secured)
})

test('T-SES-2: an issuer without TLS on loopback sends no HSTS, and everything else', async () => {
  const server = await start({ issuer: 'http://localhost:8000' })
  const { headers } = (await visit(server)).page
  assert.equal(headers.get('strict-transport-security'), null)
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
  assert.equal(headers.get('x-frame-options'), 'DENY')
})

test('T-SES-2: a page that the host renders wrongly is a 500 without any detail', async () => {
  const broken = () => {
    throw new Error('secret detail')
  }
  const server = await start({ pages: { signIn: broken, error: broken } })
  const begun = await server.agent().get(requestPath())
  assert.equal(begun.status, 303)
  const browser = server.agent()
  const path = (await browser.get(requestPath())).headers.get('location') ?? ''
  const answer = await browser.get(path)
  assert.equal(answer.status, 500)
  assert.deepEqual(headersOf(answer, Object.keys(secured)), secured)
  assert.doesNotMatch(await answer.text(), /detail/)
})
