import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { type TestContext, test } from 'node:test'
import { fetchProtector } from '../adapters/fetch.ts'
import { nodeProtector } from '../adapters/node.ts'
import { listenOnLoopback } from '../testing/loopback.ts'
import { type Credentials, requestOf, signedFor, startOAuth1Server, tokenFor } from '../testing/oauth1-flow.ts'
import type { TestServer } from '../testing/test-server.ts'

const job = ['job', 'job-secret'] as const

async function start(): Promise<{ server: TestServer; credentials: Credentials; bearer: string }> {
  const server = await startOAuth1Server({
    issuer: 'http://127.0.0.1:9000',
    clients: [{ client_id: job[0], secret: job[1] }],
  })
  const form = { grant_type: 'client_credentials', scope: 'read' }
  const bearer = (await (await server.post('/token', form, { client: job })).json()).access_token
  return { server, credentials: await tokenFor(server), bearer }
}

async function onNode(t: TestContext, server: TestServer) {
  const { requireOAuth } = nodeProtector(server.provider)
  const loopback = await listenOnLoopback(
    requireOAuth('read', async (message, response, { scheme }) => {
      const { rawBody } = message as IncomingMessage & { rawBody?: string }
      let streamed = ''
      if (!message.readableEnded) for await (const chunk of message) streamed += chunk
      response.end(JSON.stringify({ scheme, rawBody, streamed }))
    }),
  )
  t.after(() => loopback.close())
  return (init: RequestInit) => fetch(`${loopback.origin}/photos`, init)
}

test('RFC 9110 §11.6.2: node: one route takes signed requests and bearer tokens', async (t) => {
  const { server, credentials, bearer } = await start()
  const get = await onNode(t, server)
  const { headers } = signedFor(server, '/photos', { method: 'GET', credentials })
  assert.deepEqual(await (await get({ headers })).json(), { scheme: 'OAuth', streamed: '' })
  const byToken = await get({ headers: { authorization: `Bearer ${bearer}` } })
  assert.deepEqual(await byToken.json(), { scheme: 'Bearer', streamed: '' })
  const neither = await get({})
  assert.equal(neither.status, 401)
  assert.match(neither.headers.get('www-authenticate') ?? '', /Bearer realm=.*OAuth realm=/)
})

test('RFC 5849 §3.4.1.3.1: node: a form that was signed is there for the handler, another body was not touched', async (t) => {
  const { server, credentials, bearer } = await start()
  const send = await onNode(t, server)
  const form = signedFor(server, '/photos', { credentials, body: 'title=Sea+%26+sand' })
  const asForm = await send({ method: 'POST', headers: form.headers, body: form.body ?? '' })
  assert.deepEqual(await asForm.json(), { scheme: 'OAuth', rawBody: 'title=Sea+%26+sand', streamed: '' })
  const json = signedFor(server, '/photos', { credentials, body: '{"title":1}', contentType: 'application/json' })
  const asJson = await send({ method: 'POST', headers: json.headers, body: json.body ?? '' })
  assert.deepEqual(await asJson.json(), { scheme: 'OAuth', streamed: '{"title":1}' })
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/x-www-form-urlencoded' }
  const withBearer = await send({ method: 'POST', headers, body: 'a=b' })
  assert.deepEqual(await withBearer.json(), { scheme: 'Bearer', streamed: 'a=b' })
})

/** A host whose parser has read the body before the guard, and leaves `kept` besides what it has made of it. */
async function behindParser(t: TestContext, server: TestServer, kept: (text: string) => object) {
  const { requireOAuth } = nodeProtector(server.provider)
  const guarded = requireOAuth(undefined, (message, response) => {
    const { body } = message as IncomingMessage & { body?: unknown }
    response.end(JSON.stringify({ body }))
  })
  const loopback = await listenOnLoopback(async (message, response) => {
    let text = ''
    for await (const chunk of message) text += chunk
    guarded(Object.assign(message, { body: Object.fromEntries(new URLSearchParams(text)) }, kept(text)), response)
  })
  t.after(() => loopback.close())
  return (init: RequestInit, query = '') => fetch(`${loopback.origin}/photos${query}`, init)
}

test('RFC 5849 §3.4.1.3.1: node: behind a body parser the raw body is verified, and its own view left alone', async (t) => {
  const { server, credentials } = await start()
  const send = await behindParser(t, server, (text) => ({ rawBody: Buffer.from(text) }))
  const { headers, body = '' } = signedFor(server, '/photos', { credentials, body: 'title=Sea&tag=x&tag=%79' })
  const answer = await send({ method: 'POST', headers, body })
  assert.deepEqual(await answer.json(), { body: { title: 'Sea', tag: 'y' } })
})

test('RFC 5849 §3.4.1: node: behind a body parser that keeps no raw body no signed form is let in, wherever it is signed', async (t) => {
  const { server, credentials, bearer } = await start()
  const send = await behindParser(t, server, () => ({}))
  for (const place of ['header', 'body', 'query'] as const) {
    const signed = signedFor(server, '/photos', { credentials, body: 'title=Sea', place })
    const query = new URL(signed.url).search
    const answer = await send({ method: 'POST', headers: signed.headers, body: signed.body ?? '' }, query)
    assert.equal(answer.status, 400, place)
    const { error, error_description } = await answer.json()
    assert.deepEqual([error, /parsed the form/.test(error_description)], ['invalid_request', true])
  }
  const reasons = server.events.flatMap((event) => (event.type === 'request_refused' ? [event.reason] : []))
  assert.deepEqual(reasons, ['body_not_as_sent', 'body_not_as_sent', 'body_not_as_sent'])
  const get = signedFor(server, '/photos', { method: 'GET', credentials })
  assert.equal((await send({ headers: get.headers })).status, 200, 'without a form')
  const empty = signedFor(server, '/photos', { credentials, body: '' })
  assert.equal((await send({ method: 'POST', headers: empty.headers, body: '' })).status, 200, 'with an empty one')
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  const headers = { ...type, authorization: `Bearer ${bearer}` }
  assert.equal((await send({ method: 'POST', headers, body: 'a=1' })).status, 200, 'with a bearer token')
})

test('RFC 5849 §3.4.1: node: a form that somebody has read and left nothing of does not count as an empty one', async (t) => {
  const { server, credentials } = await start()
  const send = await behindParser(t, server, () => ({ body: undefined }))
  const { headers } = signedFor(server, '/photos', { credentials, body: '' })
  assert.equal((await send({ method: 'POST', headers, body: 'admin=1' })).status, 400)
  const streamed = { body: new Response('admin=1').body, duplex: 'half' }
  const again = signedFor(server, '/photos', { credentials, body: '' })
  assert.equal((await send({ method: 'POST', headers: again.headers, ...streamed })).status, 400)
  const empty = signedFor(server, '/photos', { credentials, body: '' })
  assert.equal((await send({ method: 'POST', headers: empty.headers, body: '' })).status, 200)
})

test('RFC 9110 §11.6.2: fetch: one route takes both, and the handler gets the body that nobody has read', async () => {
  const { server, credentials, bearer } = await start()
  const handler = fetchProtector(server.provider).requireOAuth('read', async (request, { scheme }) =>
    Response.json({ scheme, body: await request.text() }),
  )
  const signed = signedFor(server, '/photos', { credentials, body: 'title=Sea' })
  assert.deepEqual(await (await handler(requestOf(signed))).json(), { scheme: 'OAuth', body: 'title=Sea' })
  const inForm = signedFor(server, '/photos', { credentials, body: 'title=Sea', place: 'body' })
  const { scheme, body } = await (await handler(requestOf(inForm))).json()
  assert.equal(scheme, 'OAuth')
  assert.match(body, /^title=Sea&oauth_consumer_key=/)
  const byToken = new Request(`${server.origin}/photos`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}` },
    body: 'any',
  })
  assert.deepEqual(await (await handler(byToken)).json(), { scheme: 'Bearer', body: 'any' })
})

test('A1-OAUTH1-12: a request with a Basic header and a signed query is a signed one', async () => {
  const { server, credentials } = await start()
  const handler = fetchProtector(server.provider).requireOAuth('read', () => new Response('in'))
  const signed = signedFor(server, '/photos', { method: 'GET', credentials, place: 'query' })
  const request = requestOf(signed, { headers: { authorization: 'Basic cHJveHk6cHJveHk=' } })
  assert.equal((await handler(request)).status, 200)
})

test('RFC 6750 §2: a bearer token does not become one of OAuth 1, nor a signed one a bearer token', async () => {
  const { server, credentials, bearer } = await start()
  const handler = fetchProtector(server.provider).requireOAuth('read', () => new Response('in'))
  const stolen = signedFor(server, '/photos', { method: 'GET', credentials: { token: bearer, secret: '' } })
  assert.equal((await handler(requestOf(stolen))).status, 401)
  const headers = { authorization: `Bearer ${credentials.token}` }
  assert.equal((await handler(new Request(`${server.origin}/photos`, { headers }))).status, 401)
})

test('RFC 6750 §2: where OAuth 1 is off, its parameters mean nothing', async () => {
  const server = await startOAuth1Server({ oauth1: false })
  const handler = fetchProtector(server.provider).requireOAuth(undefined, () => new Response('in'))
  const signed = signedFor(server, '/photos', { method: 'GET', credentials: { token: 'a', secret: 'b' } })
  const answer = await handler(requestOf(signed))
  assert.equal(answer.status, 401)
  assert.doesNotMatch(answer.headers.get('www-authenticate') ?? '', /OAuth/)
  assert.equal((await server.post('/oauth1/initiate', {})).status, 404)
})
