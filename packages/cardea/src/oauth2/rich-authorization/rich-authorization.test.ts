import assert from 'node:assert/strict'
import { test } from 'node:test'
import { account, buy, type Payment, payment, detailsText as text } from '../../../test-support/detail-types.ts'
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
} from '../../../test-support/pushing.ts'
import { authorize } from '../../testing/code-flow.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'

const robot = { client_id: 'robot', secret: 'a robot', introspect_any: true }
const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({
    clients: [{ ...shop, introspect_any: true }, robot],
    users: [ada],
    authorizationDetails: { payment, account },
    pushedRequests: true,
    ...options,
  })

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly scope: string
  readonly authorization_details?: unknown
}

async function tokensFor(server: TestServer, details: readonly object[], more: Record<string, string> = {}) {
  const query = { ...asked, authorization_details: text(...details) }
  const sent = await authorize(server, ada, query)
  return redeem(server, sent.searchParams.get('code') ?? '', more)
}

async function introspected(server: TestServer, token: string): Promise<Record<string, unknown>> {
  return (await (await server.post('/introspect', { token }, { client: shopSecret })).json()) as Record<string, unknown>
}

test('RFC 9396 §7, §9.2: what was allowed is in the token answer, in the token and in those that follow', async () => {
  const server = await start()
  const tokens = (await (await tokensFor(server, [buy])).json()) as Tokens
  assert.deepEqual([tokens.authorization_details, tokens.scope], [[buy], 'read'])
  assert.deepEqual((await introspected(server, tokens.access_token)).authorization_details, [buy])
  const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
  const next = (await (await server.post('/token', form, { client: shopSecret })).json()) as Tokens
  assert.deepEqual(next.authorization_details, [buy])
  assert.deepEqual((await introspected(server, next.access_token)).authorization_details, [buy])
})

test('RFC 9396 §9.1: a JWT access token has them as a claim', async () => {
  const server = await start({ accessTokenFormat: 'jwt' })
  const tokens = (await (await tokensFor(server, [buy])).json()) as Tokens
  const [, body = ''] = tokens.access_token.split('.')
  assert.deepEqual(JSON.parse(Buffer.from(body, 'base64url').toString()).authorization_details, [buy])
})

test('RFC 9396 §3: without a scope, exactly the details are asked for, and no usual scope besides', async () => {
  const server = await start()
  const { scope: _scope, ...without } = asked
  const sent = await authorize(server, ada, { ...without, authorization_details: text(buy) })
  const tokens = (await (await redeem(server, sent.searchParams.get('code') ?? '')).json()) as Tokens
  assert.deepEqual([tokens.scope, tokens.authorization_details], [undefined, [buy]])
})

test('RFC 9396 §4, RFC 9126 §2: they can be pushed, and are checked then', async () => {
  const server = await start()
  const requestUri = await pushed(server, { authorization_details: text(buy) })
  const sent = await authorize(server, ada, { client_id: 'shop', request_uri: requestUri })
  const tokens = (await (await redeem(server, sent.searchParams.get('code') ?? '')).json()) as Tokens
  assert.deepEqual(tokens.authorization_details, [buy])
  const refused = await push(server, { ...asked, authorization_details: text({ type: 'loan' }) })
  assert.deepEqual(await errorOf(refused), [400, 'invalid_authorization_details'])
})

let nested: object = {}
for (let depth = 0; depth < 8; depth += 1) nested = { nested }

for (const [what, value] of [
  ['an unknown type', text({ type: 'loan' })],
  ['the name of what every object has as its type', text({ type: 'constructor' })],
  ['no type', text({ amount: 1 })],
  ['a type that is no text', text({ type: 1 })],
  ['what its type refuses', text({ ...buy, amount: -1 })],
  ['one good and one bad detail', text(buy, { ...buy, amount: 'all' })],
  ['no list', JSON.stringify(buy)],
  ['an empty list', '[]'],
  ['a list of texts', '["payment"]'],
  ['no JSON', '[{'],
  ['two members of one name', '[{"type":"payment","amount":1,"amount":2,"to":"x"}]'],
  ['too many details', text(...Array.from({ length: 21 }, () => buy))],
  ['too deep a detail', text({ type: 'account', nested })],
  ['too long a text', text({ type: 'account', text: 'x'.repeat(8200) })],
] as const) {
  test(`RFC 9396 §5: ${what} is refused, and the client is told`, async () => {
    const server = await start()
    const path = `/authorize?${new URLSearchParams({ ...asked, authorization_details: value })}`
    const sent = new URL((await server.agent().get(path)).headers.get('location') ?? '')
    assert.equal(sent.searchParams.get('error'), 'invalid_authorization_details')
  })
}

test('RFC 9396 §10: a client is limited to the types it is registered for', async () => {
  const limited = { ...shop, authorization_details_types: ['account'] }
  const server = await start({ clients: [limited] })
  const answer = await push(server, { ...asked, authorization_details: text(buy) })
  assert.deepEqual(await errorOf(answer), [400, 'invalid_authorization_details'])
  assert.equal((await push(server, { ...asked, authorization_details: text({ type: 'account' }) })).status, 201)
})

test('RFC 9396 §10: the metadata names the types, and without types the parameter means nothing', async () => {
  const metadata = async (server: TestServer) =>
    (await (await server.agent().get('/.well-known/oauth-authorization-server')).json()) as Record<string, unknown>
  assert.deepEqual((await metadata(await start())).authorization_details_types_supported, ['payment', 'account'])
  const off = await start({ authorizationDetails: {} })
  assert.equal((await metadata(off)).authorization_details_types_supported, undefined)
  const tokens = (await (await tokensFor(off, [buy])).json()) as Tokens
  assert.deepEqual([tokens.authorization_details, tokens.scope], [undefined, 'read'])
})

test('RFC 9396 §6.1: at the token endpoint less may be asked for, and the refresh token keeps the whole', async () => {
  const server = await start()
  const less = { ...buy, amount: 10 }
  const first = (await (await tokensFor(server, [buy], { authorization_details: text(less) })).json()) as Tokens
  assert.deepEqual(first.authorization_details, [less])
  assert.deepEqual((await introspected(server, first.access_token)).authorization_details, [less])
  const refresh = (refreshToken: string, more: Record<string, string> = {}) =>
    server.post('/token', { grant_type: 'refresh_token', refresh_token: refreshToken, ...more }, { client: shopSecret })
  const second = (await (
    await refresh(first.refresh_token, { authorization_details: text({ ...buy, amount: 20 }) })
  ).json()) as Tokens
  assert.deepEqual(second.authorization_details, [{ ...buy, amount: 20 }])
  const more = await refresh(second.refresh_token, { authorization_details: text({ ...buy, amount: 31 }) })
  assert.deepEqual(await errorOf(more), [400, 'invalid_authorization_details'])
  const whole = (await (await refresh(second.refresh_token)).json()) as Tokens
  assert.deepEqual(whole.authorization_details, [buy])
})

for (const [what, details] of [
  ['more of it', { ...buy, amount: 31 }],
  ['somebody else', { ...buy, to: 'Merchant B' }],
  ['another type', { type: 'account' }],
] as const) {
  test(`RFC 9396 §6.1: ${what} than was granted is refused at the token endpoint, and the code stays good`, async () => {
    const server = await start()
    const sent = await authorize(server, ada, { ...asked, authorization_details: text(buy) })
    const code = sent.searchParams.get('code') ?? ''
    const refused = await redeem(server, code, { authorization_details: text(details) })
    assert.deepEqual(await errorOf(refused), [400, 'invalid_authorization_details'])
    assert.equal((await redeem(server, code)).status, 200)
  })
}

test('T-TOK-11, RFC 9396 §6.1: one payment that was granted does not become two, however small', async () => {
  const small = { ...buy, amount: 1 }
  const refused = await tokensFor(await start(), [buy], { authorization_details: text(small, small) })
  assert.deepEqual(await errorOf(refused), [400, 'invalid_authorization_details'])
})

test('RFC 9396 §6.1: each detail asked for finds one that covers it, in whatever order they come', async () => {
  const server = await start()
  const [large, small] = [buy, { ...buy, amount: 10 }]
  const wanted = [{ type: 'account' }, small, { ...buy, amount: 20 }]
  const granted = [large, small, { type: 'account' }]
  const tokens = (await (await tokensFor(server, granted, { authorization_details: text(...wanted) })).json()) as Tokens
  assert.deepEqual(tokens.authorization_details, wanted)
  const refused = await tokensFor(server, granted, { authorization_details: text(large, { ...buy, amount: 11 }) })
  assert.deepEqual(await errorOf(refused), [400, 'invalid_authorization_details'])
})

test('RFC 9396 §6.1: details are refused at the token endpoint where the person was asked for none', async () => {
  const server = await start()
  const sent = await authorize(server, ada, asked)
  const refused = await redeem(server, sent.searchParams.get('code') ?? '', { authorization_details: text(buy) })
  assert.deepEqual(await errorOf(refused), [400, 'invalid_authorization_details'])
})

test('RFC 9396 §6.1: a type without a rule for less gives exactly what was granted', async () => {
  const server = await start()
  const granted = { type: 'account', actions: ['read', 'write'], at: { bank: 1 } }
  const same = { at: { bank: 1 }, actions: ['read', 'write'], type: 'account' }
  const tokens = (await (await tokensFor(server, [granted], { authorization_details: text(same) })).json()) as Tokens
  assert.deepEqual(tokens.authorization_details, [granted])
  const refused = await tokensFor(server, [granted], { authorization_details: text({ ...granted, actions: ['read'] }) })
  assert.deepEqual(await errorOf(refused), [400, 'invalid_authorization_details'])
})

test('RFC 9396 §6: a machine asks at the token endpoint, for itself', async () => {
  const server = await start()
  const form = { grant_type: 'client_credentials', authorization_details: text(buy) }
  const tokens = (await (await server.post('/token', form, { client: ['robot', 'a robot'] })).json()) as Tokens
  assert.deepEqual(tokens.authorization_details, [buy])
  assert.deepEqual((await introspected(server, tokens.access_token)).authorization_details, [buy])
  const bad = await server.post(
    '/token',
    { ...form, authorization_details: text({ type: 'loan' }) },
    { client: ['robot', 'a robot'] },
  )
  assert.deepEqual(await errorOf(bad), [400, 'invalid_authorization_details'])
})

test('RFC 9396 §6: a type that was taken from the client is gone from the tokens that follow', async () => {
  const server = await start()
  const tokens = (await (await tokensFor(server, [buy, { type: 'account' }])).json()) as Tokens
  const client = await server.store.clients.find('shop')
  if (client === undefined) throw new Error('no client')
  await server.store.clients.save({ ...client, authorization_details_types: ['account'] })
  const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
  const next = (await (await server.post('/token', form, { client: shopSecret })).json()) as Tokens
  assert.deepEqual(next.authorization_details, [{ type: 'account' }])
})

test('RFC 9396 §5: a type of the host that fails is a server_error, and nothing is granted', async () => {
  const failing = { ...payment, validate: () => Promise.reject(new Error('the bank is closed')) }
  const server = await start({ authorizationDetails: { payment: failing } })
  const answer = await server
    .agent()
    .get(byReference('x', { ...asked, request_uri: '', authorization_details: text(buy) }))
  assert.deepEqual([answer.status, answer.headers.has('location')], [500, false])
  const renaming = { ...payment, validate: () => ({ ...buy, type: 'payment ' }) as unknown as Payment }
  const other = await start({ authorizationDetails: { payment: renaming } })
  assert.equal((await push(other, { ...asked, authorization_details: text(buy) })).status, 500)
})

for (const [authorizationDetails, message] of [
  [[], /^authorizationDetails: must hold types by name/],
  [{ payment: {} }, /^authorizationDetails\.payment: must have validate and describe/],
  [{ payment: { ...payment, narrow: 1 } }, /^authorizationDetails\.payment: narrow must be a function/],
] as const) {
  test(`RFC 9396 §2: ${JSON.stringify(authorizationDetails)} are no types`, async () => {
    const options = { authorizationDetails } as unknown as TestServerOptions
    await assert.rejects(start(options), ({ message: said }: Error) => message.test(said))
  })
}
