import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchProtector } from '../adapters/fetch.ts'
import { authorize } from '../testing/code-flow.ts'
import { basic, startTestServer, type TestServer, type TestServerOptions } from '../testing/test-server.ts'

const user = { id: 'u1', username: 'john@doe.com', password: 'testpassword' }
const redirect_uri = 'https://www.example.com'
const scopes = ['foo', 'bar', 'qux'].map((name) => ({ name, description: name, is_default: true }))
const testclient = ['testclient', 'testpassword'] as const
const tokens = '/api/v1/tokens/'

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({
    profile: 'django-oauth2-server',
    users: [user],
    scopes,
    clients: [
      {
        client_id: 'testclient',
        secret: 'testpassword',
        redirect_uris: [redirect_uri],
        grant_types: ['authorization_code', 'implicit', 'password', 'client_credentials', 'refresh_token'],
        response_types: ['code', 'token'],
        pkce: ['none'],
      },
    ],
    ...options,
  })

const ask = (server: TestServer, form: Record<string, string>, path = tokens) =>
  server.post(path, form, { client: testclient })

const refusal = async (answer: Response): Promise<unknown[]> => {
  const { error, error_description, ...rest } = await answer.json()
  assert.deepEqual(rest, {})
  return [answer.status, error, error_description]
}

const codeOf = async (server: TestServer): Promise<string> => {
  const query = { response_type: 'code', client_id: 'testclient', redirect_uri, state: 'somestate' }
  const sent = await authorize(server, user, query, { path: '/web/authorize/' })
  return sent.searchParams.get('code') ?? ''
}

const password = { grant_type: 'password', username: user.username, password: user.password }
const machine = { grant_type: 'client_credentials' }

async function mustBeWhole(answer: Response): Promise<Record<string, string>> {
  assert.equal(answer.status, 200)
  const body = await answer.json()
  assert.deepEqual(Object.keys(body), ['id', 'access_token', 'expires_in', 'token_type', 'scope', 'refresh_token'])
  assert.ok(Number.isSafeInteger(body.id) && body.id >= 0)
  assert.deepEqual([body.expires_in, body.token_type], [3600, 'Bearer'])
  return body
}

test('django-oauth2-server: every grant answers with id and a refresh token', async () => {
  const server = await start()
  await mustBeWhole(await ask(server, machine))
  await mustBeWhole(await ask(server, password))
  const { refresh_token = '' } = await mustBeWhole(
    await ask(server, { grant_type: 'authorization_code', code: await codeOf(server) }),
  )
  await mustBeWhole(await ask(server, { grant_type: 'refresh_token', refresh_token }))
})

test('django-oauth2-server: old and standard path, with and without slash, and no longer one', async () => {
  const server = await start()
  for (const path of ['/api/v1/tokens/', '/api/v1/tokens', '/token']) {
    assert.equal((await ask(server, machine, path)).status, 200, path)
  }
  assert.equal((await ask(server, machine, '/api/v1/tokensfoo')).status, 404)
})

test('django-oauth2-server: the client authenticates by header or by body, never by the query', async () => {
  const server = await start()
  const credentials = { client_id: 'testclient', client_secret: 'testpassword' }
  assert.equal((await server.post(tokens, { ...machine, ...credentials })).status, 200)
  assert.equal((await ask(server, machine)).status, 200)
  const inQuery = await server.post(`${tokens}?${new URLSearchParams(credentials)}`, machine)
  assert.deepEqual(await refusal(inQuery), [
    401,
    'invalid_client',
    'Client credentials were not found in the headers or body',
  ])
})

const refusals: readonly (readonly [form: Record<string, string>, answer: unknown[]])[] = [
  [{}, [400, 'invalid_request', 'The grant type was not specified in the request']],
  [{ grant_type: 'bogus' }, [400, 'unsupported_grant_type', 'Invalid grant type']],
  [{ grant_type: 'authorization_code' }, [400, 'invalid_request', 'The code parameter is required']],
  [{ grant_type: 'authorization_code', code: 'x' }, [400, 'invalid_grant', 'Authorization code not found']],
  [{ ...password, username: '' }, [400, 'invalid_request', 'The username parameter is required']],
  [{ ...password, password: '' }, [400, 'invalid_request', 'The password parameter is required']],
  [{ ...password, password: 'wrong' }, [400, 'invalid_grant', 'Invalid user credentials']],
  [{ grant_type: 'refresh_token' }, [400, 'invalid_request', 'The refresh token parameter is required']],
  [{ grant_type: 'refresh_token', refresh_token: 'x' }, [400, 'invalid_grant', 'Refresh token not found']],
]
for (const [form, answer] of refusals) {
  test(`django-oauth2-server: ${new URLSearchParams(form)} is refused with ${answer.slice(1).join(': ')}`, async () => {
    assert.deepEqual(await refusal(await ask(await start(), form)), answer)
  })
}

test('django-oauth2-server: wrong and missing client credentials', async () => {
  const server = await start()
  const missing = await server.post(tokens, machine)
  assert.match(missing.headers.get('www-authenticate') ?? '', /^Basic /)
  assert.equal((await refusal(missing))[1], 'invalid_client')
  const wrong = await server.post(tokens, machine, { client: ['testclient', 'bogus'] })
  assert.deepEqual(await refusal(wrong), [401, 'invalid_client', 'Invalid client credentials'])
})

test('django-oauth2-server: an expired code and an expired refresh token are refused', async () => {
  const server = await start()
  const code = await codeOf(server)
  server.clock.advance(600)
  const byCode = await ask(server, { grant_type: 'authorization_code', code })
  assert.deepEqual(await refusal(byCode), [400, 'invalid_grant', 'Authorization code has expired'])
  const { refresh_token = '' } = await mustBeWhole(await ask(server, password))
  server.clock.advance(1209600)
  const byRefresh = await ask(server, { grant_type: 'refresh_token', refresh_token })
  assert.deepEqual(await refusal(byRefresh), [400, 'invalid_grant', 'Refresh token has expired'])
})

test('django-oauth2-server: a code works once, for its client and user', async () => {
  const server = await start()
  const code = await codeOf(server)
  const { access_token = '' } = await mustBeWhole(await ask(server, { grant_type: 'authorization_code', code }))
  const told = await (await server.post('/introspect', { token: access_token }, { client: testclient })).json()
  assert.deepEqual([told.client_id, told.sub], ['testclient', 'u1'])
  assert.equal((await ask(server, { grant_type: 'authorization_code', code })).status, 400)
})

test('django-oauth2-server: a refresh ends the old pair', async () => {
  const server = await start({ lifetimes: { refreshReuseWindow: 0 } })
  const first = await mustBeWhole(await ask(server, password))
  const second = await mustBeWhole(
    await ask(server, { grant_type: 'refresh_token', refresh_token: first.refresh_token ?? '' }),
  )
  const isActive = async (token = ''): Promise<boolean> =>
    (await (await server.post('/introspect', { token }, { client: testclient })).json()).active
  assert.deepEqual(
    [await isActive(first.access_token), await isActive(first.refresh_token), await isActive(second.access_token)],
    [false, false, true],
  )
})

const scopeCases: readonly (readonly [asked: string | undefined, granted: string[]])[] = [
  [undefined, ['bar', 'foo', 'qux']],
  ['bogus', ['bar', 'foo', 'qux']],
  ['foo bogus', ['foo']],
  ['foo qux', ['foo', 'qux']],
]
for (const [scope, granted] of scopeCases) {
  test(`django-oauth2-server: asked for ${scope} the scope is ${granted.join(' ')}`, async () => {
    const server = await start()
    const { scope: told = '' } = await mustBeWhole(await ask(server, { ...machine, ...(scope && { scope }) }))
    assert.deepEqual(told.split(' ').sort(), granted)
  })
}

test('django-oauth2-server: a resource compares whole scope names', async () => {
  const server = await start()
  const { access_token } = await mustBeWhole(await ask(server, { ...machine, scope: 'foo qux' }))
  const { requireOAuth } = fetchProtector(server.provider)
  const headers = { authorization: `bearer ${access_token}` }
  const statusFor = async (need: string): Promise<number> =>
    (await requireOAuth(need, () => new Response())(new Request('https://api.example', { headers }))).status
  assert.deepEqual(
    [await statusFor('foo'), await statusFor('foo qux'), await statusFor('fo'), await statusFor('bar')],
    [200, 200, 403, 403],
  )
})

test('django-oauth2-server: the header of one old client, with a colon after Basic, is refused and not a failure', async () => {
  const server = await start()
  const authorization = basic(...testclient).replace('Basic ', 'Basic: ')
  assert.equal((await server.post(tokens, machine, { headers: { authorization } })).status, 401)
})
