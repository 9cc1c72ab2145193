import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchProtector } from './adapters/fetch.ts'
import type { Store } from './core/ports/store.ts'
import { memoryStore } from './stores/memory/index.ts'
import { codeFor, pkcePair } from './testing/code-flow.ts'
import { failingStore } from './testing/failing-store.ts'
import { startTestServer, type TestServer } from './testing/test-server.ts'
import { formsOf } from './testing/user-agent.ts'

const user = { id: 'u1', username: 'ada', password: 'correct horse' }
const grant_types = ['authorization_code', 'refresh_token', 'client_credentials', 'password']
const web = ['web', 'web-secret'] as const
const challenge = { code_challenge: pkcePair.challenge, code_challenge_method: 'S256' }
const query = new URLSearchParams({ response_type: 'code', client_id: 'web', state: 's', ...challenge })
const authorizePath = `/authorize?${query}`

/** One request that can be sent again, and what it is answered by when storage works. */
interface Operation {
  readonly name: string
  readonly status: number
  prepare(server: TestServer): Promise<() => Promise<Response>>
}

const token = (server: TestServer, form: Record<string, string>) => server.post('/token', form, { client: web })

async function firstTokens(server: TestServer) {
  const code = await codeFor(server, user, { client_id: 'web' })
  const form = { grant_type: 'authorization_code', code, code_verifier: pkcePair.verifier }
  return { form, ...(await (await token(server, form)).json()) }
}

const refreshForm = (refresh_token: string) => ({ grant_type: 'refresh_token', refresh_token })

async function visit(server: TestServer, signedIn: boolean) {
  const browser = signedIn ? await server.signedIn(user, authorizePath) : server.agent()
  const page = await browser.follow(await browser.get(authorizePath))
  // The sign-in form comes first on its page, the one that decides comes last on the consent page.
  const form = formsOf(await page.text()).at(signedIn ? -1 : 0)
  assert.ok(form)
  const kept = form.fields.filter(([name]) => name === 'csrf' || name === 'scope')
  return (fields: Record<string, string>) => () => browser.post(form.action, [...kept, ...Object.entries(fields)])
}

const operations: readonly Operation[] = [
  {
    name: 'client credentials',
    status: 200,
    prepare: async (server) => () => token(server, { grant_type: 'client_credentials' }),
  },
  {
    name: 'a wrong client secret',
    status: 401,
    prepare: async (server) => () =>
      server.post('/token', { grant_type: 'client_credentials' }, { client: ['web', 'wrong'] }),
  },
  {
    name: 'the password grant',
    status: 200,
    prepare: async (server) => () =>
      token(server, { grant_type: 'password', username: user.username, password: user.password }),
  },
  {
    name: 'the redemption of a code',
    status: 200,
    async prepare(server) {
      const code = await codeFor(server, user, { client_id: 'web' })
      return () => token(server, { grant_type: 'authorization_code', code, code_verifier: pkcePair.verifier })
    },
  },
  {
    name: 'the replay of a code',
    status: 400,
    async prepare(server) {
      const { form } = await firstTokens(server)
      return () => token(server, form)
    },
  },
  {
    name: 'a refresh',
    status: 200,
    async prepare(server) {
      const { refresh_token } = await firstTokens(server)
      return () => token(server, refreshForm(refresh_token))
    },
  },
  {
    name: 'a refresh repeated in its window',
    status: 200,
    async prepare(server) {
      const { refresh_token } = await firstTokens(server)
      await token(server, refreshForm(refresh_token))
      return () => token(server, refreshForm(refresh_token))
    },
  },
  {
    name: 'a reused refresh token',
    status: 400,
    async prepare(server) {
      const { refresh_token } = await firstTokens(server)
      await token(server, refreshForm(refresh_token))
      server.clock.advance(60)
      return () => token(server, refreshForm(refresh_token))
    },
  },
  ...(['access_token', 'refresh_token'] as const).map(
    (kind): Operation => ({
      name: `the revocation of an ${kind}`,
      status: 200,
      async prepare(server) {
        const tokens = await firstTokens(server)
        return () => server.post('/revoke', { token: tokens[kind] }, { client: web })
      },
    }),
  ),
  {
    name: 'introspection',
    status: 200,
    async prepare(server) {
      const { refresh_token } = await firstTokens(server)
      return () => server.post('/introspect', { token: refresh_token }, { client: web })
    },
  },
  {
    name: 'metadata',
    status: 200,
    prepare: async (server) => () =>
      server.send(new Request(`${server.origin}/.well-known/oauth-authorization-server`)),
  },
  {
    name: 'a protected resource',
    status: 200,
    async prepare(server) {
      const { access_token } = await firstTokens(server)
      const guarded = fetchProtector(server.provider).requireOAuth('read', () => new Response('things'))
      const headers = { authorization: `Bearer ${access_token}` }
      return () => guarded(new Request('https://api.example/', { headers }))
    },
  },
  {
    name: 'an authorization request',
    status: 303,
    prepare: async (server) => () => server.agent().get(authorizePath),
  },
  {
    name: 'a sign-in',
    status: 303,
    prepare: async (server) =>
      (await visit(server, false))({ username: user.username, password: user.password, action: 'sign_in' }),
  },
  { name: 'consent', status: 303, prepare: async (server) => (await visit(server, true))({ decision: 'allow' }) },
  { name: 'a denial', status: 303, prepare: async (server) => (await visit(server, true))({ decision: 'deny' }) },
  {
    name: 'a sign-out',
    status: 200,
    async prepare(server) {
      const browser = await server.signedIn(user, authorizePath)
      const form = formsOf(await (await browser.get('/sign-out')).text())[0]
      assert.ok(form)
      return () => browser.post(form.action, form.fields)
    },
  },
]

/** All that was issued and still counts. */
async function issued(store: Store): Promise<string> {
  const page = { limit: 100 }
  const access = await store.tokens.listAccess({}, page)
  const refresh = await store.tokens.listRefresh({}, page)
  return JSON.stringify([access, refresh, await store.authorizations.list({}, page)])
}

async function mustBeUnavailable(answer: Response): Promise<void> {
  assert.equal(answer.status, 503)
  assert.equal(answer.headers.get('retry-after'), '5')
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.match(await answer.text(), /temporarily_unavailable/)
}

/** Whether there was a call with that number. */
async function survives({ name, status, prepare }: Operation, call: number): Promise<boolean> {
  const inner = memoryStore()
  const store = failingStore(inner)
  const server = await startTestServer({
    profile: 'django-oauth2-server',
    store,
    users: [user],
    clients: [{ client_id: 'web', secret: 'web-secret', grant_types }],
  })
  const request = await prepare(server)
  const before = await issued(inner)
  server.events.length = 0
  store.failAt(call)
  const answer = await request()
  if (!store.heal()) {
    assert.equal(answer.status, status, `${name} without failure`)
    return false
  }
  if (answer.status !== status) {
    await mustBeUnavailable(answer)
    // A refusal may already have ended what it had to end; nothing may have been issued.
    if (status < 400) assert.equal(await issued(inner), before, `${name}, call ${call}: something was half done`)
    assert.equal((await request()).status, status, `${name}, call ${call}: again`)
  }
  const types = server.events.map(({ type }) => type)
  assert.ok(!types.includes('internal_error') && types.includes('storage_unavailable'), `${name}, call ${call}: events`)
  return true
}

for (const operation of operations) {
  test(`RFC 9110 §15.6.4: ${operation.name}: whichever storage call fails, the answer is 503 and the next try works`, async () => {
    let call = 1
    while (await survives(operation, call)) call += 1
    assert.ok(call > 1, 'no storage call was made')
    assert.ok(call < 40)
  })
}
