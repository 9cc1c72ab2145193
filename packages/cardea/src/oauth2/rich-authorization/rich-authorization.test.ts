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
} from '../../../test-support/pushing.ts'
import type { AuthorizationDetail } from '../../core/model/grant-facts.ts'
import type { AuthorizationDetailType } from '../../core/ports/detail-types.ts'
import { authorize } from '../../testing/code-flow.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'

interface Payment extends AuthorizationDetail {
  readonly type: 'payment'
  readonly amount: number
  readonly to: string
}

const payment: AuthorizationDetailType<Payment> = {
  validate: ({ type, amount, to }) =>
    type === 'payment' && typeof amount === 'number' && amount > 0 && typeof to === 'string'
      ? { type, amount, to }
      : undefined,
  describe: ({ amount, to }) => ({
    title: `Pay ${amount} EUR`,
    lines: [{ label: 'To', value: to }],
  }),
  narrow: (granted, less) => (less.to === granted.to && less.amount <= granted.amount ? less : undefined),
}

/** Without a rule for what is less. */
const account: AuthorizationDetailType = {
  validate: (detail) => detail,
  describe: ({ type, ...members }) => ({
    title: 'Your accounts',
    lines: [{ label: type, value: JSON.stringify(members) }],
  }),
}

const robot = { client_id: 'robot', secret: 'a robot', introspect_any: true }
const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({
    clients: [{ ...shop, introspect_any: true }, robot],
    users: [ada],
    authorizationDetails: { payment, account },
    pushedRequests: true,
    ...options,
  })

const buy = { type: 'payment', amount: 30, to: 'Merchant A' }
const text = (...details: readonly object[]): string => JSON.stringify(details)

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
  assert.deepEqual([tokens.scope, tokens.authorization_details], ['', [buy]])
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

async function consentText(server: TestServer, details: readonly object[], more: Record<string, string> = {}) {
  const path = `/authorize?${new URLSearchParams({ ...asked, ...more, authorization_details: text(...details) })}`
  const browser = await server.signedIn(ada, path)
  return { browser, path, page: await (await browser.follow(await browser.get(path))).text() }
}

test('RFC 9396 §11.1, T-AUZ-17: people see what they would allow, escaped, and are asked every time', async () => {
  const server = await start()
  const hostile = { ...buy, to: '<script>alert(1)</script>"\'&' }
  const { browser, path, page } = await consentText(server, [hostile])
  assert.match(page, /Pay 30 EUR/)
  assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;/)
  assert.doesNotMatch(page, /<script>/)
  await authorize(server, ada, { ...asked, authorization_details: text(hostile) }, { browser })
  const again = await browser.follow(await browser.get(path))
  assert.equal(again.status, 200)
  assert.match(await again.text(), /Pay 30 EUR/)
})

test('RFC 9396 §11.1: prompt=none is never enough for details', async () => {
  const server = await start()
  const { browser } = await consentText(server, [buy])
  await authorize(server, ada, asked, { browser })
  const path = `/authorize?${new URLSearchParams({ ...asked, prompt: 'none', authorization_details: text(buy) })}`
  assert.match((await browser.get(path)).headers.get('location') ?? '', /error=consent_required/)
})

test('RFC 9396 §11.1: details can be allowed without any of the scope', async () => {
  const server = await start()
  const { browser, page } = await consentText(server, [buy])
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1] ?? ''
  const answer = await browser.post(action, { csrf, decision: 'allow' })
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
  const tokens = (await (await redeem(server, code)).json()) as Tokens
  assert.deepEqual([tokens.scope, tokens.authorization_details], ['', [buy]])
})

test('RFC 9396 §11.1: what the client may not ask for any more is not allowed while a person decides', async () => {
  const server = await start()
  const { browser, page } = await consentText(server, [buy])
  const client = await server.store.clients.find('shop')
  if (client === undefined) throw new Error('no client')
  await server.store.clients.save({ ...client, authorization_details_types: [] })
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1] ?? ''
  const answer = await browser.post(action, { csrf, decision: 'allow', scope: 'read' })
  assert.deepEqual([answer.status, answer.headers.has('location')], [400, false])
})

test('RFC 9396 §5: a type of the host that fails is a server_error, and nothing is granted', async () => {
  const failing = { ...payment, validate: () => Promise.reject(new Error('the bank is closed')) }
  const server = await start({ authorizationDetails: { payment: failing } })
  const answer = await server
    .agent()
    .get(byReference('x', { ...asked, request_uri: '', authorization_details: text(buy) }))
  assert.deepEqual([answer.status, answer.headers.has('location')], [500, false])
  const renaming = { ...payment, validate: () => ({ ...buy, type: 'payment ' }) as Payment }
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
