import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'

const clients: TestServerOptions['clients'] = [
  { client_id: 'basic', secret: 'basic-secret' },
  { client_id: 'post', secret: 'post-secret', token_endpoint_auth_method: 'client_secret_post' },
  { client_id: 'public' },
  { client_id: 'off', secret: 'off-secret', disabled: true },
  { client_id: 'id:with %+&=ö', secret: 's:ecret %+&=ö☃ "' },
  { client_id: 'percent', secret: '100%' },
  { client_id: 'colon', secret: 'a:b:c' },
  { client_id: 'lost' },
  { client_id: 'keyed', secret: 'left-over', token_endpoint_auth_method: 'private_key_jwt' },
]

const start = (options: TestServerOptions = {}): Promise<TestServer> => startTestServer({ clients, ...options })

const raw = (text: string | Buffer): string => `Basic ${Buffer.from(text).toString('base64')}`

/** Tries the token endpoint; what the grant then says does not matter here. */
async function outcome(server: TestServer, form: Record<string, string>, authorization?: string, path = '/token') {
  const headers = authorization === undefined ? {} : { authorization }
  const answer = await server.post(path, { grant_type: 'client_credentials', ...form }, { headers })
  return [answer.status, (await answer.json()).error]
}

const refused = [401, 'invalid_client']
const twoMethods = [400, 'invalid_request']
const passed = [200, undefined]

test('RFC 6749 §2.3.1: client_secret_basic, with the scheme in any case', async () => {
  const server = await start()
  const credentials = Buffer.from('basic:basic-secret').toString('base64')
  for (const scheme of ['Basic', 'basic', 'BASIC', 'BaSiC']) {
    assert.deepEqual(await outcome(server, {}, `${scheme} ${credentials}`), passed, scheme)
  }
})

test('RFC 6749 §2.3.1: id and secret are form-decoded, so that any character works', async () => {
  const server = await start()
  const encode = (text: string) => new URLSearchParams({ x: text }).toString().slice(2)
  const header = raw(`${encode('id:with %+&=ö')}:${encode('s:ecret %+&=ö☃ "')}`)
  assert.deepEqual(await outcome(server, {}, header), passed)
})

test('RFC 6749 §2.3.1: a secret that was not encoded and cannot be decoded is taken as it is', async () => {
  const server = await start()
  assert.deepEqual(await outcome(server, {}, raw('percent:100%')), passed)
  assert.deepEqual(await outcome(server, {}, raw('colon:a:b:c')), passed)
})

const unreadable: readonly (readonly [what: string, header: string])[] = [
  ['no credentials', 'Basic'],
  ['empty credentials', 'Basic '],
  ['bad base64', 'Basic %%%%'],
  ['base64 with blanks inside', 'Basic YmFzaWM6 YmFzaWMtc2VjcmV0'],
  ['no colon', raw('basic')],
  ['an empty id', raw(':basic-secret')],
  ['invalid UTF-8', raw(Buffer.from([0xff, 0xfe, 0x3a, 0xc3, 0x28]))],
  ['a NUL', raw('basic\0:basic-secret')],
  [
    'a colon after the scheme, as one old client sent it',
    `Basic: ${Buffer.from('basic:basic-secret').toString('base64')}`,
  ],
  ['a wrong secret', raw('basic:wrong')],
  ['the secret cut', raw('basic:basic-secre')],
  ['the secret with more', raw('basic:basic-secret ')],
  ['an empty secret', raw('basic:')],
  ['an unknown client', raw('nobody:basic-secret')],
  ['a client without secret', raw('public:')],
  ['another scheme', `Bearer ${Buffer.from('basic:basic-secret').toString('base64')}`],
  ['two credentials in one', `${raw('basic:basic-secret')}, ${raw('basic:basic-secret')}`],
  ['a disabled client', raw('off:off-secret')],
]
for (const [what, header] of unreadable) {
  test(`RFC 7617 §2: ${what} does not authenticate`, async () => {
    assert.deepEqual(await outcome(await start(), {}, header), refused)
  })
}

test('RFC 6749 §5.2: a failed authentication is a 401 with a challenge that names its realm', async () => {
  const server = await start()
  const headers = { authorization: raw('basic:wrong') }
  const answer = await server.post('/token', { grant_type: 'client_credentials' }, { headers })
  assert.equal(answer.headers.get('www-authenticate'), 'Basic realm="https://auth.example", charset="UTF-8"')
})

test('RFC 6749 §2.3.1: client_secret_post', async () => {
  const server = await start()
  assert.deepEqual(await outcome(server, { client_id: 'post', client_secret: 'post-secret' }), passed)
  assert.deepEqual(await outcome(server, { client_id: 'post', client_secret: 'wrong' }), refused)
  assert.deepEqual(await outcome(server, { client_secret: 'post-secret' }), refused)
})

test('RFC 6749 §3.2.1: a request without client is refused', async () => {
  assert.deepEqual(await outcome(await start(), {}), refused)
})

const endpoints: readonly (readonly [path: string, form: Record<string, string>])[] = [
  ['/token', {}],
  ['/revoke', { token: 'x' }],
  ['/introspect', { token: 'x' }],
  ['/par', { response_type: 'code', code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' }],
  ['/device_authorization', {}],
]
const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code'
const grant_types = ['authorization_code', 'client_credentials', deviceCode]
const startAll = (): Promise<TestServer> =>
  start({ clients: clients.map((one) => ({ ...one, grant_types })), pushedRequests: true, deviceGrant: true })
for (const [path, form] of endpoints) {
  const passed = [path === '/par' ? 201 : 200, undefined]

  test(`RFC 6749 §2.3: ${path} accepts a client by its registered method only`, async () => {
    const server = await startAll()
    const asBasic = (id: string) => raw(`${id}:${id}-secret`)
    const asPost = (id: string) => ({ ...form, client_id: id, client_secret: `${id}-secret` })
    assert.deepEqual(await outcome(server, form, asBasic('basic'), path), passed)
    assert.deepEqual(await outcome(server, asPost('post'), undefined, path), passed)
    assert.deepEqual(await outcome(server, asPost('basic'), undefined, path), refused)
    assert.deepEqual(await outcome(server, form, asBasic('post'), path), refused)
    assert.deepEqual(await outcome(server, { ...form, client_id: 'basic' }, undefined, path), refused)
    assert.deepEqual(await outcome(server, { ...form, client_id: 'post' }, undefined, path), refused)
  })

  test(`RFC 6749 §2.3: ${path} refuses two methods in one request`, async () => {
    const server = await startAll()
    const body = { ...form, client_id: 'basic', client_secret: 'basic-secret' }
    assert.deepEqual(await outcome(server, body, raw('basic:basic-secret'), path), twoMethods)
  })

  test(`RFC 6749 §3.2.1: ${path} refuses a client_id that is not the authenticated client`, async () => {
    const server = await startAll()
    const header = raw('basic:basic-secret')
    assert.deepEqual(await outcome(server, { ...form, client_id: 'post' }, header, path), twoMethods)
    assert.deepEqual(await outcome(server, { ...form, client_id: 'basic' }, header, path), passed)
  })
}

test('RFC 6749 §2.3: eitherSecretMethod makes the two ways to send a secret one, and nothing more', async () => {
  const server = await start({ compatibility: { eitherSecretMethod: true } })
  assert.deepEqual(await outcome(server, { client_id: 'basic', client_secret: 'basic-secret' }), passed)
  assert.deepEqual(await outcome(server, {}, raw('post:post-secret')), passed)
  assert.deepEqual(await outcome(server, { client_id: 'basic' }), refused)
  assert.deepEqual(await outcome(server, {}, raw('public:x')), refused)
  assert.deepEqual(await outcome(server, {}, raw('keyed:left-over')), refused)
})

test('RFC 6749 §2.1: a public client names itself, and brings no credentials of any kind', async () => {
  const server = await start()
  const known = [400, 'unauthorized_client'] // it got past authentication
  assert.deepEqual(await outcome(server, { client_id: 'public' }), known)
  assert.deepEqual(await outcome(server, { client_id: 'public', client_secret: '' }), known)
  assert.deepEqual(await outcome(server, { client_id: 'public', client_secret: 'x' }), refused)
  assert.deepEqual(await outcome(server, { client_id: 'public', client_assertion: 'x' }), refused)
  assert.deepEqual(await outcome(server, { client_id: 'public' }, 'Digest x'), refused)
})

test('RFC 6749 §2.3: an imported client that lost its hash cannot authenticate with anything', async () => {
  const server = await start()
  const lost = await server.store.clients.find('lost')
  assert.ok(lost)
  await server.store.clients.save({ ...lost, token_endpoint_auth_method: 'client_secret_basic' })
  for (const secret of ['', 'A'.repeat(43), 'undefined', 'sha256:']) {
    assert.deepEqual(await outcome(server, {}, raw(`lost:${secret}`)), refused)
  }
})

test('RFC 7591 §3.2.1: a secret is dead from client_secret_expires_at on', async () => {
  const expiring = { client_id: 'c', secret: 's', client_secret_expires_at: 1767225700 }
  const server = await start({ clients: [expiring] })
  server.clock.advance(99)
  assert.deepEqual(await outcome(server, {}, raw('c:s')), passed)
  server.clock.advance(1)
  assert.deepEqual(await outcome(server, {}, raw('c:s')), refused)
})

test('RFC 6749 §2.3: a client that is disabled or deleted is refused from then on', async () => {
  const server = await start()
  const client = await server.store.clients.find('basic')
  assert.ok(client)
  assert.deepEqual(await outcome(server, {}, raw('basic:basic-secret')), passed)
  await server.store.clients.save({ ...client, disabled: true })
  assert.deepEqual(await outcome(server, {}, raw('basic:basic-secret')), refused)
  await server.store.clients.delete('basic')
  assert.deepEqual(await outcome(server, {}, raw('basic:basic-secret')), refused)
})
