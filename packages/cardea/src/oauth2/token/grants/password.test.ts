import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestServer, type TestServer, type TestServerOptions } from '../../../testing/test-server.ts'
import { authorizationCode } from './authorization-code.ts'
import { password } from './password.ts'
import { refreshToken } from './refresh-token.ts'

const user = { id: 'u1', username: 'john@doe.com', password: 'pässwörd & more' }
const grant_types = ['authorization_code', 'password', 'refresh_token']
const clients: TestServerOptions['clients'] = [
  { client_id: 'old', secret: 'old-secret', grant_types },
  { client_id: 'no-refresh', secret: 'nr-secret', grant_types: ['password'], response_types: [] },
  { client_id: 'narrow', secret: 'n-secret', grant_types: ['password'], response_types: [], scope: 'read' },
  { client_id: 'unregistered', secret: 'u-secret' },
  { client_id: 'app', grant_types },
]
const old = ['old', 'old-secret'] as const
const grants = [authorizationCode(), refreshToken(), password()]

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients, users: [user], grants, ...options })

interface Sent {
  readonly form?: Record<string, string>
  readonly client?: readonly [string, string]
  readonly remoteAddress?: string
}

const ask = (server: TestServer, { form = {}, client = old, remoteAddress = '203.0.113.9' }: Sent = {}) =>
  server.post(
    '/token',
    { grant_type: 'password', username: user.username, password: user.password, ...form },
    { client, remoteAddress },
  )

const refusal = async (response: Response): Promise<[number, string, string]> => {
  const { error, error_description } = await response.json()
  return [response.status, error, error_description]
}

test('RFC 9700 §2.4: the password grant is off unless it is asked for', async () => {
  const server = await startTestServer({ clients, users: [user] })
  assert.deepEqual((await refusal(await ask(server))).slice(0, 2), [400, 'unsupported_grant_type'])
})

test('RFC 6749 §4.3.3: the right password buys a token for that user', async () => {
  const server = await start()
  const body = await (await ask(server, { form: { scope: 'write' } })).json()
  assert.equal(body.scope, 'write')
  assert.equal(typeof body.refresh_token, 'string')
  const told = await (await server.post('/introspect', { token: body.access_token }, { client: old })).json()
  assert.deepEqual([told.sub, told.username], ['u1', 'john@doe.com'])
})

test('RFC 6749 §3.3: a password buys no more than its client may have, and what it may not have is no guess', async () => {
  const server = await start()
  const client = ['narrow', 'n-secret'] as const
  assert.equal((await (await ask(server, { client, form: { scope: 'read write' } })).json()).scope, 'read')
  const wrong = await ask(server, { client, form: { scope: 'write', password: 'wrong' } })
  assert.deepEqual((await refusal(wrong)).slice(0, 2), [400, 'invalid_scope'])
  assert.equal(
    server.events.some(({ type }) => type === 'sign_in_failed'),
    false,
  )
})

test('RFC 6749 §4.3.2: the name is matched in any case, the password exactly', async () => {
  const server = await start()
  assert.equal((await ask(server, { form: { username: ' John@DOE.com ' } })).status, 200)
  assert.equal((await ask(server, { form: { password: user.password.toUpperCase() } })).status, 400)
})

test('RFC 6749 §4.3.2: username and password are required', async () => {
  const server = await start()
  for (const name of ['username', 'password']) {
    const [status, error, description] = await refusal(await ask(server, { form: { [name]: '' } }))
    assert.deepEqual([status, error, description], [400, 'invalid_request', `The ${name} parameter is required`])
  }
})

test('RFC 6749 §5.2: unknown, wrong and disabled are one and the same invalid grant', async () => {
  const server = await start()
  const unknown = await refusal(await ask(server, { form: { username: 'nobody' } }))
  assert.deepEqual(unknown, [400, 'invalid_grant', 'Invalid user credentials'])
  assert.deepEqual(await refusal(await ask(server, { form: { password: 'wrong' } })), unknown)
  assert.deepEqual(await refusal(await ask(server, { form: { password: 'x'.repeat(2000) } })), unknown)
  const stored = await server.store.users.find('u1')
  assert.ok(stored)
  await server.store.users.save({ ...stored, disabled: true })
  assert.deepEqual(await refusal(await ask(server)), unknown)
})

test('RFC 6749 §4.3: a public client, and one that is not registered for the grant, is unauthorized', async () => {
  const server = await start()
  const form = { grant_type: 'password', username: user.username, password: user.password, client_id: 'app' }
  assert.equal((await refusal(await server.post('/token', form)))[1], 'unauthorized_client')
  assert.equal((await refusal(await ask(server, { client: ['unregistered', 'u-secret'] })))[1], 'unauthorized_client')
})

test('RFC 6749 §4.3.3: no refresh token for a client that may not use one', async () => {
  const server = await start()
  const answer = await ask(server, { client: ['no-refresh', 'nr-secret'] })
  assert.equal(answer.status, 200)
  assert.equal('refresh_token' in (await answer.json()), false)
})

test('RFC 6749 §4.3.2: guesses are limited, and the limit tells when to come back', async () => {
  const server = await start({ limits: { accountFromNetwork: { attempts: 3, window: 900 } } })
  for (let guess = 0; guess < 3; guess += 1) {
    assert.equal((await ask(server, { form: { password: `guess ${guess}` } })).status, 400)
  }
  server.clock.advance(100)
  const limited = await ask(server)
  assert.equal(limited.status, 429)
  assert.equal(limited.headers.get('retry-after'), '800')
  assert.equal((await limited.json()).error, 'too_many_requests')
  assert.equal((await ask(server, { remoteAddress: '198.51.100.1' })).status, 200)
  server.clock.advance(800)
  assert.equal((await ask(server)).status, 200)
})

test('RFC 6749 §4.3.2: a hundred parallel guesses are not a hundred chances', async () => {
  const server = await start()
  const guesses = Array.from({ length: 100 }, (_, n) => ask(server, { form: { password: `guess ${n}` } }))
  const statuses = (await Promise.all(guesses)).map(({ status }) => status)
  assert.equal(statuses.filter((status) => status === 400).length, 10)
  assert.equal(statuses.filter((status) => status === 429).length, 90)
})
