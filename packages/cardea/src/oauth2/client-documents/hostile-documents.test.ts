import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answers, documentOf, startScene } from '../../../test-support/client-documents.ts'
import { requestPath } from '../../testing/authorization-visit.ts'
import { isDocumentUrl } from './document-url.ts'

const redirect_uri = 'https://app.example/cb'

test('CIMD §3: an id is an address of a document only as https with a path, in the one spelling there is', () => {
  for (const good of ['https://a.example/c', 'https://a.example:8443/c.json', 'https://a.example/c?v=1'])
    assert.equal(isDocumentUrl(good), true, good)
  const bad = [
    'http://a.example/c',
    'HTTPS://a.example/c',
    'https://A.example/c',
    'https://a.example',
    'https://a.example/',
    'https://a.example:443/c',
    'https://a.example/c#f',
    'https://a.example/c#',
    'https://u@a.example/c',
    'https://u:p@a.example/c',
    'https://@a.example/c',
    'https://a.example/../c',
    'https://a.example/b/./c',
    'https://a.example/%2e%2e/c',
    'https://a.example/b/%2E/c',
    'https://a.example\\c',
    'https:\\\\a.example/c',
    'https:/a.example/c',
    'https://a.example/c\n',
    ' https://a.example/c',
    'https://ä.example/c',
    'https://a.example/ä',
    `https://a.example/${'c'.repeat(200)}`,
    'javascript:alert(1)',
    'app',
    '',
  ]
  for (const one of bad) assert.equal(isDocumentUrl(one), false, one)
})

const hostile: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'another id': { client_id: 'https://app.example/client.json' },
  'an id that is like it': { client_id: 'https://keys.example/client.json' },
  'no id': { client_id: undefined },
  'no name': { client_name: undefined },
  'a name that is blank': { client_name: ' ' },
  'a name that deceives': { client_name: 'Good\u202etxt' },
  'no redirect URI': { redirect_uris: undefined },
  'an empty list of redirect URIs': { redirect_uris: [] },
  'a script as redirect URI': { redirect_uris: ['javascript:alert(1)'] },
  'data as redirect URI': { redirect_uris: [redirect_uri, 'data:text/html,x'] },
  'a redirect URI without https': { redirect_uris: ['http://app.example/cb'] },
  'a pattern as redirect URI': { redirect_uris: ['https://*.app.example/cb'] },
  'a fragment in the redirect URI': { redirect_uris: [`${redirect_uri}#x`] },
  'a secret': { client_secret: 'x' },
  'the end of a secret': { client_secret_expires_at: 0 },
  'a method with a secret in the header': { token_endpoint_auth_method: 'client_secret_basic' },
  'a method with a secret in the body': { token_endpoint_auth_method: 'client_secret_post' },
  'a method with a shared key': { token_endpoint_auth_method: 'client_secret_jwt' },
  'keys that are missing': { token_endpoint_auth_method: 'private_key_jwt' },
  'private keys': {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] },
  },
  'keys at a private address': {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: 'https://169.254.169.254/keys',
  },
  'keys on this machine': { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://localhost/keys' },
  'a request object at a private address': { request_uris: ['https://[::1]/request'] },
  'a script as home page': { client_uri: 'javascript:alert(1)' },
  'data as picture': { logo_uri: 'data:image/svg+xml,x' },
  'a number for a name': { client_name: 7 },
}

for (const [what, members] of Object.entries(hostile)) {
  test(`T-CIM-1: a document with ${what} is refused, and nothing is kept`, async (t) => {
    const { clientId, publish, server } = await startScene(t)
    publish(members)
    const answer = await server.agent().get(requestPath({ client_id: clientId, redirect_uri }))
    assert.equal(answer.status, 400)
    assert.equal(answer.headers.get('location'), null)
    const token = await server.post('/token', { grant_type: 'authorization_code', code: 'x', client_id: clientId })
    assert.deepEqual([token.status, ((await token.json()) as { error: string }).error], [400, 'invalid_client'])
    assert.deepEqual(await server.store.clients.list({ limit: 9 }), [])
  })
}

const padded = (length: number): string => JSON.stringify({ client_name: 'x'.repeat(length) })

const answers: Readonly<Record<string, Answers | string>> = {
  'of another type': (response) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end(JSON.stringify(documentOf('x'))),
  'without a type': (response) => {
    response.removeHeader('content-type')
    response.writeHead(200).end('{}')
  },
  'that redirects': (response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
  'that is not 200': (response) => void response.writeHead(203).end('{}'),
  'that is too large': padded(5200),
  'that says that it is too large': (response) =>
    void response.writeHead(200, { 'content-length': '999999999' }).write('{'),
  'that never ends': (response) => void response.writeHead(200).write('{'),
  'that is compressed': (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
  'that is no JSON': '{"client_id":',
  'that is a list': '[]',
  'with a member twice': '{"client_id":"a","client_id":"b"}',
  'with a prototype': '{"__proto__":{}}',
  'that is cut off': (response) => void response.writeHead(200, { 'content-length': '100' }).end('{}'),
}

for (const [what, said] of Object.entries(answers)) {
  test(`T-CIM-1, T-SSRF-1: an answer ${what} is refused as any other`, async (t) => {
    const { asked, clientId, documents, server } = await startScene(t, {})
    documents.set('/client.json', said)
    const answer = await server.agent().get(requestPath({ client_id: clientId, redirect_uri }))
    assert.equal(answer.status, 400)
    assert.match(await answer.text(), /What is at the client id cannot be had/)
    assert.deepEqual(asked, ['/client.json'])
    assert.deepEqual(await server.store.clients.list({ limit: 9 }), [])
  })
}

const fails = async (server: Awaited<ReturnType<typeof startScene>>['server'], client_id: string) => {
  const answer = await server.agent().get(requestPath({ client_id, redirect_uri }))
  const text = await answer.text()
  const reason = server.events.findLast(({ type }) => type === 'request_refused')
  return [answer.status, text.includes('cannot be had or is no document'), (reason as { reason: string }).reason]
}

test('T-SSRF-1: private addresses are not asked, by number or by name, and the answer tells nothing apart', async (t) => {
  const resolve = async () => [{ address: '10.0.0.1', family: 4 as const }]
  const { asked, server } = await startScene(t, { outgoing: { resolve } })
  for (const host of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '[::1]', '[fd00::1]', 'keys.example'])
    assert.deepEqual(await fails(server, `https://${host}/c`), [400, true, 'client_document_forbidden_address'], host)
  assert.deepEqual(asked, [])
})

test('T-SSRF-1: a name that leads elsewhere when it is asked again gains nothing', async (t) => {
  let resolutions = 0
  const resolve = async () => {
    resolutions += 1
    return [{ address: resolutions === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 as const }]
  }
  const { asked, clientId, server } = await startScene(t, { outgoing: { resolve } })
  for (const _ of [1, 2])
    assert.deepEqual(await fails(server, clientId), [400, true, 'client_document_forbidden_address'])
  assert.deepEqual(asked, [])
})

test('T-SSRF-1: the token endpoint and introspection are no way round the limits', async (t) => {
  const { asked, origin, server } = await startScene(t, {
    limits: { clientDocumentFromNetwork: { attempts: 2, window: 600 } },
  })
  const statuses: number[] = []
  for (const [at, path] of ['/token', '/introspect', '/revoke', '/token'].entries()) {
    const form = { grant_type: 'authorization_code', code: 'x', token: 'x', client_id: `${origin}/${at}` }
    statuses.push((await server.post(path, form)).status)
  }
  assert.deepEqual(statuses, [400, 400, 429, 429])
  assert.equal(asked.length, 2)
})

test('T-SSRF-1: names that nobody may have fetched any more push no document out that was', async (t) => {
  const { asked, clientId, origin, server } = await startScene(t, {
    limits: { clientDocumentFromNetwork: { attempts: 1, window: 600 } },
  })
  const visit = (client_id: string) => server.agent().get(requestPath({ client_id, redirect_uri }))
  assert.equal((await visit(clientId)).status, 303)
  for (let count = 0; count < 1000; count += 1)
    assert.equal(
      (await server.post('/token', { client_id: `${origin}/${count}`, grant_type: 'refresh_token' })).status,
      429,
    )
  assert.equal((await visit(clientId)).status, 303)
  assert.equal(asked.length, 1)
})
