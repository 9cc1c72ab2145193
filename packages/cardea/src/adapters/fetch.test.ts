import assert from 'node:assert/strict'
import { test } from 'node:test'
import { basic, startTestServer } from '../testing/test-server.ts'
import { fetchHandler, fetchProtector, oauth } from './fetch.ts'
import { requestFrom, responseFrom } from './fetch-request.ts'

const form = 'grant_type=client_credentials'
const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization: basic('job', 'job-secret') }

async function start(options?: { maxBodyBytes: number }) {
  const server = await startTestServer({ clients: [{ client_id: 'job', secret: 'job-secret' }] })
  const handle = fetchHandler(server.provider, options)
  const post = (body: BodyInit) =>
    handle(new Request('https://auth.example/token', { method: 'POST', body, headers, duplex: 'half' } as RequestInit))
  return { server, handle, post }
}

test('fetch adapter: a form is read whole, also when a character is cut by a chunk', async () => {
  const { post } = await start()
  const bytes = Buffer.from(`${form}&x=é☃`)
  const pieces = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
      controller.close()
    },
  })
  assert.equal((await post(pieces)).status, 200)
})

test('RFC 9110 §15.5.14: fetch adapter: a body over the limit is a 413, by its length or as it comes', async () => {
  const { post } = await start({ maxBodyBytes: 1000 })
  assert.equal((await post('x'.repeat(1001))).status, 413)
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(500)) })
  assert.equal((await post(endless)).status, 413)
  assert.equal((await post(`${form}&x=`.padEnd(1000, 'x'))).status, 200)
})

const endlessForm = (url: string, authorization: string): Request =>
  new Request(url, {
    method: 'POST',
    headers: { ...headers, authorization },
    body: new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(500)) }),
    duplex: 'half',
  } as RequestInit)

test('RFC 9110 §15.5.14: fetch adapter: a guarded route that copies the body refuses one over the limit, and does not wait', async () => {
  const server = await startTestServer({ oauth1: true })
  const { requireOAuth } = fetchProtector(server.provider, { maxBodyBytes: 1000 })
  const route = requireOAuth(undefined, () => new Response())
  const answer = await route(endlessForm('https://auth.example/notes', 'OAuth oauth_consumer_key="x"'))
  assert.equal(answer.status, 413)
})

test('RFC 6749 §3.2: fetch adapter: a body that is not UTF-8 is refused', async () => {
  const { post } = await start()
  const answer = await post(Uint8Array.of(...Buffer.from(`${form}&x=`), 0xc3, 0x28))
  assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_request'])
})

test('fetch adapter: a body that breaks off is no failure of the server', async () => {
  const { post, server } = await start()
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })
  assert.equal((await post(broken)).status, 400)
  assert.equal(
    server.events.some(({ type }) => type === 'internal_error'),
    false,
  )
})

test('RFC 9110 §9.3.2: fetch adapter: HEAD has no body', async () => {
  const { handle } = await start()
  const url = 'https://auth.example/.well-known/oauth-authorization-server'
  assert.equal((await handle(new Request(url, { method: 'HEAD' }))).body, null)
})

test('fetch adapter: guessing limits count by the address that the host gives', async () => {
  const { handle, server } = await start()
  const wrong = { ...headers, authorization: basic('job', 'wrong'), 'x-forwarded-for': '198.51.100.1' }
  const request = new Request('https://auth.example/token', { method: 'POST', body: form, headers: wrong })
  await handle(request, { remoteAddress: '203.0.113.9' })
  const [event] = server.events
  assert.equal(event?.type === 'client_authentication_failed' && event.remoteAddress, '203.0.113.9')
})

test('fetch adapter: guessing limits of verbs count by the address that the host gives, request by request', async () => {
  const { server } = await start()
  const handle = oauth((request) => server.provider.handle(request), {
    remoteAddress: ({ headers }) => headers.get('x-real-address') ?? undefined,
  })
  for (const address of ['203.0.113.9', '198.51.100.1']) {
    const wrong = { ...headers, authorization: basic('job', 'wrong'), 'x-real-address': address }
    await handle(new Request('https://auth.example/token', { method: 'POST', body: form, headers: wrong }))
  }
  const told = server.events.flatMap((event) => (event.type === 'client_authentication_failed' ? [event] : []))
  assert.deepEqual(
    told.map(({ remoteAddress }) => remoteAddress),
    ['203.0.113.9', '198.51.100.1'],
  )
})

test('RFC 9110 §15.5.14: fetch adapter: a Content-Length that lies does not get a larger body in', async () => {
  const { handle } = await start({ maxBodyBytes: 1000 })
  const body = `${form}&x=`.padEnd(1001, 'x')
  const lying = new Request('https://auth.example/token', {
    method: 'POST',
    body,
    headers: { ...headers, 'content-length': '10' },
  })
  assert.equal((await handle(lying)).status, 413)
})

test('RFC 9112 §3.2.1: fetch adapter: target, path, query and host are those of the URL, a fragment is none of them', () => {
  const urls = ['http://h', 'https://h:8443/a/b?c=%7e&d=e?f', 'http://h/?', 'http://[::1]:1/a#b?c', 'http://h/a?b#c/d']
  for (const written of urls) {
    const { target, path, query, header, secure } = requestFrom(new Request(written), {})
    const { pathname, search, host, protocol } = new URL(written)
    assert.deepEqual([path, query, header('host')], [pathname, search.slice(1), host], written)
    assert.equal(target.replace(/\?$/, ''), pathname + search)
    assert.equal(secure, protocol === 'https:' ? true : undefined)
  }
})

test('RFC 6265 §3: fetch adapter: a header that repeats is sent as often, and an empty list not at all', () => {
  const cookies = ['a=1; Path=/', 'b=2']
  const given = { status: 200, headers: { 'set-cookie': cookies, pragma: [], 'x-one': '1' }, body: '' }
  const sent = responseFrom(given, 'GET').headers
  assert.deepEqual([sent.getSetCookie(), sent.get('pragma'), sent.get('x-one')], [cookies, null, '1'])
})
