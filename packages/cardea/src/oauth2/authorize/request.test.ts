import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Query, requestPath, responseOf, webApp } from '../../testing/authorization-visit.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'

const several = {
  ...webApp,
  client_id: 'several',
  redirect_uris: ['https://client.example/cb', 'https://client.example/other?tenant=1'],
}
const native = {
  ...webApp,
  client_id: 'native',
  application_type: 'native' as const,
  redirect_uris: ['http://127.0.0.1/cb', 'http://localhost/cb', 'com.example.app:/cb'],
}
const machine = {
  client_id: 'machine',
  secret: 'machine-secret',
  grant_types: ['client_credentials'],
  response_types: [],
}
const clients = [webApp, several, native, machine, { ...webApp, client_id: 'off', disabled: true }]

const start = (options: TestServerOptions = {}): Promise<TestServer> => startTestServer({ clients, ...options })

/** What is shown and never redirected: status, error code on the page, and no Location whatever. */
async function shown(server: TestServer, answer: Response): Promise<string> {
  assert.equal(answer.status, 400)
  assert.equal(answer.headers.get('location'), null)
  assert.match(answer.headers.get('content-type') ?? '', /^text\/html/)
  const refused = server.events.findLast(({ type }) => type === 'request_refused')
  assert.ok(refused?.type === 'request_refused')
  assert.match(await answer.text(), new RegExp(`<code>${refused.code}</code>`))
  return `${refused.code}: ${refused.reason}`
}

const unredirectable: readonly (readonly [query: Query, refusal: string])[] = [
  [{ client_id: undefined }, 'invalid_request: missing_client_id'],
  [{ client_id: '' }, 'invalid_request: missing_client_id'],
  [{ client_id: 'nobody' }, 'invalid_client: unknown_client'],
  [{ client_id: 'nobody', redirect_uri: 'https://client.example/cb' }, 'invalid_client: unknown_client'],
  [{ client_id: 'off' }, 'invalid_client: unknown_client'],
  [{ client_id: 'APP' }, 'invalid_client: unknown_client'],
  [{ client_id: 'app\0' }, 'invalid_client: unknown_client'],
  [{ client_id: '__proto__' }, 'invalid_client: unknown_client'],
  [{ redirect_uri: 'https://evil.example/cb' }, 'invalid_request: redirect_uri_not_registered'],
  [{ redirect_uri: 'https://client.example/cb/' }, 'invalid_request: redirect_uri_not_registered'],
  [{ redirect_uri: 'https://client.example/cb#' }, 'invalid_request: redirect_uri_not_registered'],
  [{ redirect_uri: 'https://client.example/cb\r\nx: y' }, 'invalid_request: redirect_uri_not_registered'],
  [{ client_id: 'several' }, 'invalid_request: missing_redirect_uri'],
  [{ client_id: 'machine', redirect_uri: 'https://evil.example' }, 'invalid_request: redirect_uri_not_registered'],
  [{ client_id: 'native', redirect_uri: 'http://127.0.0.2:1/cb' }, 'invalid_request: redirect_uri_not_registered'],
  [{ client_id: 'native', redirect_uri: 'http://localhost:1/cb' }, 'invalid_request: redirect_uri_not_registered'],
]

test('RFC 6749 §4.1.2.1: without a proven client and redirect URI an error is shown and never redirected', async () => {
  const server = await start()
  for (const [query, refusal] of unredirectable) {
    const answer = await server.agent().get(requestPath(query))
    assert.equal(await shown(server, answer), refusal, JSON.stringify(query))
  }
})

test('T-RDU-3: no other defect of a request makes an unproven redirect URI be redirected to', async () => {
  const server = await start()
  const defects: readonly Query[] = [
    { response_type: 'nonsense' },
    { response_type: undefined },
    { response_mode: 'form_post' },
    { scope: 'nonsense' },
    { prompt: 'none' },
    { code_challenge: 'short' },
    { max_age: '-1' },
  ]
  for (const defect of defects) {
    const query = { ...defect, redirect_uri: 'https://evil.example/cb' }
    const refusal = await shown(server, await server.agent().get(requestPath(query)))
    assert.equal(refusal, 'invalid_request: redirect_uri_not_registered', JSON.stringify(defect))
  }
})

const redirectable: readonly (readonly [query: Query, error: string, description: RegExp])[] = [
  [{ response_type: undefined }, 'invalid_request', /^Invalid or missing response type$/],
  [{ response_type: '' }, 'invalid_request', /response type/],
  [{ response_type: 'nonsense' }, 'unsupported_response_type', /response type/],
  [{ response_type: 'id_token' }, 'unsupported_response_type', /response type/],
  [{ response_type: 'Code' }, 'unsupported_response_type', /response type/],
  [{ response_type: 'code code' }, 'unsupported_response_type', /response type/],
  [{ response_type: 'c"öde\n' }, 'unsupported_response_type', /response type/],
  [{ scope: 'nonsense' }, 'invalid_scope', /not known/],
  [{ scope: 'read "write"' }, 'invalid_scope', /characters/],
  [{ code_challenge: undefined }, 'invalid_request', /^Missing 'code_challenge'$/],
  [{ code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request', /PKCE with S256/],
  [{ code_challenge: 'short' }, 'invalid_request', /^Invalid 'code_challenge'$/],
  [{ code_challenge_method: 'S512' }, 'invalid_request', /^Unsupported 'code_challenge_method'/],
  [{ code_challenge_method: undefined }, 'invalid_request', /S256/],
  [{ code_challenge_method: 'plain' }, 'invalid_request', /S256/],
  [{ response_mode: 'jwt' }, 'invalid_request', /response_mode/],
  [{ prompt: 'nonsense' }, 'invalid_request', /prompt/],
  [{ prompt: 'none login' }, 'invalid_request', /none stands alone/],
  [{ prompt: '<script>' }, 'invalid_request', /prompt/],
  [{ max_age: '-1' }, 'invalid_request', /max_age/],
  [{ max_age: '1e9' }, 'invalid_request', /max_age/],
  [{ max_age: '99999999999999999999' }, 'invalid_request', /max_age/],
  [{ max_age: 'NaN' }, 'invalid_request', /max_age/],
]

test('RFC 6749 §4.1.2.1, RFC 9207 §2: every other error is redirected, with the state and the issuer', async () => {
  const server = await start()
  for (const [query, error, description] of redirectable) {
    const answer = await server.agent().get(requestPath({ state: 'a b&c=d#é"<', ...query }))
    const { error_description: said = '', ...rest } = responseOf(answer)
    assert.deepEqual(rest, { error, state: 'a b&c=d#é"<', iss: 'https://auth.example' }, JSON.stringify(query))
    assert.match(said, description)
    assert.match(answer.headers.get('location') ?? '', /^https:\/\/client\.example\/cb\?error=/)
  }
})

test('RFC 6749 §3.1.1: a client gets no response type that it is not registered for', async () => {
  const server = await start({ clients: [{ ...webApp, grant_types: ['refresh_token'], response_types: [] }] })
  assert.equal(responseOf(await server.agent().get(requestPath())).error, 'unauthorized_client')
})

test('RFC 6749 §3.1: a parameter given twice is refused, whichever it is', async () => {
  const server = await start()
  for (const name of ['response_type', 'client_id', 'redirect_uri', 'scope', 'state', 'prompt', 'unknown']) {
    const answer = await server.agent().get(`${requestPath({ [name]: 'x' })}&${name}=x`)
    assert.equal(await shown(server, answer), 'invalid_request: repeated_parameter', name)
  }
})

test('RFC 6749 §3.1: unknown parameters are ignored, and an empty one counts as absent', async () => {
  const server = await start()
  const query = { nonsense: '1', claims: '{', id_token_hint: 'x', scope: '', prompt: '', max_age: '' }
  const answer = await server.agent().get(requestPath(query))
  assert.match(answer.headers.get('location') ?? '', /^\/interaction\//)
})

test('A2-JAR-07, RFC 9101 §10.5: request objects are refused and not ignored, to the proven redirect URI only', async () => {
  const server = await start()
  for (const name of ['request', 'request_uri', 'registration']) {
    const query = { [name]: 'https://client.example/object', state: 's' }
    const { error_description: said = '', ...rest } = responseOf(await server.agent().get(requestPath(query)))
    assert.deepEqual(rest, { error: `${name}_not_supported`, state: 's', iss: 'https://auth.example' })
    assert.ok(said.includes(name))
    const unproven = await server.agent().get(requestPath({ ...query, redirect_uri: 'https://evil.example/cb' }))
    assert.equal(await shown(server, unproven), 'invalid_request: redirect_uri_not_registered')
    const absent = await server.agent().get(requestPath({ [name]: '' }))
    assert.match(absent.headers.get('location') ?? '', /^\/interaction\//)
  }
})

test('RFC 6749 §3.1: broken percent-encoding and floods of parameters are refused', async () => {
  const server = await start()
  const flood = Array.from({ length: 300 }, (_, index) => `p${index}=1`).join('&')
  for (const more of ['state2=%zz', 'state2=%ff', '%c0%af=1', flood]) {
    const refusal = await shown(server, await server.agent().get(`${requestPath()}&${more}`))
    assert.match(refusal, /^invalid_request: (?:malformed_encoding|too_many_parameters)$/)
  }
})

test('RFC 8252 §7: a native client is sent to its loopback address at any port, and to its private-use scheme', async () => {
  const server = await start()
  for (const redirect_uri of ['http://127.0.0.1:49152/cb', 'http://localhost/cb', 'com.example.app:/cb']) {
    const answer = await server.agent().get(requestPath({ client_id: 'native', redirect_uri, prompt: 'none' }))
    assert.ok(answer.headers.get('location')?.startsWith(`${redirect_uri}?error=login_required`), redirect_uri)
  }
})

test('RFC 6749 §3.1: a request by POST is sent round as a GET with all it holds, when no cookie came with it', async () => {
  const server = await start()
  const body = requestPath({ state: 'a&b=ü' }).split('?')[1] ?? ''
  const answer = await server.post('/authorize?state=from-the-query', body)
  assert.equal(answer.status, 303)
  const location = new URL(answer.headers.get('location') ?? '', server.origin)
  assert.equal(location.pathname, '/authorize')
  assert.deepEqual([...location.searchParams], [...new URLSearchParams(body)])
})

test('RFC 6749 §3.1: a request by POST with the cookies of this browser is answered like one by GET', async () => {
  const server = await start()
  const browser = server.agent()
  await browser.get(requestPath())
  const sound = await browser.post('/authorize', new URLSearchParams(requestPath().split('?')[1]))
  assert.match(sound.headers.get('location') ?? '', /^\/interaction\//)
  const unsound = await browser.post('/authorize', { client_id: 'app', redirect_uri: 'https://evil.example' })
  assert.equal(await shown(server, unsound), 'invalid_request: redirect_uri_not_registered')
})

test('T-AUZ-2: a body of another type than a form is refused', async () => {
  const server = await start()
  for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', '']) {
    const answer = await server.post('/authorize', '{}', { headers: { 'content-type': type } })
    assert.equal(await shown(server, answer), 'invalid_request: not_a_form', type)
  }
})

test('T-AUZ-3, T-AUZ-12: no other method, no method override and no script of another site', async () => {
  const server = await start()
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const headers = { origin: 'https://evil.example', 'x-http-method-override': 'GET' }
    const answer = await server.send(new Request(new URL(requestPath(), server.origin), { method, headers }))
    assert.equal(answer.status, 405, method)
    assert.equal(answer.headers.get('allow'), 'GET, POST')
    assert.equal(answer.headers.get('access-control-allow-origin'), null)
  }
  const read = await server.agent().get(requestPath(), { origin: 'https://evil.example' })
  assert.deepEqual(
    [...read.headers.keys()].filter((name) => name.startsWith('access-control')),
    [],
  )
})
