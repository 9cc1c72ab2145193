import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alice, allow, decline, responseOf, signIn, type Visit } from '../../testing/authorization-visit.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'
import { formsOf } from '../../testing/user-agent.ts'

const scopes = ['foo', 'bar', 'qux'].map((name) => ({ name, description: `${name} scope`, is_default: true }))
const client = {
  client_id: 'testclient',
  secret: 'testpassword',
  client_name: 'Test client',
  redirect_uris: ['https://www.example.com'],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials', 'password', 'implicit'],
  response_types: ['code', 'token'],
  pkce: ['none'] as const,
}

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ profile: 'django-oauth2-server', clients: [client], users: [alice], scopes, ...options })

const query = {
  client_id: 'testclient',
  response_type: 'code',
  redirect_uri: 'https://www.example.com',
  state: 'somestate',
}

type Change = Readonly<Record<string, string | undefined>>

const pathWith = (change: Change = {}, path = '/web/authorize/'): string => {
  const pairs = Object.entries({ ...query, ...change }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  return `${path}?${new URLSearchParams(pairs)}`
}

async function consent(server: TestServer, change: Change = {}): Promise<Visit> {
  const browser = server.agent()
  const path = (await browser.get(pathWith(change))).headers.get('location') ?? ''
  const page = await browser.get(path)
  const text = await page.text()
  const csrf = formsOf(text)[0]?.fields.find(([name]) => name === 'csrf')?.[1] ?? ''
  return signIn({ browser, page, path, csrf, text }, alice)
}

test('django-oauth2-server: the authorization page is at its old address, with and without slash', async () => {
  const server = await start()
  for (const path of ['/web/authorize/', '/web/authorize', '/authorize']) {
    const answer = await server.agent().get(pathWith({}, path))
    assert.match(answer.headers.get('location') ?? '', /^\/interaction\//)
  }
  assert.equal((await (await startTestServer()).agent().get(pathWith())).status, 404)
})

test('django-oauth2-server: a request without a defect needs a sign-in before anything is approved', async () => {
  const server = await start()
  const browser = server.agent()
  const page = await browser.follow(await browser.get(pathWith()))
  assert.match(await page.text(), /name="password"/)
})

test('django-oauth2-server: the checks come in the old order with the old words, as a 400', async () => {
  const server = await start()
  const shown: readonly (readonly [Change, string, string])[] = [
    [{ client_id: undefined, response_type: undefined }, 'invalid_request', 'No client id supplied'],
    [{ client_id: 'bogus', response_type: 'bogus' }, 'invalid_client', 'The client id supplied is invalid'],
    [{ redirect_uri: 'https://evil.example' }, 'invalid_request', 'The redirect_uri is not registered'],
  ]
  for (const [change, code, words] of shown) {
    const answer = await server.agent().get(pathWith(change))
    const text = await answer.text()
    assert.deepEqual([answer.status, answer.headers.get('location')], [400, null])
    assert.ok(text.includes(words), words)
    assert.ok(text.includes(`<code>${code}</code>`), code)
  }
  for (const response_type of [undefined, 'bogus']) {
    const answer = responseOf(await server.agent().get(pathWith({ response_type })))
    assert.equal(answer.error_description, 'Invalid or missing response type')
    assert.equal(answer.state, 'somestate')
  }
})

test('django-oauth2-server: redirect_uri may be left out, since one is stored; without any there is none', async () => {
  const server = await start()
  const answer = await allow(await consent(server, { redirect_uri: undefined }), ['foo'])
  assert.match(answer.headers.get('location') ?? '', /^https:\/\/www\.example\.com\?code=/)
  const bare = await start({ clients: [{ ...client, redirect_uris: [] }] })
  const page = await bare.agent().get(pathWith({ redirect_uri: undefined }))
  assert.match(await page.text(), /No redirect URI was supplied or stored/)
})

test('compatibility stateRequired: a request without state is refused with the old words', async () => {
  const strict = await start({ compatibility: { stateRequired: true } })
  const { error, error_description } = responseOf(await strict.agent().get(pathWith({ state: undefined })))
  assert.deepEqual([error, error_description], ['invalid_request', 'The state parameter is required'])
  const lax = await start()
  assert.match(
    (await lax.agent().get(pathWith({ state: undefined }))).headers.get('location') ?? '',
    /^\/interaction\//,
  )
})

test('django-oauth2-server: the page shows each default scope ticked, one scope as well as three', async () => {
  for (const count of [1, 2, 3]) {
    const server = await start({ scopes: scopes.slice(0, count) })
    const { text } = await consent(server)
    const ticked = formsOf(text).flatMap(({ fields }) => fields.filter(([name]) => name === 'scope'))
    assert.deepEqual(
      ticked.map(([, value]) => value),
      ['foo', 'bar', 'qux'].slice(0, count),
    )
    assert.match(text, /foo scope/)
  }
})

test('django-oauth2-server: approving redirects with code and state, and a well-built query', async () => {
  const uri = 'https://www.example.com/cb?a=1'
  const server = await start({ clients: [{ ...client, redirect_uris: [uri] }] })
  const answer = await allow(await consent(server, { redirect_uri: uri }), ['foo', 'bar', 'qux'])
  assert.match(
    answer.headers.get('location') ?? '',
    /^https:\/\/www\.example\.com\/cb\?a=1&code=[^?]*&state=somestate&/,
  )
  const issued = server.events.find(({ type }) => type === 'code_issued')
  assert.equal(issued?.type === 'code_issued' && issued.userId, alice.id)
})

test('django-oauth2-server: Decline denies, for the code in the query and for the token in the fragment', async () => {
  const server = await start()
  for (const [response_type, separator] of [
    ['code', '?'],
    ['token', '#'],
  ] as const) {
    const answer = await decline(await consent(server, { response_type }))
    assert.ok(answer.headers.get('location')?.startsWith(`https://www.example.com${separator}error=access_denied`))
    const { error_description, state } = responseOf(answer)
    assert.deepEqual([error_description, state], ['The user denied access to your application', 'somestate'])
  }
  assert.equal(
    server.events.some(({ type }) => /^(?:code|token)_issued$/.test(type)),
    false,
  )
})

test('django-oauth2-server: the implicit grant answers a confidential client in the fragment', async () => {
  const server = await start()
  const fields = responseOf(await allow(await consent(server, { response_type: 'token' }), ['foo', 'bar', 'qux']))
  assert.match(fields.access_token ?? '', /^cat_/)
  assert.deepEqual([fields.token_type, fields.expires_in, fields.scope], ['Bearer', '3600', 'foo bar qux'])
})

test('django-oauth2-server: nothing ticked, or no button, shows the page again', async () => {
  const server = await start()
  const at = await consent(server)
  assert.match(await (await allow(at, [])).text(), /Nothing is chosen/)
  const none = await at.browser.post(at.path, { csrf: at.csrf, scope: 'foo' })
  assert.match(await none.text(), /value="allow"/)
})

test('django-oauth2-server: unknown scopes are dropped, and approval needs the proof of the form', async () => {
  const server = await start()
  const at = await consent(server, { scope: 'foo bogus' })
  const ticked = formsOf(at.text).flatMap(({ fields }) => fields.filter(([name]) => name === 'scope'))
  assert.deepEqual(ticked, [['scope', 'foo']])
  const forged = await at.browser.post(at.path, { scope: 'foo', decision: 'allow' })
  assert.equal(forged.status, 403)
})
