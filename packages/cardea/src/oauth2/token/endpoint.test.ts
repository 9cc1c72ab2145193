import assert from 'node:assert/strict'
import { test } from 'node:test'
import { basic, startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'

const clients: TestServerOptions['clients'] = [
  { client_id: 'job', secret: 'job-secret' },
  { client_id: 'machine', secret: 'm-secret', grant_types: ['client_credentials'], response_types: [] },
]
const job = ['job', 'job-secret'] as const
const form = 'grant_type=client_credentials'

const start = (options: TestServerOptions = {}): Promise<TestServer> => startTestServer({ clients, ...options })

const send = (server: TestServer, init: RequestInit, path = '/token') =>
  server.send(new Request(new URL(path, server.origin), init))

async function refusal(response: Response): Promise<[number, string, string]> {
  const { error, error_description } = await response.json()
  return [response.status, error, error_description]
}

test('RFC 6749 §5.1: the answer is JSON that no cache may keep', async () => {
  const server = await start()
  const answer = await server.post('/token', form, { client: job })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), 'application/json')
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.equal(answer.headers.get('pragma'), 'no-cache')
})

test('RFC 6749 §3.3: a token without scope is answered without the member, which could not be empty', async () => {
  const server = await start({ scopes: [] })
  const answer = await (await server.post('/token', form, { client: job })).json()
  assert.deepEqual(Object.keys(answer), ['access_token', 'expires_in', 'token_type'])
})

test('RFC 6749 §5.2: an error is JSON with error and error_description only, and no cache keeps it', async () => {
  const server = await start()
  const answer = await server.post('/token', '', { client: job })
  assert.equal(answer.headers.get('content-type'), 'application/json')
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.deepEqual(Object.keys(await answer.json()), ['error', 'error_description'])
})

test('RFC 6749 §5.2: a missing grant_type is an invalid request, an unknown one is unsupported', async () => {
  const server = await start()
  assert.deepEqual(await refusal(await server.post('/token', '', { client: job })), [
    400,
    'invalid_request',
    'The grant type was not specified in the request',
  ])
  for (const type of ['bogus', 'CLIENT_CREDENTIALS', 'client_credentials ', 'toString', '__proto__', 'implicit']) {
    const answer = await server.post('/token', new URLSearchParams({ grant_type: type }).toString(), { client: job })
    assert.deepEqual((await refusal(answer)).slice(0, 2), [400, 'unsupported_grant_type'], type)
  }
})

test('RFC 6749 §3.2.1: the client is authenticated before anything is told of the grant', async () => {
  const server = await start()
  const answer = await server.post('/token', 'grant_type=bogus', { client: ['job', 'wrong'] })
  assert.deepEqual((await refusal(answer)).slice(0, 2), [401, 'invalid_client'])
})

test('RFC 6749 §5.2: a client that is not registered for a grant is unauthorized for it', async () => {
  const server = await start()
  const answer = await server.post('/token', 'grant_type=refresh_token&refresh_token=x', {
    client: ['machine', 'm-secret'],
  })
  assert.deepEqual((await refusal(answer)).slice(0, 2), [400, 'unauthorized_client'])
})

for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
  test(`RFC 6749 §3.2: ${method} is not allowed, and the answer names POST`, async () => {
    const server = await start()
    const answer = await send(server, { method, headers: { authorization: basic(...job) } }, `/token?${form}`)
    assert.equal(answer.status, 405)
    assert.equal(answer.headers.get('allow'), 'POST')
  })
}

test('RFC 6749 §3.2: no header turns another method into POST', async () => {
  const server = await start()
  const answer = await send(server, { method: 'GET', headers: { 'x-http-method-override': 'POST' } })
  assert.equal(answer.status, 405)
})

test('RFC 6749 §3.2: parameters in the URL are not looked at', async () => {
  const server = await start()
  const asked = await server.post(`/token?${form}`, '', { client: job })
  assert.equal((await refusal(asked))[1], 'invalid_request')
  const secret = await server.post('/token?client_id=job&client_secret=job-secret', form)
  assert.equal((await refusal(secret))[1], 'invalid_client')
  const scope = await server.post('/token?scope=write', form, { client: job })
  assert.equal((await scope.json()).scope, 'read')
})

const types: readonly (readonly [type: string | undefined, status: number])[] = [
  ['application/x-www-form-urlencoded', 200],
  ['application/x-www-form-urlencoded; charset=UTF-8', 200],
  ['APPLICATION/X-WWW-Form-Urlencoded ;charset=utf-8', 200],
  ['application/json', 400],
  ['multipart/form-data; boundary=x', 400],
  ['text/plain', 400],
  ['application/x-www-form-urlencoded, application/json', 400],
  ['application/x-www-form-urlencodedx', 400],
  [undefined, 400],
]
for (const [type, status] of types) {
  test(`RFC 6749 §3.2: a body of type ${type} is answered by ${status}`, async () => {
    const server = await start()
    const headers = { authorization: basic(...job), ...(type !== undefined && { 'content-type': type }) }
    const answer = await send(server, { method: 'POST', headers, body: Buffer.from(form) })
    assert.equal(answer.status, status)
    if (status === 400) assert.equal((await answer.json()).error, 'invalid_request')
  })
}

test('RFC 9110 §15.5.16: a compressed body is refused and not unpacked', async () => {
  const server = await start()
  const statusWith = async (coding: string) =>
    (await server.post('/token', form, { client: job, headers: { 'content-encoding': coding } })).status
  assert.equal(await statusWith('gzip'), 415)
  assert.equal(await statusWith('identity'), 200, 'RFC 9110 §8.4.1: which is no coding')
})

const repeats = ['grant_type', 'client_id', 'scope', 'code', 'redirect_uri', 'code_verifier', 'refresh_token', 'x']
for (const name of repeats) {
  test(`RFC 6749 §3.2: ${name} given twice is refused, the same value too`, async () => {
    const server = await start()
    const rest = name === 'grant_type' ? '' : `${form}&`
    const twice = `${rest}${name}=client_credentials&${name}=client_credentials`
    const answer = await server.post('/token', twice, { client: job })
    assert.deepEqual(await refusal(answer), [400, 'invalid_request', `Multiple '${name}' in request`])
  })
}

test('RFC 6749 §3.2: a parameter without a value counts as omitted, and unknown ones are ignored', async () => {
  const server = await start()
  const answer = await server.post('/token', `${form}&scope=&client_secret&unknown=1`, { client: job })
  assert.equal(answer.status, 200)
})

test('RFC 6749 §3.1: a trailing slash is accepted, a longer path is not', async () => {
  const server = await start()
  assert.equal((await server.post('/token/', form, { client: job })).status, 200)
  for (const path of ['/tokenfoo', '/token//', '/token/x', '/TOKEN', '/token%2f', '/%74oken']) {
    assert.equal((await server.post(path, form, { client: job })).status, 404, path)
  }
})

test('RFC 9700 §2.6: scripts of any site may read the answer, none with credentials', async () => {
  const server = await start()
  const headers = { origin: 'https://spa.example' }
  const answer = await server.post('/token', form, { client: job, headers })
  assert.equal(answer.headers.get('access-control-allow-origin'), '*')
  assert.equal(answer.headers.has('access-control-allow-credentials'), false)
  const refused = await server.post('/token', '', { headers })
  assert.equal(refused.headers.get('access-control-allow-origin'), '*')
  const preflight = await send(server, { method: 'OPTIONS', headers })
  assert.equal(preflight.status, 204)
  assert.equal(preflight.headers.get('access-control-allow-methods'), 'POST')
})

test('RFC 6749 §5.2: what a description quotes cannot break the answer out of its charset', async () => {
  const server = await start()
  const name = 'ä"\\\r\n<script>'
  const twice = `${encodeURIComponent(name)}=1&${encodeURIComponent(name)}=2`
  const [status, , description] = await refusal(await server.post('/token', twice, { client: job }))
  assert.equal(status, 400)
  assert.match(description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
})

test('RFC 6749 §5.2: a refusal is reported with its reason, the client stays unnamed in the answer', async () => {
  const server = await start()
  const answer = await server.post('/token', form, { client: ['nobody', 'x'] })
  assert.deepEqual(await refusal(answer), [401, 'invalid_client', 'Invalid client credentials'])
  assert.deepEqual(
    server.events.map((event) => ('reason' in event ? [event.type, event.reason] : [event.type])),
    [
      ['client_authentication_failed', 'unknown_client'],
      ['request_refused', 'unknown_client'],
    ],
  )
})

test('RFC 6749 §5.2: events name an endpoint, never the path that a request made up', async () => {
  const server = await start()
  await server.post('/token', '', { client: job })
  await server.post('/introspect/cat_secret', '')
  await server.agent().get('/interaction/made-up')
  const named = server.events.flatMap((event) => (event.type === 'request_refused' ? [event.endpoint] : []))
  assert.deepEqual(named, ['token', 'none', 'interaction'])
})
