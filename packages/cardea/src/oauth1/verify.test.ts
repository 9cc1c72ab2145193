import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Credentials,
  type OAuth1Request,
  outcomeOf,
  resource,
  signedFor,
  startOAuth1Server,
  tokenFor,
} from '../testing/oauth1-flow.ts'
import type { TestServer, TestServerOptions } from '../testing/test-server.ts'
import { plaintext } from './signature-methods.ts'

const api = ['api', 'api-secret'] as const
const url = 'https://photos.example/photos?file=vacation.jpg'

const start = (options: TestServerOptions = {}) =>
  startOAuth1Server({ clients: [{ client_id: 'api', secret: 'api-secret', introspect_any: true }], ...options })

type Question = Record<string, string>

/** The question of a resource server that received this request. */
function questionOf(server: TestServer, request: OAuth1Request, target = url): Question {
  const { headers, method, url: sent, body } = signedFor(server, target, { method: 'GET', ...request })
  return {
    method,
    url: sent,
    ...(headers.authorization !== undefined && { authorization: headers.authorization }),
    ...(body !== undefined && { body }),
  }
}

const ask = async (server: TestServer, question: Question, client: readonly [string, string] = api) =>
  server.post('/oauth1/verify', question, { client })

const answerTo = async (server: TestServer, question: Question, client?: readonly [string, string]) =>
  (await ask(server, question, client)).json()

test('RFC 7662 §2.2 for OAuth 1: a request that is signed as it should be: client, user and scope', async () => {
  const server = await start()
  const credentials = await tokenFor(server)
  assert.deepEqual(await answerTo(server, questionOf(server, { credentials })), {
    active: true,
    client_id: 'printer',
    sub: 'u-alice',
    username: 'alice',
    scope: 'read',
    iat: server.clock.now(),
    token_type: 'oauth1',
    iss: 'https://auth.example',
  })
})

test('RFC 5849 §3.3: its nonce is claimed exactly once, whoever is asked, and wherever it is used', async () => {
  const server = await start()
  const credentials = await tokenFor(server)
  const question = questionOf(server, { credentials })
  const answers = await Promise.all(Array.from({ length: 50 }, () => answerTo(server, question)))
  assert.equal(answers.filter(({ active }) => active).length, 1)
  assert.ok(answers.every(({ active, error }) => active || error === 'invalid_nonce'))
  const shared = { credentials, timestamp: server.clock.now(), nonce: 'both' }
  assert.equal((await answerTo(server, questionOf(server, shared))).active, true)
  assert.equal(await outcomeOf(await resource(server, shared)), '401 invalid_nonce')
})

test('RFC 5849 §3.4.1: another URL, method, header or body than was signed is not that request', async () => {
  const server = await start()
  const credentials = await tokenFor(server)
  const changes: ((question: Question) => Question)[] = [
    (question) => ({ ...question, url: 'https://photos.example/photos?file=wedding.jpg' }),
    (question) => ({ ...question, url: 'https://evil.example/photos?file=vacation.jpg' }),
    (question) => ({ ...question, method: 'DELETE' }),
    (question) => ({ ...question, body: 'title=Sea%21' }),
  ]
  for (const change of changes) {
    const question = questionOf(server, { credentials, method: 'POST', body: 'title=Sea' })
    const { active, error } = await answerTo(server, change(question))
    assert.deepEqual([active, error], [false, 'invalid_signature'])
    assert.equal((await answerTo(server, question)).active, true)
  }
})

test('RFC 5849 §3.5: parameters in the form or the query of the request are looked at where they are', async () => {
  const server = await start()
  const credentials = await tokenFor(server)
  for (const place of ['body', 'query'] as const) {
    const question = questionOf(server, { credentials, method: 'POST', place })
    assert.equal((await answerTo(server, question)).active, true, place)
  }
  const typed = { ...questionOf(server, { credentials, method: 'PUT', body: 'a=b' }) }
  const type = 'application/x-www-form-urlencoded; charset=UTF-8'
  assert.equal((await answerTo(server, { ...typed, content_type: type })).active, true)
  const json = questionOf(server, { credentials, method: 'POST', body: '{}', contentType: 'application/json' })
  assert.equal((await answerTo(server, { ...json, content_type: 'application/json' })).active, true)
})

test('RFC 7662 §2.1 for OAuth 1: the resource server authenticates as itself', async () => {
  const server = await start()
  const question = questionOf(server, { credentials: await tokenFor(server) })
  assert.equal((await server.post('/oauth1/verify', question)).status, 401)
  assert.equal((await ask(server, question, ['api', 'wrong'])).status, 401)
  const { headers, body } = signedFor(server, '/oauth1/verify', { body: new URLSearchParams(question).toString() })
  const signed = await server.send(
    new Request(`${server.origin}/oauth1/verify`, { method: 'POST', headers, body: body ?? '' }),
  )
  assert.equal(signed.status, 401)
  assert.equal((await server.send(new Request(`${server.origin}/oauth1/verify`))).status, 405)
  assert.equal((await answerTo(server, question)).active, true)
})

test('RFC 7662 §4 for OAuth 1: a client that may not ask about others is told nothing, and uses nothing up', async () => {
  const clients = [
    { client_id: 'api', secret: 'api-secret', introspect_any: true },
    { client_id: 'web', secret: 'web-secret' },
    { client_id: 'app' },
  ]
  const server = await start({ clients })
  const question = questionOf(server, { credentials: await tokenFor(server) })
  assert.deepEqual(await answerTo(server, question, ['web', 'web-secret']), { active: false })
  const nobody = await server.post('/oauth1/verify', { ...question, client_id: 'app' })
  assert.equal(nobody.status, 401)
  assert.equal((await answerTo(server, question)).active, true)
})

test('RFC 5849 §3.2: what is wrong with a request is told in the words of OAuth 1', async () => {
  const server = await start()
  const credentials: Credentials = await tokenFor(server)
  const signed = (request: OAuth1Request, target?: string) => questionOf(server, { credentials, ...request }, target)
  const cases: [Question, string][] = [
    [signed({ consumerKey: 'nobody' }), 'invalid_client'],
    [signed({ credentials: { ...credentials, token: 'x' } }), 'invalid_token'],
    [signed({ credentials: { ...credentials, secret: 'x' } }), 'invalid_signature'],
    [signed({ timestamp: 1 }), 'invalid_request'],
    [{ method: 'GET', url }, 'invalid_request'],
    [{ method: 'GET', url, authorization: 'Bearer x' }, 'invalid_request'],
    [{ method: 'GET', url, authorization: 'OAuth x' }, 'invalid_request'],
    [signed({}, 'http://photos.example/photos'), 'insecure_transport'],
    [signed({}, 'http://127.0.0.1:8080/photos'), ''],
  ]
  for (const [question, error] of cases) {
    const answer = await answerTo(server, question)
    assert.equal(answer.error ?? '', error)
    assert.equal(answer.active, error === '')
  }
})

test('RFC 6749 §5.2: a question that cannot be read is a 400', async () => {
  const server = await start()
  const sound = questionOf(server, { credentials: await tokenFor(server) })
  const broken: Question[] = [
    { ...sound, url: '/photos' },
    { ...sound, url: 'ftp://photos.example/' },
    { ...sound, url: 'https://' },
    { ...sound, url: '' },
    { ...sound, method: '' },
    {},
  ]
  for (const question of broken) assert.equal((await ask(server, question)).status, 400, JSON.stringify(question))
  const json = new Request(`${server.origin}/oauth1/verify`, { method: 'POST', body: '{}' })
  assert.equal((await server.send(json)).status, 400)
})

test('RFC 6585 §4: verifications of one resource server are limited per minute', async () => {
  const server = await start({ oauth1: { verificationsPerMinute: 3 } })
  const credentials = await tokenFor(server)
  const statuses: number[] = []
  for (let n = 0; n < 4; n += 1) statuses.push((await ask(server, questionOf(server, { credentials }))).status)
  assert.deepEqual(statuses, [200, 200, 200, 429])
  server.clock.advance(60)
  assert.equal((await ask(server, questionOf(server, { credentials }))).status, 200)
})

test('T-OA1-6: PLAINTEXT of a request that came without TLS is not verified', async () => {
  const server = await start({ oauth1: { signatureMethods: ['HMAC-SHA1', 'PLAINTEXT'] } })
  const credentials = await tokenFor(server)
  const over = async (target: string) =>
    (await answerTo(server, questionOf(server, { credentials, signatureMethod: plaintext }, target))).error ?? 'active'
  assert.equal(await over('https://photos.example/'), 'active')
  assert.equal(await over('http://photos.example/'), 'insecure_transport')
  assert.equal(await over('http://127.0.0.1:8080/'), 'insecure_transport')
})
