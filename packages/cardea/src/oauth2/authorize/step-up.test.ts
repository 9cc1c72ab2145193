import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ada, asked, redeem, shop, shopSecret } from '../../../test-support/pushing.ts'
import { ask } from '../../../test-support/remote-issuer.ts'
import { storedAccounts } from '../../accounts/stored-accounts.ts'
import type { AuthenticatedUser } from '../../core/ports/accounts.ts'
import type { ScopeNeed } from '../../resource-guard.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { authorize } from '../../testing/code-flow.ts'
import { fastHasher } from '../../testing/fast-hasher.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'

/** Says of every sign-in what `how` holds at that time. */
async function start(how: Partial<AuthenticatedUser>, more: TestServerOptions = {}): Promise<TestServer> {
  const store = memoryStore()
  const accounts = storedAccounts(store.users, fastHasher)
  return startTestServer({
    clients: [shop],
    users: [ada],
    store,
    accounts: {
      ...accounts,
      async authenticate(username, password) {
        const user = await accounts.authenticate(username, password)
        return user && { ...user, ...how }
      },
    },
    ...more,
  })
}

const acrValues = ['gold', 'silver']
const visit = (server: TestServer, query: Record<string, string>, browser = server.agent()) =>
  authorize(server, ada, { ...asked, ...query }, { browser })

async function tokenFrom(server: TestServer, sent: URL): Promise<string> {
  const answer = await redeem(server, sent.searchParams.get('code') ?? '')
  return ((await answer.json()) as { access_token: string }).access_token
}

async function told(server: TestServer, token: string): Promise<object> {
  const answer = await server.post('/introspect', { token }, { client: shopSecret })
  const { auth_time, acr, amr } = (await answer.json()) as Record<string, unknown>
  return { auth_time, acr, amr }
}

const silent = { auth_time: undefined, acr: undefined, amr: undefined }

for (const [title, query, options] of [
  ['max_age', { max_age: '300' }, {}],
  ['acr_values', { acr_values: 'gold' }, {}],
  ['the server always', {}, { tellSignIn: true }],
] as const) {
  test(`RFC 9470 §6: tokens and introspection tell of the sign-in: ${title}`, async () => {
    const server = await start({ acr: 'gold', amr: ['pwd', 'otp'] }, options)
    const authTime = server.clock.now()
    const browser = server.agent()
    await visit(server, query, browser)
    server.clock.advance(100)
    const token = await tokenFrom(server, await visit(server, query, browser))
    assert.deepEqual(await told(server, token), { auth_time: authTime, acr: 'gold', amr: ['pwd', 'otp'] })
  })
}

test('RFC 9470 §6: otherwise they tell nothing of it', async () => {
  const server = await start({ acr: 'gold' })
  assert.deepEqual(await told(server, await tokenFrom(server, await visit(server, {}))), silent)
})

test('RFC 9470 §6.1: a JWT has it as claims', async () => {
  const server = await start({ acr: 'gold', amr: ['otp'] }, { accessTokenFormat: 'jwt' })
  const token = await tokenFrom(server, await visit(server, {}))
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  assert.deepEqual([claims.auth_time, claims.acr, claims.amr], [server.clock.now(), 'gold', ['otp']])
})

test('RFC 9470 §6: what is refreshed tells of the same sign-in', async () => {
  const server = await start({ acr: 'gold' }, { tellSignIn: true })
  const authTime = server.clock.now()
  const issued = await redeem(server, (await visit(server, {})).searchParams.get('code') ?? '')
  const { refresh_token } = (await issued.json()) as { refresh_token: string }
  server.clock.advance(1000)
  const form = { grant_type: 'refresh_token', refresh_token }
  const renewed = (await (await server.post('/token', form, { client: shopSecret })).json()) as { access_token: string }
  assert.deepEqual(await told(server, renewed.access_token), { auth_time: authTime, acr: 'gold', amr: undefined })
})

test('RFC 9470 §5: a sign-in that is of none of the classes is made again, and then does', async () => {
  const how: { acr: string } = { acr: 'silver' }
  const server = await start(how, { acrValues })
  const browser = server.agent()
  await visit(server, { acr_values: 'silver' }, browser)
  how.acr = 'gold'
  server.clock.advance(10)
  const page = await browser.follow(
    await browser.get(`/authorize?${new URLSearchParams({ ...asked, acr_values: 'gold' })}`),
  )
  assert.match(await page.clone().text(), /name="password"/)
  const token = await tokenFrom(server, await visit(server, { acr_values: 'gold' }, browser))
  assert.deepEqual(await told(server, token), { auth_time: server.clock.now(), acr: 'gold', amr: undefined })
})

test('RFC 9470 §5: a sign-in of one of the classes is enough, without another', async () => {
  const server = await start({ acr: 'silver' }, { acrValues })
  const browser = server.agent()
  await visit(server, {}, browser)
  const answer = await browser.get(
    `/authorize?${new URLSearchParams({ ...asked, acr_values: 'gold silver', prompt: 'none' })}`,
  )
  assert.match(answer.headers.get('location') ?? '', /[?&]code=/)
})

test('RFC 9470 §5: where the new sign-in does not reach it either, the client is told and the request is closed', async () => {
  const server = await start({ acr: 'silver' }, { acrValues })
  const sent = await visit(server, { acr_values: 'gold' })
  assert.equal(sent.searchParams.get('error'), 'unmet_authentication_requirements')
})

test('RFC 9470 §5: classes that this server does not have are refused at once', async () => {
  const server = await start({}, { acrValues })
  const answer = await server.agent().get(`/authorize?${new URLSearchParams({ ...asked, acr_values: 'platinum' })}`)
  assert.match(answer.headers.get('location') ?? '', /error=unmet_authentication_requirements/)
})

test('OIDC Core §3.1.2.1: without classes of its own, the server takes acr_values for a wish', async () => {
  const server = await start({ acr: 'silver' })
  assert.notEqual((await visit(server, { acr_values: 'platinum' })).searchParams.get('code'), null)
})

test('RFC 9470 §7: the metadata names the classes', async () => {
  const metadata = async (server: TestServer) =>
    (await (await server.agent().get('/.well-known/oauth-authorization-server')).json()).acr_values_supported
  assert.deepEqual(await metadata(await start({}, { acrValues })), acrValues)
  assert.equal(await metadata(await start({})), undefined)
})

test('RFC 9470 §4: a list of classes that nobody can mean is refused', async () => {
  const server = await start({})
  const answer = await server
    .agent()
    .get(`/authorize?${new URLSearchParams({ ...asked, acr_values: 'a'.repeat(1025) })}`)
  assert.match(answer.headers.get('location') ?? '', /error=invalid_request/)
})

const challengeOf = async (server: TestServer, token: string, need: ScopeNeed) => {
  const answer = await ask(server.provider, `Bearer ${token}`, need)
  return [answer.status, answer.headers.get('www-authenticate')] as const
}

test('RFC 9470 §3: the resource says which sign-in it needs, and how fresh', async () => {
  const server = await start({ acr: 'silver' })
  const token = await tokenFrom(server, await visit(server, { max_age: '300' }))
  const refusal = (reason: string, challenge: string) => [
    401,
    `Bearer realm="https://auth.example", error="insufficient_user_authentication", error_description="${reason}", ${challenge}`,
  ]
  assert.deepEqual(
    await challengeOf(server, token, { acr: ['gold', 'platinum'] }),
    refusal('Another kind of sign-in is needed', 'acr_values="gold platinum"'),
  )
  assert.equal((await challengeOf(server, token, { acr: 'silver', maxAge: 300, scope: 'read' }))[0], 200)
  server.clock.advance(301)
  assert.deepEqual(
    await challengeOf(server, token, { maxAge: 300 }),
    refusal('A more recent sign-in is needed', 'max_age="300"'),
  )
})

test('RFC 9470 §3: a token that does not tell of the sign-in is not enough', async () => {
  const server = await start({ acr: 'gold' })
  const token = await tokenFrom(server, await visit(server, {}))
  assert.equal((await challengeOf(server, token, { acr: 'gold' }))[0], 401)
  assert.equal((await challengeOf(server, token, { maxAge: 300 }))[0], 401)
})

for (const need of [
  { acr: [] },
  { acr: '' },
  { acr: ['a b'] },
  { acr: ['"'] },
  { maxAge: -1 },
  { maxAge: 1.5 },
  { maxAge: '5' },
]) {
  test(`RFC 9470 §3: the need ${JSON.stringify(need)} is refused at once`, async () => {
    const server = await start({})
    assert.throws(() => server.provider.protect(need as ScopeNeed), { name: 'TypeError', message: /acr|maxAge/ })
  })
}

for (const given of [[], [''], ['a b'], 'gold']) {
  test(`RFC 9470 §7: the classes ${JSON.stringify(given)} are refused at once`, async () => {
    await assert.rejects(start({}, { acrValues: given as string[] }), { name: 'TypeError', message: /^acrValues/ })
  })
}
