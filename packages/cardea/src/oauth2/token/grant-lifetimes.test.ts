import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sqliteStore } from '../../stores/sqlite/index.ts'
import { alice } from '../../testing/authorization-visit.ts'
import { codeFor, pkcePair } from '../../testing/code-flow.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'
import { authorizationCode } from './grants/authorization-code.ts'
import { clientCredentials } from './grants/client-credentials.ts'
import { password } from './grants/password.ts'
import { refreshToken } from './grants/refresh-token.ts'

const client = ['job', 'a secret'] as const
const grant_types = ['authorization_code', 'password', 'client_credentials', 'refresh_token']
const perGrant = {
  authorization_code: { accessToken: 900 },
  password: { accessToken: 1800, refreshToken: 5000 },
  client_credentials: { accessToken: 0 },
}

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({
    clients: [{ client_id: 'job', secret: 'a secret', grant_types }],
    users: [alice],
    grants: [authorizationCode(), refreshToken(), password(), clientCredentials()],
    lifetimes: { perGrant },
    ...options,
  })

interface Answer {
  readonly expires_in?: number
  readonly refresh_token: string
}
const ask = async (server: TestServer, form: Record<string, string>): Promise<Answer> =>
  (await (await server.post('/token', form, { client })).json()) as Answer
const formOf: Readonly<Record<string, (server: TestServer) => Promise<Record<string, string>>>> = {
  authorization_code: async (server) => ({
    code: await codeFor(server, alice, { client_id: 'job' }),
    code_verifier: pkcePair.verifier,
  }),
  password: async () => ({ username: alice.username, password: alice.password }),
  client_credentials: async () => ({}),
}

for (const [type, expected] of [
  ['authorization_code', 900],
  ['password', 1800],
  ['client_credentials', undefined],
] as const) {
  test(`A2-TOK-02, A2-TOK-03, A2-TOK-04: access tokens of ${type} live as long as its own lifetime says (${expected})`, async () => {
    const server = await start()
    const answer = await ask(server, { grant_type: type, ...(await formOf[type]?.(server)) })
    assert.equal(answer.expires_in, expected)
  })
}

for (const [name, open] of [
  ['memory', undefined],
  ['SQLite', () => sqliteStore({ file: ':memory:' })],
] as const) {
  test(`A2-RT-08: what a refresh issues lives as long as the grant it came from says, in the ${name} store`, async () => {
    const server = await start(open === undefined ? {} : { store: await open() })
    for (const [type, expected] of [
      ['authorization_code', 900],
      ['password', 1800],
    ] as const) {
      let { refresh_token } = await ask(server, { grant_type: type, ...(await formOf[type]?.(server)) })
      for (let round = 0; round < 2; round += 1) {
        const renewed = await ask(server, { grant_type: 'refresh_token', refresh_token })
        assert.equal(renewed.expires_in, expected)
        refresh_token = renewed.refresh_token
      }
    }
    await server.store.close()
  })
}

test('A2-RT-06: refresh tokens have the idle lifetime of their grant, after a rotation too', async () => {
  const server = await start()
  const first = await ask(server, { grant_type: 'password', ...(await formOf.password?.(server)) })
  server.clock.advance(4999)
  const second = await ask(server, { grant_type: 'refresh_token', refresh_token: first.refresh_token })
  server.clock.advance(5000)
  const late = await server.post(
    '/token',
    { grant_type: 'refresh_token', refresh_token: second.refresh_token },
    { client },
  )
  assert.equal(late.status, 400)
})

for (const [lifetimes, message] of [
  [{ pasword: {} }, /^lifetimes\.perGrant: there is no "pasword"; valid are implicit, authorization_code/],
  [{ refresh_token: {} }, /^lifetimes\.perGrant\.refresh_token: what a refresh issues follows the grant/],
  [{ password: { accessToken: -1 } }, /^lifetimes\.perGrant\.password\.accessToken: must be whole seconds from 0 to/],
  [{ password: { refreshToken: 0 } }, /^lifetimes\.perGrant\.password\.refreshToken: must be whole seconds from 1 to/],
  [
    { password: { session: 9 } },
    /^lifetimes\.perGrant\.password\.session: there is no such lifetime; valid are accessToken/,
  ],
] as const) {
  test(`A2-TOK-02: refuses at once a lifetime that cannot be meant: ${message.source}`, async () => {
    await assert.rejects(start({ lifetimes: { perGrant: lifetimes as never } }), { name: 'TypeError', message })
  })
}
