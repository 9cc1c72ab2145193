import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { randomText } from '../core/crypto/random.ts'
import { listenOnLoopback } from '../testing/loopback.ts'
import { basic, startTestServer } from '../testing/test-server.ts'
import { type NodeHandlerOptions, type NodeListener, nodeHandler } from './node.ts'

const form = 'grant_type=client_credentials'
const type = { 'content-type': 'application/x-www-form-urlencoded' }
const headers = { ...type, authorization: basic('job', 'job-secret') }

async function start(
  t: TestContext,
  options: NodeHandlerOptions & { around?: (inner: NodeListener) => NodeListener } = {},
) {
  const { around = (inner) => inner, ...handlerOptions } = options
  const server = await startTestServer({ clients: [{ client_id: 'job', secret: 'job-secret' }] })
  const loopback = await listenOnLoopback(around(nodeHandler(server.provider, handlerOptions)))
  t.after(() => loopback.close())
  const post = (body: BodyInit, more: Record<string, string> = {}, path = '/token') =>
    fetch(loopback.origin + path, {
      method: 'POST',
      body,
      headers: { ...headers, ...more },
      duplex: 'half',
    } as RequestInit)
  return { server, loopback, post }
}

test('node adapter: a request is answered with status, headers and length', async (t) => {
  const { post } = await start(t)
  const answer = await post(form)
  const body = await answer.text()
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-length'), String(Buffer.byteLength(body)))
  assert.equal(answer.headers.get('cache-control'), 'no-store')
})

test('node adapter: paths that are none of ours go to the fallback, or are a 404', async (t) => {
  const alone = await start(t)
  assert.equal((await fetch(`${alone.loopback.origin}/elsewhere`)).status, 404)
  const fallback: NodeListener = (message, response) => void response.end(`host at ${message.url}`)
  const within = await start(t, { fallback })
  assert.equal(await (await fetch(`${within.loopback.origin}/elsewhere?a=1`)).text(), 'host at /elsewhere?a=1')
  assert.equal((await within.post(form)).status, 200)
})

const tooLarge = 'x'.repeat(131_073)
const bodies: readonly (readonly [how: string, body: () => BodyInit])[] = [
  ['with Content-Length', () => tooLarge],
  ['in chunks', () => new Blob([tooLarge]).stream()],
  ['of 20 MB', () => new Blob(new Array(160).fill(tooLarge)).stream()],
]
for (const [how, body] of bodies) {
  test(`RFC 9110 §15.5.14: a body over 128 kB ${how} is a 413, and the server goes on`, async (t) => {
    const { post } = await start(t)
    const answer = await post(body())
    assert.equal(answer.status, 413)
    assert.equal((await answer.json()).error, 'request_too_large')
    assert.equal((await post(form)).status, 200)
  })
}

test('RFC 9110 §15.5.14: a body of exactly the limit is read, and the limit is an option', async (t) => {
  const full = `${form}&pad=`.padEnd(131_072, 'x')
  const { post } = await start(t)
  assert.equal((await post(full)).status, 200)
  assert.equal((await post(new Blob([full]).stream())).status, 200)
  const small = await start(t, { maxBodyBytes: 10 })
  assert.equal((await small.post(form)).status, 413)
})

test('node adapter: a client that goes away in the middle of its body is no failure of the server', async (t) => {
  const { server, loopback, post } = await start(t)
  const head = `POST /token HTTP/1.1\r\nhost: x\r\ncontent-type: ${type['content-type']}\r\n`
  await loopback.exchange(`${head}content-length: 100\r\n\r\n${form}`)
  await loopback.exchange(`${head}transfer-encoding: chunked\r\n\r\n5\r\ngrant`)
  assert.equal((await post(form)).status, 200)
  assert.deepEqual(
    server.events.map((event) => (event.type === 'request_refused' ? event.reason : event.type)),
    ['request_aborted', 'request_aborted', 'client_authenticated', 'token_issued'],
  )
})

test('RFC 6749 §3.2: a body that is not UTF-8 is refused', async (t) => {
  const { post } = await start(t)
  const answer = await post(Buffer.from([...Buffer.from(`${form}&x=`), 0xff, 0xfe]))
  assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_request'])
})

test('RFC 9110 §5.3: two Authorization headers authenticate nobody', async (t) => {
  const { loopback } = await start(t)
  const other = basic('job', 'wrong')
  for (const pair of [
    [headers.authorization, other],
    [other, headers.authorization],
    [headers.authorization, headers.authorization],
  ]) {
    const lines = pair.map((value) => `authorization: ${value}\r\n`).join('')
    const head = `POST /token HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: ${type['content-type']}\r\n`
    const answer = await loopback.exchange(`${head}${lines}content-length: ${form.length}\r\n\r\n${form}`)
    assert.match(answer, /^HTTP\/1\.1 401 /)
  }
})

test('RFC 9110 §8.6: HEAD tells the length that GET would have', async (t) => {
  const { loopback } = await start(t)
  const url = `${loopback.origin}/.well-known/oauth-authorization-server`
  const [head, get] = [await fetch(url, { method: 'HEAD' }), await fetch(url)]
  assert.equal(head.headers.get('content-length'), get.headers.get('content-length'))
  assert.notEqual(head.headers.get('content-length'), '0')
})

test('RFC 8414 §2: no header of the request changes what the metadata says', async (t) => {
  const { loopback } = await start(t, { trustProxy: () => true })
  const names = ['x-forwarded-host', 'x-original-url', 'x-forwarded-prefix', 'forwarded', 'x-forwarded-server']
  const hostile = Object.fromEntries(names.map((name) => [name, 'host=evil.example']))
  const url = `${loopback.origin}/.well-known/oauth-authorization-server`
  const answer = await (await fetch(url, { headers: hostile })).json()
  assert.equal(answer.issuer, 'https://auth.example')
  assert.equal(JSON.stringify(answer).includes('evil'), false)
})

/** What a body parser of the host does: reads the body, and leaves `left` in its place. */
const parsedBy =
  (left: (text: string) => object) =>
  (inner: NodeListener): NodeListener =>
  async (message, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of message) chunks.push(chunk)
    Object.assign(message, left(Buffer.concat(chunks).toString()))
    inner(message, response)
  }

const lists = (text: string): object => {
  const values: Record<string, string | string[]> = {}
  const params = new URLSearchParams(text)
  for (const name of params.keys()) {
    const all = params.getAll(name)
    values[name] = all.length === 1 ? (all[0] as string) : all
  }
  return { body: values }
}

const parsers: readonly (readonly [what: string, left: (text: string) => object])[] = [
  ['an object', lists],
  ['its text', (body) => ({ body })],
  ['a Buffer', (text) => ({ body: Buffer.from(text) })],
  ['the raw body beside an object', (text) => ({ body: { other: 'x' }, rawBody: Buffer.from(text) })],
]
for (const [what, left] of parsers) {
  test(`node adapter: behind a body parser that leaves ${what} a form is still read, and repeats are refused`, async (t) => {
    const { post } = await start(t, { around: parsedBy(left) })
    assert.equal((await post(`${form}&scope=write`)).status, 200)
    assert.equal((await post(`${form}&scope=read&scope=write`)).status, 400)
  })
}

async function refusedAddress(t: TestContext, options: NodeHandlerOptions): Promise<string | undefined> {
  const { server, post } = await start(t, options)
  await post(form, { authorization: basic('job', 'wrong'), 'x-forwarded-for': '198.51.100.9' })
  const event = server.events.find(({ type }) => type === 'client_authentication_failed')
  return event?.type === 'client_authentication_failed' ? event.remoteAddress : undefined
}

test('node adapter: forwarded headers count only from a proxy that is trusted', async (t) => {
  assert.equal(await refusedAddress(t, {}), '127.0.0.1')
  assert.equal(await refusedAddress(t, { trustProxy: (address) => address === '10.0.0.1' }), '127.0.0.1')
  assert.equal(await refusedAddress(t, { trustProxy: (address) => address === '127.0.0.1' }), '198.51.100.9')
})

test('RFC 6749 §3.2: a request that a trusted proxy received without TLS is refused', async (t) => {
  const { post } = await start(t, { trustProxy: () => true })
  assert.equal((await post(form, { 'x-forwarded-proto': 'https' })).status, 200)
  for (const proto of ['http', 'https, http', 'HTTP']) {
    const answer = await post(form, { 'x-forwarded-proto': proto })
    assert.deepEqual([answer.status, (await answer.json()).error], [400, 'insecure_transport'], proto)
  }
})

test('A2-AS-33, RFC 6749 §3.1: without TLS the authorization endpoint shows a page that says so, and redirects nowhere', async (t) => {
  const { loopback } = await start(t, { trustProxy: () => true })
  const query = 'client_id=job&response_type=code&redirect_uri=https://client.example/cb'
  const answer = await fetch(`${loopback.origin}/authorize?${query}`, {
    headers: { 'x-forwarded-proto': 'http' },
    redirect: 'manual',
  })
  assert.deepEqual([answer.status, answer.headers.get('location')], [400, null])
  assert.match(await answer.text(), /<code>insecure_transport<\/code>/)
})

test('node adapter: a server behind a Unix socket is reached from this machine only, and so is no insecure one', async (t) => {
  const { provider } = await startTestServer({ clients: [{ client_id: 'job', secret: 'job-secret' }] })
  const socketPath = join(tmpdir(), `cardea-${randomText(6)}.sock`)
  const server = createServer(nodeHandler(provider))
  t.after(() => void server.close())
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ socketPath, path: '/token', method: 'POST', headers }, resolve).on('error', reject).end(form)
  })
  answer.resume()
  assert.equal(answer.statusCode, 200)
})
