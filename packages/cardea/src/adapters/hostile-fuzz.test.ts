import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { codeFor, pkcePair } from '../testing/code-flow.ts'
import { type Loopback, listenOnLoopback } from '../testing/loopback.ts'
import { basic, startTestServer, type TestServer } from '../testing/test-server.ts'
import { nodeHandler } from './node.ts'

const user = { id: 'u1', username: 'ada', password: 'correct horse' }
const web = ['web', 'web-secret'] as const

let server: TestServer
let loopback: Loopback
/** Values that get a request past the first checks. */
let telling: string[]

before(async () => {
  server = await startTestServer({
    profile: 'django-oauth2-server',
    clients: [
      { client_id: 'web', secret: 'web-secret', grant_types: ['authorization_code', 'refresh_token', 'password'] },
      { client_id: 'app', application_type: 'native', redirect_uris: ['http://127.0.0.1/cb', 'com.example:/cb'] },
    ],
    users: [user],
  })
  loopback = await listenOnLoopback(nodeHandler(server.provider))
  const code = await codeFor(server, user, { client_id: 'web', state: 's' })
  const form = { grant_type: 'authorization_code', code, code_verifier: pkcePair.verifier }
  const { access_token, refresh_token } = await (await server.post('/token', form, { client: web })).json()
  telling = [code, access_token, refresh_token, basic(...web), 'web', 'app', 'web-secret', 'code', 'token', 'S256']
  telling.push('authorization_code', 'refresh_token', 'password', 'client_credentials', 'read', 'none', 'login')
  telling.push('http://127.0.0.1:1/cb', 'com.example:/cb', 'https://client.example/cb', pkcePair.challenge, '0', 'ada')
})
after(() => loopback.close())

const paths = [
  '/token',
  '/revoke',
  '/introspect',
  '/authorize',
  '/interaction/x',
  '/sign-out',
  '/form-post.js',
  '/.well-known/oauth-authorization-server',
] as const

const names = fc.constantFrom(
  ...['client_id', 'client_secret', 'grant_type', 'code', 'code_verifier', 'redirect_uri', 'refresh_token', 'scope'],
  ...['token', 'token_type_hint', 'username', 'password', 'response_type', 'response_mode', 'state', 'prompt'],
  ...['max_age', 'code_challenge', 'code_challenge_method', 'csrf', 'decision', 'action', '__proto__', 'x[]', ''],
)
const strange = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom('%', '%00', '%ff', '%zz', '%0d%0aa:b', '+', '=', '%ed%a0%80', '9'.repeat(400), '-1', '1e309', 'NaN'),
)
const value = fc.oneof(
  fc.nat(1000).map((n) => encodeURIComponent(telling[n % telling.length] ?? '')),
  strange,
)
const form = fc
  .array(fc.tuple(names, value), { maxLength: 9 })
  .map((pairs) => pairs.map(([name, text]) => `${name}=${text}`).join('&'))
const headerLine = fc.constantFrom(
  '',
  `authorization: ${basic(...web)}\r\n`,
  'authorization: Basic \r\n',
  'authorization: Bearer x\r\n',
  'cookie: __Host-cardea_browser=x; __Host-cardea_session=y\r\n',
  'origin: null\r\n',
  'origin: https://evil.example\r\nsec-fetch-site: cross-site\r\n',
  'accept: text/html\r\n',
  'content-encoding: gzip\r\n',
  'x-forwarded-for: \r\nx-forwarded-proto: http\r\n',
)
const method = fc.constantFrom('GET', 'POST', 'POST', 'POST', 'HEAD', 'PUT', 'OPTIONS')

const noFailure = (): void => assert.ok(!server.events.some(({ type }) => type === 'internal_error'))

for (const path of paths) {
  test(`RFC 9110 §15.6.1: no request made of telling and strange parts makes ${path} fail`, async () => {
    const request = fc.record({ method, query: form, body: form, headers: fc.array(headerLine, { maxLength: 3 }) })
    await fc.assert(
      fc.asyncProperty(request, async ({ method, query, body, headers }) => {
        const target = `${path}?${query}`
        const type = 'content-type: application/x-www-form-urlencoded\r\n'
        const head = `${method} ${target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${type}${headers.join('')}`
        const answer = await loopback.exchange(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
        assert.match(answer, /^HTTP\/1\.1 [234]\d\d /)
        noFailure()
      }),
      { seed: 21, numRuns: 150 },
    )
  })
}

test('RFC 9112 §11.2: no bytes make the server fail or hang', async () => {
  const sound = Buffer.from(
    `POST /token HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: ${basic(...web)}\r\n` +
      'content-type: application/x-www-form-urlencoded\r\ncontent-length: 29\r\n\r\ngrant_type=client_credentials',
  )
  const cut = fc.tuple(fc.nat(sound.length), fc.nat(20), fc.uint8Array({ maxLength: 12 }))
  const damaged = cut.map(([at, gone, put]) => Buffer.concat([sound.subarray(0, at), put, sound.subarray(at + gone)]))
  await fc.assert(
    fc.asyncProperty(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 }).map(Buffer.from)), async (bytes) => {
      assert.match(await loopback.exchange(bytes), /^(?:HTTP\/1\.1 [234]\d\d |$)/)
      noFailure()
    }),
    { seed: 22, numRuns: 400 },
  )
})

test('RFC 9110 §15.6.1: afterwards the server still answers', async () => {
  const answer = await server.post('/token', { grant_type: 'refresh_token', refresh_token: 'x' }, { client: web })
  assert.equal(answer.status, 400)
})
