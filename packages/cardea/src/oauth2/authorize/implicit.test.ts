import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchProtector } from '../../adapters/fetch.ts'
import { alice, allow, decline, requestPath, responseOf, visitConsent } from '../../testing/authorization-visit.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'

const page = { client_id: 'page', grant_types: ['implicit'], response_types: ['token'] }
const codeOnly = { client_id: 'code-only', grant_types: ['authorization_code'] }
const confidential = { ...page, client_id: 'confidential', secret: 'a secret of a client' }
const query = {
  client_id: 'page',
  response_type: 'token',
  code_challenge: undefined,
  code_challenge_method: undefined,
}

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({
    clients: [page, codeOnly, confidential],
    users: [alice],
    responseTypes: ['code', 'token'],
    ...options,
  })

/** Asks a resource that needs the scope `read`. */
const readWith = (server: TestServer, accessToken = ''): Promise<Response> => {
  const { requireOAuth } = fetchProtector(server.provider)
  const resource = requireOAuth('read', (_request, token) =>
    Response.json({ client: token.clientId, user: token.userId }),
  )
  return resource(new Request('https://api.example/', { headers: { authorization: `Bearer ${accessToken}` } }))
}

test('RFC 6749 §4.2.2: allowing sends the token in the fragment, without a refresh token', async () => {
  const server = await start()
  const answer = await allow(await visitConsent(server, alice, query))
  assert.match(answer.headers.get('location') ?? '', /^https:\/\/client\.example\/cb#/)
  const { access_token = '', ...rest } = responseOf(answer)
  assert.deepEqual(rest, {
    expires_in: '3600',
    token_type: 'Bearer',
    scope: 'read',
    state: 'st-1',
    iss: 'https://auth.example',
  })
  const resource = await readWith(server, access_token)
  assert.deepEqual(await resource.json(), { client: 'page', user: alice.id })
  assert.deepEqual(await server.store.tokens.listRefresh({}, { limit: 1 }), [])
})

test('RFC 6749 §3.3: a token without scope is answered without the parameter, which could not be empty', async () => {
  const server = await start({ scopes: [] })
  const answer = await allow(await visitConsent(server, alice, { ...query, scope: undefined }))
  assert.deepEqual(Object.keys(responseOf(answer)), ['access_token', 'expires_in', 'token_type', 'state', 'iss'])
})

test('RFC 6749 §4.2.2.1: errors and denial travel in the fragment, with the state', async () => {
  const server = await start()
  const denied = await decline(await visitConsent(server, alice, query))
  const refused = await server.agent().get(requestPath({ ...query, scope: 'nonsense' }))
  for (const [answer, error] of [
    [denied, 'access_denied'],
    [refused, 'invalid_scope'],
  ] as const) {
    assert.match(answer.headers.get('location') ?? '', /^https:\/\/client\.example\/cb#error=/)
    const fields = responseOf(answer)
    assert.deepEqual([fields.error, fields.state, fields.iss], [error, 'st-1', 'https://auth.example'])
  }
})

test('OAuth Multiple Response Types §3: a token never travels in the query, and form_post is possible', async () => {
  const server = await start()
  const answer = await server.agent().get(requestPath({ ...query, response_mode: 'query' }))
  assert.match(answer.headers.get('location') ?? '', /^https:\/\/client\.example\/cb#error=invalid_request&/)
  const posted = await allow(await visitConsent(server, alice, { ...query, response_mode: 'form_post' }))
  assert.match(await posted.text(), /name="access_token" value="cat_/)
})

test('OAuth Multiple Response Types §3: the order of the response types makes no difference', async () => {
  const server = await start()
  for (const response_type of ['token code', 'code token', ' token  code ']) {
    const answer = await server.agent().get(requestPath({ ...query, response_type }))
    assert.match(answer.headers.get('location') ?? '', /^https:\/\/client\.example\/cb#error=unsupported_response_type/)
  }
})

test('RFC 9700 §2.1.2: there is no implicit grant unless it is switched on', async () => {
  const server = await start({ responseTypes: ['code'] })
  const answer = await server.agent().get(requestPath(query))
  assert.match(answer.headers.get('location') ?? '', /^https:\/\/client\.example\/cb#error=unsupported_response_type/)
})

test('RFC 6749 §4.2: the implicit grant is for public clients that are registered for it', async () => {
  const server = await start()
  for (const client_id of ['code-only', 'confidential']) {
    const answer = await server.agent().get(requestPath({ ...query, client_id }))
    assert.equal(responseOf(answer).error, 'unauthorized_client', client_id)
  }
})

test('compatibility implicitForConfidential: confidential clients may use the implicit grant', async () => {
  const server = await start({ compatibility: { implicitForConfidential: true } })
  const answer = await allow(await visitConsent(server, alice, { ...query, client_id: 'confidential' }))
  assert.match(responseOf(answer).access_token ?? '', /^cat_/)
})

test('RFC 6749 §4.2.2: a token that does not expire comes without expires_in', async () => {
  const server = await start({ lifetimes: { accessToken: 0 } })
  const fields = responseOf(await allow(await visitConsent(server, alice, query)))
  assert.match(fields.access_token ?? '', /^cat_/)
  assert.equal(fields.expires_in, undefined)
})

test('RFC 6749 §3.3: the answer names the scope that was ticked, and the token has no more', async () => {
  const server = await start()
  const at = await visitConsent(server, alice, { ...query, scope: 'read write' })
  const fields = responseOf(await allow(at, ['write', 'admin']))
  assert.equal(fields.scope, 'write')
  assert.equal((await readWith(server, fields.access_token)).status, 403)
})
