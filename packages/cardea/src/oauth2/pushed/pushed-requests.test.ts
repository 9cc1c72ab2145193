import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ada,
  asked,
  byReference,
  errorOf,
  push,
  pushed,
  redeem,
  shop,
  shopSecret,
  startPushing,
} from '../../../test-support/pushing.ts'
import { ProtocolError } from '../../core/spec/errors.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { sqliteStore } from '../../stores/sqlite/index.ts'
import { authorize } from '../../testing/code-flow.ts'

const publicApp = { client_id: 'app' }
const other = { client_id: 'other', secret: 'another secret' }

test('RFC 9126 §2.2: a pushed request is answered with 201, a reference of its own and its lifetime', async () => {
  const server = await startPushing({ pushedRequests: { lifetime: 60 } })
  const answer = await push(server)
  const body = (await answer.json()) as { request_uri: string; expires_in: number }
  assert.deepEqual([answer.status, answer.headers.get('cache-control'), body.expires_in], [201, 'no-store', 60])
  assert.match(body.request_uri, /^urn:ietf:params:oauth:request_uri:cpr_[\w-]{49}$/)
  assert.notEqual(body.request_uri, await pushed(server))
})

test('ASK-04, RFC 9126 §4: what was pushed is what is asked for, and becomes a code and tokens', async () => {
  const server = await startPushing()
  const requestUri = await pushed(server)
  const sent = await authorize(server, ada, { client_id: 'shop', request_uri: requestUri })
  assert.deepEqual([sent.origin, sent.searchParams.get('state')], ['https://client.example', 'st-1'])
  const answer = await redeem(server, sent.searchParams.get('code') ?? '')
  assert.deepEqual([answer.status, ((await answer.json()) as { scope: string }).scope], [200, 'read'])
})

test('RFC 9126 §4, T-AUZ-14: what stands beside the reference is ignored', async () => {
  const server = await startPushing()
  const requestUri = await pushed(server)
  const beside = {
    scope: 'read write',
    state: 'other',
    redirect_uri: 'https://evil.example/',
    response_mode: 'fragment',
  }
  const sent = await authorize(server, ada, { client_id: 'shop', request_uri: requestUri, ...beside })
  assert.deepEqual([sent.host, sent.searchParams.get('state')], ['client.example', 'st-1'])
  const answer = await redeem(server, sent.searchParams.get('code') ?? '')
  assert.equal(((await answer.json()) as { scope: string }).scope, 'read')
})

test('RFC 9126 §2: the client authenticates as at the token endpoint', async () => {
  const server = await startPushing({ clients: [shop, publicApp, other] })
  assert.deepEqual(await errorOf(await push(server, asked, ['shop', 'wrong'])), [401, 'invalid_client'])
  assert.deepEqual(await errorOf(await server.post('/par', asked)), [401, 'invalid_client'])
  assert.deepEqual(await errorOf(await push(server, asked, ['other', 'another secret'])), [400, 'invalid_request'])
  assert.equal((await server.post('/par', { ...asked, client_id: 'app' })).status, 201)
})

test('RFC 9126 §2.1: the client need not name itself again, and its secret is not kept', async () => {
  const poster = { client_id: 'poster', secret: 'posted', token_endpoint_auth_method: 'client_secret_post' }
  const server = await startPushing({ clients: [shop, poster] })
  const { client_id: _named, ...rest } = asked
  assert.equal((await push(server, rest)).status, 201)
  const answer = await server.post('/par', { ...asked, client_id: 'poster', client_secret: 'posted' })
  const { request_uri } = (await answer.json()) as { request_uri: string }
  const sent = await authorize(server, ada, { client_id: 'poster', request_uri })
  assert.ok(sent.searchParams.get('code'))
})

for (const [what, form, expected] of [
  ['a request_uri inside', { ...asked, request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request'],
  ['a redirect URI that is not registered', { ...asked, redirect_uri: 'https://evil.example/' }, 'invalid_request'],
  ['another response type', { ...asked, response_type: 'token' }, 'unsupported_response_type'],
  ['an unknown scope', { ...asked, scope: 'nonsense' }, 'invalid_scope'],
  ['no challenge', { ...asked, code_challenge: '' }, 'invalid_request'],
  ['a response mode there is not', { ...asked, response_mode: 'smoke' }, 'invalid_request'],
  ['a request object, where there are none', { ...asked, request: 'a.b.c' }, 'request_not_supported'],
] as const) {
  test(`RFC 9126 §2.3: a push with ${what} is refused as JSON, and nothing is kept`, async () => {
    const server = await startPushing()
    assert.deepEqual(await errorOf(await push(server, form)), [400, expected])
  })
}

test('RFC 9126 §2.3: repeated parameters, other methods and other bodies are refused', async () => {
  const server = await startPushing()
  const twice = `${new URLSearchParams(asked)}&scope=write`
  assert.deepEqual(await errorOf(await push(server, twice)), [400, 'invalid_request'])
  const get = await server.agent().get('/par')
  assert.deepEqual([get.status, get.headers.get('allow')], [405, 'POST'])
  const json = await server.send(
    new Request('https://auth.example/par', {
      method: 'POST',
      body: JSON.stringify(asked),
      headers: { 'content-type': 'application/json' },
    }),
  )
  assert.deepEqual(await errorOf(json), [400, 'invalid_request'])
})

test('RFC 9126 §2.1, §2.3: another client_id than that of who authenticated, and a body that is too large, are refused', async () => {
  const server = await startPushing({ clients: [shop, other] })
  assert.deepEqual(await errorOf(await push(server, { ...asked, client_id: 'other' })), [400, 'invalid_request'])
  const large = await push(server, { ...asked, state: 'x'.repeat(200_000) })
  assert.deepEqual(await errorOf(large), [413, 'request_too_large'])
})

test('RFC 9126 §7.3, T-AUZ-15: a reference is good for one answer, and said to be used after that', async () => {
  const server = await startPushing()
  const requestUri = await pushed(server)
  const first = await server.agent().get(byReference(requestUri))
  assert.match(first.headers.get('location') ?? '', /^\/interaction\//)
  const second = await server.agent().get(byReference(requestUri))
  assert.deepEqual([second.status, second.headers.has('location')], [400, false])
  assert.match(await second.text(), /invalid_request_uri/)
})

test('RFC 9126 §2.2, T-AUZ-15: a reference expires', async () => {
  const server = await startPushing({ pushedRequests: { lifetime: 60 } })
  const [inTime, late] = [await pushed(server), await pushed(server)]
  server.clock.advance(59)
  assert.equal((await server.agent().get(byReference(inTime))).status, 303)
  server.clock.advance(1)
  assert.equal((await server.agent().get(byReference(late))).status, 400)
})

test('RFC 9126 §7.2, T-AUZ-15: another client cannot use it, nor learn whether there is one', async () => {
  const server = await startPushing({ clients: [shop, other] })
  const requestUri = await pushed(server)
  const stolen = await server.agent().get(byReference(requestUri, { client_id: 'other' }))
  const unknown = await server.agent().get(byReference(`${requestUri.slice(0, -1)}_`, { client_id: 'other' }))
  assert.deepEqual([stolen.status, await stolen.text()], [unknown.status, await unknown.text()])
  assert.equal((await server.agent().get(byReference(requestUri))).status, 303)
})

test('RFC 9101 §5: a reference without client_id, or beside a request object, is refused on a page', async () => {
  const server = await startPushing()
  const requestUri = await pushed(server)
  for (const path of [
    `/authorize?${new URLSearchParams({ request_uri: requestUri })}`,
    byReference(requestUri, { request: 'a.b.c' }),
  ]) {
    const answer = await server.agent().get(path)
    assert.deepEqual([answer.status, answer.headers.has('location')], [400, false], path)
  }
})

test('RFC 9101 §7: a bad reference is told to the client, where its redirect URI stands beside it', async () => {
  const server = await startPushing()
  const bad = 'urn:ietf:params:oauth:request_uri:unknown'
  const answer = await server
    .agent()
    .get(byReference(bad, { redirect_uri: 'https://client.example/cb', state: 'outside' }))
  const sent = new URL(answer.headers.get('location') ?? '')
  assert.deepEqual(
    [sent.host, sent.searchParams.get('error'), sent.searchParams.get('state')],
    ['client.example', 'invalid_request_uri', 'outside'],
  )
  const evil = await server.agent().get(byReference(bad, { redirect_uri: 'https://evil.example/' }))
  assert.deepEqual([evil.status, evil.headers.has('location')], [400, false])
})

test('RFC 9126 §4: what was taken from the client after the push is refused', async () => {
  const server = await startPushing()
  const requestUri = await pushed(server)
  const client = await server.store.clients.find('shop')
  if (client === undefined) throw new Error('no client')
  await server.store.clients.save({ ...client, redirect_uris: ['https://client.example/new'] })
  const answer = await server.agent().get(byReference(requestUri))
  assert.deepEqual([answer.status, answer.headers.has('location')], [400, false])
})

test('RFC 9126 §6: a client that must push is refused otherwise, and told so', async () => {
  const careful = { ...shop, require_pushed_authorization_requests: true }
  const server = await startPushing({ clients: [careful] })
  const answer = await server.agent().get(`/authorize?${new URLSearchParams(asked)}`)
  const sent = new URL(answer.headers.get('location') ?? '')
  assert.deepEqual([sent.searchParams.get('error'), sent.searchParams.get('state')], ['invalid_request', 'st-1'])
  assert.match((await server.agent().get(byReference(await pushed(server)))).headers.get('location') ?? '', /^\/inter/)
  const off = await startPushing({ clients: [careful], pushedRequests: false })
  const there = await off.agent().get(`/authorize?${new URLSearchParams(asked)}`)
  assert.match(there.headers.get('location') ?? '', /error=invalid_request/)
})

test('RFC 9126 §5: where all must push, every client is held to it, and the metadata says so', async () => {
  const server = await startPushing({ pushedRequests: { required: true } })
  const answer = await server.agent().get(`/authorize?${new URLSearchParams(asked)}`)
  assert.match(answer.headers.get('location') ?? '', /error=invalid_request/)
  const metadata = async (of: typeof server) =>
    (await (await of.agent().get('/.well-known/oauth-authorization-server')).json()) as Record<string, unknown>
  const said = await metadata(server)
  assert.deepEqual(
    [said.pushed_authorization_request_endpoint, said.require_pushed_authorization_requests],
    ['https://auth.example/par', true],
  )
  const optional = await metadata(await startPushing())
  assert.equal(optional.require_pushed_authorization_requests, false)
  const none = await startPushing({ pushedRequests: false })
  assert.equal((await metadata(none)).pushed_authorization_request_endpoint, undefined)
  assert.equal((await push(none)).status, 404)
})

test('RFC 9126 §4: max_age, prompt and what else a person is asked by hold for a pushed request', async () => {
  const server = await startPushing()
  const sent = await server.agent().get(byReference(await pushed(server, { prompt: 'none' })))
  assert.match(sent.headers.get('location') ?? '', /error=login_required/)
})

test('RFC 9126 §2.3: pushes in the name of a public client are limited by network', async () => {
  const limits = { interaction: { attempts: 2, window: 600 } }
  const server = await startPushing({ clients: [shop, publicApp], limits })
  const form = { ...asked, client_id: 'app' }
  assert.equal((await server.post('/par', form)).status, 201)
  assert.equal((await server.post('/par', form)).status, 201)
  assert.deepEqual(await errorOf(await server.post('/par', form)), [429, 'too_many_requests'])
  assert.equal((await server.post('/par', asked, { client: shopSecret })).status, 201)
})

test('RFC 9126 §2: hooks of the endpoint and of authorization requests are called for a push, and may refuse it', async () => {
  const called: string[] = []
  const server = await startPushing({
    hooks: {
      beforeEndpointResponse: ({ endpoint, client }) => {
        called.push(`${endpoint} ${client?.client_id}`)
      },
      afterValidateAuthorizationRequestPayload: ({ authorization }) => {
        called.push(authorization.scope.join(' '))
        if (authorization.state === 'refuse') throw new ProtocolError('access_denied', 'refused_by_host')
      },
    },
  })
  assert.equal((await push(server)).status, 201)
  assert.deepEqual(called, ['pushed-authorization-request shop', 'read'])
  assert.deepEqual(await errorOf(await push(server, { ...asked, state: 'refuse' })), [403, 'access_denied'])
})

for (const [name, open] of [
  ['memory', async () => memoryStore()],
  ['SQLite', () => sqliteStore({ file: ':memory:' })],
] as const) {
  test(`RFC 9126 §7.3, T-AUZ-15: of a hundred browsers with one reference one gets in (${name})`, async (t) => {
    const store = await open()
    t.after(() => ('close' in store && typeof store.close === 'function' ? store.close() : undefined))
    const server = await startPushing({ store })
    const requestUri = await pushed(server)
    const answers = await Promise.all(Array.from({ length: 100 }, () => server.agent().get(byReference(requestUri))))
    const places = answers.map((answer) => answer.headers.get('location') ?? '')
    assert.equal(places.filter((place) => place.startsWith('/interaction/')).length, 1)
    // What was asked for is known by then, and so is who is to be told.
    assert.equal(places.filter((place) => place.includes('error=invalid_request_uri')).length, 99)
  })
}

for (const [pushedRequests, message] of [
  [{ lifetime: 600 }, /^pushedRequests\.lifetime: must be whole seconds from 1 to 599, got 600/],
  [{ lifetime: 0 }, /^pushedRequests\.lifetime/],
  [{ required: 'yes' as unknown as boolean }, /^pushedRequests\.required: must be true or false, got "yes"/],
] as const) {
  test(`RFC 9126 §2.2: pushedRequests ${JSON.stringify(pushedRequests)} is no option`, async () => {
    await assert.rejects(startPushing({ pushedRequests }), ({ message: said }: Error) => message.test(said))
  })
}
