import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HostSignIn } from '../core/ports/host-sign-in.ts'
import { codeFor, pkcePair } from '../testing/code-flow.ts'
import { startTestServer, type TestServerOptions } from '../testing/test-server.ts'
import { formsOf } from '../testing/user-agent.ts'

const query = {
  response_type: 'code',
  client_id: 'app',
  scope: 'read',
  code_challenge: pkcePair.challenge,
  code_challenge_method: 'S256',
}
const path = (more: Record<string, string> = {}): string => `/authorize?${new URLSearchParams({ ...query, ...more })}`

interface HostState {
  user: { id: number; name: string } | undefined
  authTime?: number
}

/** A host whose session is this variable, and whose sign-in page is at /login. */
function host(more: Partial<TestServerOptions> = {}) {
  const state: HostState = { user: undefined }
  const authenticateUser: HostSignIn = ({ again, login }) =>
    again || state.user === undefined
      ? login('/login')
      : { user: state.user, ...(state.authTime !== undefined && { authTime: state.authTime }) }
  const accounts = {
    inStore: false,
    find: async (id: string) => (state.user === undefined ? undefined : { id, username: state.user.name }),
    authenticate: async () => undefined,
  }
  const server = startTestServer({ clients: [{ client_id: 'app' }], authenticateUser, accounts, ...more })
  return { state, server }
}

const locationOf = (answer: Response): URL => new URL(answer.headers.get('location') ?? '', 'https://auth.example')

test('A2-AS-10: mounted, with sessions of the host: its login page, back to the request, our consent page, the client', async () => {
  const { state, server: starting } = host()
  const server = await starting
  const browser = server.agent()
  const waiting = await browser.get(path())
  const sent = await browser.get(locationOf(waiting).pathname)
  const login = locationOf(sent)
  assert.equal(login.pathname, '/login')
  const back = login.searchParams.get('return_to') ?? ''
  assert.equal(back, locationOf(waiting).pathname)
  state.user = { id: 7, name: 'Ada' }
  const consent = await browser.get(back)
  const html = await consent.text()
  assert.match(html, /Ada/)
  assert.doesNotMatch(html, /name="password"/)
  const form = formsOf(html).at(-1)
  const decided = await browser.post(form?.action ?? '', [...(form?.fields ?? []), ['decision', 'allow']])
  assert.ok(locationOf(decided).searchParams.has('code'))
  assert.deepEqual([...browser.cookies.keys()], ['__Host-cardea_browser'], 'no session cookie of ours')
})

test('A2-AS-10: tokens are issued for the host’s user, and are tied to no session of ours', async () => {
  const { state, server: starting } = host()
  const server = await starting
  state.user = { id: 7, name: 'Ada' }
  const user = { id: '7', username: 'Ada', password: '' }
  const code = await codeFor(server, user, { client_id: 'app', scope: 'read' })
  const redeemed = await server.post('/token', {
    grant_type: 'authorization_code',
    client_id: 'app',
    code,
    code_verifier: pkcePair.verifier,
  })
  const { refresh_token } = (await redeemed.json()) as { refresh_token: string }
  const refreshed = await server.post('/token', { grant_type: 'refresh_token', client_id: 'app', refresh_token })
  assert.equal(refreshed.status, 200)
})

test('A2-AS-10: a user of the host who is disabled is nobody', async () => {
  const { server: starting } = host({ authenticateUser: () => ({ user: { id: 7, name: 'Ada', disabled: true } }) })
  const server = await starting
  const answer = await server.agent().get(path({ prompt: 'none' }))
  assert.equal(locationOf(answer).searchParams.get('error'), 'login_required')
})

test('T-SES-3: a consent form that was shown to one user is void for the next', async () => {
  const { state, server: starting } = host()
  const server = await starting
  const browser = server.agent()
  state.user = { id: 7, name: 'Ada' }
  const consent = await browser.follow(await browser.get(path()))
  const form = formsOf(await consent.text()).at(-1)
  state.user = { id: 8, name: 'Bob' }
  const answer = await browser.post(form?.action ?? '', [...(form?.fields ?? []), ['decision', 'allow']])
  assert.equal(answer.status, 403)
  assert.match(await answer.text(), /Bob/)
})

test('OIDC Core §3.1.2.1: prompt=login sends to the host’s page, until the sign-in it tells of is newer', async () => {
  const { state, server: starting } = host()
  const server = await starting
  const browser = server.agent()
  state.user = { id: 7, name: 'Ada' }
  state.authTime = server.clock.now()
  server.clock.advance(5)
  const waiting = locationOf(await browser.get(path({ prompt: 'login' }))).pathname
  assert.equal(locationOf(await browser.get(waiting)).pathname, '/login')
  server.clock.advance(5)
  state.authTime = server.clock.now()
  assert.equal((await browser.get(waiting)).status, 200)
})

test('A2-AS-10: another account, a sign-in form of ours and our sign-out page are the host’s affair', async () => {
  const { state, server: starting } = host()
  const server = await starting
  const browser = server.agent()
  state.user = { id: 7, name: 'Ada' }
  const consent = await browser.follow(await browser.get(path()))
  const form = formsOf(await consent.text()).at(-1)
  const switched = await browser.post(form?.action ?? '', [...(form?.fields ?? []), ['action', 'switch_account']])
  assert.equal(locationOf(switched).pathname, '/login')
  assert.equal((await browser.get('/sign-out')).status, 404)
  state.user = undefined
  const typed = await browser.post(form?.action ?? '', [...(form?.fields ?? []), ['username', 'a'], ['password', 'b']])
  assert.equal(locationOf(typed).pathname, '/login')
  assert.ok(!browser.cookies.has('__Host-cardea_session'))
})

test('OIDC Core §3.1.2.1: prompt=none asks the host, and never leads to its page', async () => {
  const { state, server: starting } = host()
  const server = await starting
  const browser = server.agent()
  const error = async () => locationOf(await browser.get(path({ prompt: 'none' }))).searchParams.get('error')
  assert.equal(await error(), 'login_required')
  state.user = { id: 7, name: 'Ada' }
  assert.equal(await error(), 'consent_required')
})

test('T-RED: the way back never leads to another site, whatever the request line says', async () => {
  const asked: string[] = []
  const { server: starting } = host({
    authenticateUser: ({ returnTo, login }) => {
      asked.push(returnTo)
      return login('/login')
    },
  })
  const { provider } = await starting
  for (const target of ['//evil.example/authorize', 'https://evil.example/authorize', '/\\evil.example', '*']) {
    await provider.handle({
      method: 'GET',
      target,
      path: '/authorize',
      query: new URLSearchParams(query).toString(),
      header: () => undefined,
      text: async () => '',
      secure: true,
      remoteAddress: undefined,
    })
  }
  assert.deepEqual(asked, ['/', '/authorize', '/', '/'])
})

test('A2-AS-10: an answer of the host that is nobody and no page is a fault of the server, told by an event', async () => {
  for (const wrong of [
    undefined,
    {},
    { id: '' },
    { signInAt: 'javascript:alert(1)' },
    { signInAt: '//evil.example' },
  ]) {
    const { server: starting } = host({ authenticateUser: () => wrong as never })
    const server = await starting
    assert.equal((await server.agent().get(path())).status, 500)
    assert.ok(server.events.some(({ type }) => type === 'internal_error'))
  }
})
