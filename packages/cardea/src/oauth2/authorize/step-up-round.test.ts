import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ada, asked, redeem, shop } from '../../../test-support/pushing.ts'
import { ask } from '../../../test-support/remote-issuer.ts'
import { storedAccounts } from '../../accounts/stored-accounts.ts'
import type { HostSession, SignInQuestion } from '../../core/ports/host-sign-in.ts'
import type { ScopeNeed } from '../../resource-guard.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { alice, allow, responseOf, visitConsent } from '../../testing/authorization-visit.ts'
import { authorize } from '../../testing/code-flow.ts'
import { approveDevice, newDevice, poll, startDevices, television } from '../../testing/device-flow.ts'
import { fastHasher } from '../../testing/fast-hasher.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'
import { formsOf } from '../../testing/user-agent.ts'
import { authorizationCode } from '../token/grants/authorization-code.ts'
import { clientCredentials } from '../token/grants/client-credentials.ts'
import { password } from '../token/grants/password.ts'
import { refreshToken } from '../token/grants/refresh-token.ts'

const acrValues = ['gold', 'silver']
const shopSecret = ['shop', 'a secret of the shop'] as const
const pathOf = (query: Record<string, string> = {}): string =>
  `/authorize?${new URLSearchParams({ ...asked, ...query })}`
const locationOf = (answer: Response): URL => new URL(answer.headers.get('location') ?? '', 'https://auth.example')
const claimsOf = (token = '') =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>

type Told = Pick<SignInQuestion, 'again' | 'acrValues' | 'maxAge'>

/** A host with sessions of its own, whose sign-in page is at /login. */
async function startHost(session: { now: Omit<HostSession, 'user'> | undefined }, more: TestServerOptions = {}) {
  const told: Told[] = []
  const user = { id: 7, name: 'Ada' }
  const server = await startTestServer({
    clients: [shop],
    acrValues,
    accounts: {
      inStore: false,
      find: async (id) => ({ id, username: 'Ada' }),
      authenticate: async () => undefined,
    },
    authenticateUser({ again, acrValues, maxAge, login }) {
      told.push({ again, acrValues, maxAge })
      return again || session.now === undefined ? login('/login') : { user, ...session.now }
    },
    ...more,
  })
  return { server, told }
}

test('RFC 9470 §4: the host is told which sign-in is wanted, wherever it is asked', async () => {
  const { server, told } = await startHost({ now: { acr: 'silver', authTime: 1 } })
  const browser = server.agent()
  const waiting = locationOf(await browser.get(pathOf({ acr_values: 'gold silver', max_age: '60' }))).pathname
  assert.equal(locationOf(await browser.get(waiting)).pathname, '/login')
  const wanted = { acrValues: ['gold', 'silver'], maxAge: 60 }
  assert.deepEqual(told, [
    { again: false, ...wanted },
    { again: false, ...wanted },
    { again: true, ...wanted },
  ])
})

test('RFC 9470 §4: of a request that says nothing of it, nothing is told', async () => {
  const { server, told } = await startHost({ now: undefined })
  await server.agent().get(pathOf())
  assert.deepEqual(told, [{ again: false, acrValues: [], maxAge: undefined }])
})

test('RFC 9470 §5: a factor that the host adds to the sign-in there is does, although that is no newer', async () => {
  const session = { now: { acr: 'silver', authTime: 1 } }
  const { server } = await startHost(session)
  const browser = server.agent()
  const waiting = locationOf(await browser.get(pathOf({ acr_values: 'gold' }))).pathname
  assert.equal(locationOf(await browser.get(waiting)).pathname, '/login')
  session.now = { acr: 'gold', authTime: 1 }
  const form = formsOf(await (await browser.get(waiting)).text()).at(-1)
  const decided = await browser.post(form?.action ?? '', [...(form?.fields ?? []), ['decision', 'allow']])
  const answer = await redeem(server, locationOf(decided).searchParams.get('code') ?? '')
  const { access_token } = (await answer.json()) as { access_token: string }
  const introspected = await server.post('/introspect', { token: access_token }, { client: shopSecret })
  const { acr, auth_time } = (await introspected.json()) as Record<string, unknown>
  assert.deepEqual([acr, auth_time], ['gold', 1])
})

for (const [title, query] of [
  ['prompt=login', { prompt: 'login' }],
  ['max_age', { max_age: '60' }],
  ['max_age=0', { max_age: '0' }],
] as const) {
  test(`OIDC Core §3.1.2.1: a factor that is added is no new sign-in, which ${title} demands`, async () => {
    const session = { now: { acr: 'silver', authTime: 1 } }
    const { server } = await startHost(session)
    const browser = server.agent()
    const waiting = locationOf(await browser.get(pathOf({ acr_values: 'gold', ...query }))).pathname
    session.now = { acr: 'gold', authTime: 1 }
    assert.equal(locationOf(await browser.get(waiting)).pathname, '/login')
  })
}

test('RFC 9470 §4: accounts are told which sign-in is wanted, and may say that it was one of those', async () => {
  const store = memoryStore()
  const accounts = storedAccounts(store.users, fastHasher)
  const wishes: unknown[] = []
  const server = await startTestServer({
    clients: [shop],
    users: [ada],
    store,
    acrValues,
    accounts: {
      ...accounts,
      async authenticate(username, password, wanted) {
        wishes.push(wanted)
        const user = await accounts.authenticate(username, password)
        return user && { ...user, acr: wanted?.acrValues[0] ?? 'silver' }
      },
    },
  })
  const sent = await authorize(server, ada, { ...asked, acr_values: 'gold', max_age: '60' })
  assert.notEqual(sent.searchParams.get('code'), null)
  assert.deepEqual(wishes, [{ acrValues: ['gold'], maxAge: 60 }])
})

test('RFC 9470 §3, §4, §5: from the challenge to the token that is let in, until that sign-in is too old, refreshed or not', async () => {
  const how = { acr: 'silver' }
  const store = memoryStore()
  const accounts = storedAccounts(store.users, fastHasher)
  const server = await startTestServer({
    clients: [shop],
    users: [ada],
    store,
    acrValues,
    accounts: {
      ...accounts,
      async authenticate(username, password, wanted) {
        const user = await accounts.authenticate(username, password)
        return user && { ...user, acr: wanted?.acrValues[0] ?? how.acr }
      },
    },
  })
  const need: ScopeNeed = { acr: 'gold', maxAge: 300 }
  const browser = server.agent()
  type Tokens = { access_token: string; refresh_token: string }
  const tokensFor = async (query: Record<string, string>): Promise<Tokens> => {
    const sent = await authorize(server, ada, { ...asked, ...query }, { browser })
    return (await redeem(server, sent.searchParams.get('code') ?? '')).json()
  }
  const first = await tokensFor({})
  const refused = await ask(server.provider, `Bearer ${first.access_token}`, need)
  const challenge = refused.headers.get('www-authenticate') ?? ''
  assert.match(challenge, /error="insufficient_user_authentication"/)
  const wanted = {
    acr_values: /acr_values="([^"]*)"/.exec(challenge)?.[1] ?? '',
    max_age: /max_age="([^"]*)"/.exec(challenge)?.[1] ?? '',
  }
  assert.deepEqual(wanted, { acr_values: 'gold', max_age: '300' })
  const stepped = await tokensFor(wanted)
  assert.equal((await ask(server.provider, `Bearer ${stepped.access_token}`, need)).status, 200)
  server.clock.advance(301)
  const form = { grant_type: 'refresh_token', refresh_token: stepped.refresh_token }
  const renewed = (await (await server.post('/token', form, { client: shopSecret })).json()) as Tokens
  const late = await ask(server.provider, `Bearer ${renewed.access_token}`, need)
  assert.equal(late.status, 401)
  assert.match(late.headers.get('www-authenticate') ?? '', /max_age="300"/)
})

test('OIDC Core §3.1.2.6: prompt=none is answered with a code while the sign-in is fresh, then with login_required', async () => {
  const session = { now: { acr: 'gold', authTime: 0 } }
  const { server } = await startHost(session)
  session.now.authTime = server.clock.now()
  const browser = server.agent()
  const waiting = locationOf(await browser.get(pathOf())).pathname
  const form = formsOf(await (await browser.get(waiting)).text()).at(-1)
  await browser.post(form?.action ?? '', [...(form?.fields ?? []), ['decision', 'allow']])
  const silent = async (query: Record<string, string>) =>
    responseOf(await browser.get(pathOf({ prompt: 'none', ...query })))
  assert.notEqual((await silent({ max_age: '60', acr_values: 'gold' })).code, undefined)
  assert.equal((await silent({ acr_values: 'silver' })).error, 'login_required')
  server.clock.advance(61)
  const stale = await silent({ max_age: '60' })
  assert.deepEqual([stale.error, stale.iss, stale.state], ['login_required', 'https://auth.example', 'st-1'])
})

const api = { identifier: 'https://api.example', name: 'The API', token_format: 'jwt' } as const
const page = { client_id: 'page', grant_types: ['implicit'], response_types: ['token'] }
const implicit = {
  client_id: 'page',
  response_type: 'token',
  code_challenge: undefined,
  code_challenge_method: undefined,
}

for (const [title, options, query] of [
  ['as all tokens are', { accessTokenFormat: 'jwt' }, {}],
  ['of the resource it names', { resources: [api] }, { resource: api.identifier }],
  ['of the usual resource', { resources: [api], defaultResource: api.identifier }, {}],
] as const) {
  test(`RFC 9068 §2.2.1: a JWT of the implicit grant tells when the user signed in: ${title}`, async () => {
    const server = await startTestServer({
      clients: [page],
      users: [alice],
      responseTypes: ['code', 'token'],
      ...options,
    })
    const { access_token } = responseOf(await allow(await visitConsent(server, alice, { ...implicit, ...query })))
    assert.equal(claimsOf(access_token).auth_time, server.clock.now())
  })
}

const claimsAfter = async (answer: Response) =>
  claimsOf(((await answer.json()) as { access_token?: string }).access_token)

test('RFC 9068 §2.2.1: so does one for a resource that is first named where the code is redeemed', async () => {
  const server: TestServer = await startTestServer({ clients: [shop], users: [ada], resources: [api] })
  const sent = await authorize(server, ada, asked)
  const signedIn = server.clock.now()
  server.clock.advance(20)
  const code = sent.searchParams.get('code') ?? ''
  const claims = await claimsAfter(await redeem(server, code, { resource: api.identifier }))
  assert.deepEqual([claims.aud, claims.auth_time], [api.identifier, signedIn])
})

test('RFC 9068 §2.2.1: so does one of the password grant, which is a sign-in', async () => {
  const client = { ...shop, grant_types: ['password'] }
  const grants = [authorizationCode(), refreshToken(), clientCredentials(), password()]
  const form = { grant_type: 'password', username: ada.username, password: ada.password }
  for (const [options, more] of [
    [{ accessTokenFormat: 'jwt' }, {}],
    [{ resources: [api] }, { resource: api.identifier }],
  ] as const) {
    const server = await startTestServer({ clients: [client], users: [ada], grants, ...options })
    const claims = await claimsAfter(await server.post('/token', { ...form, ...more }, { client: shopSecret }))
    assert.equal(claims.auth_time, server.clock.now())
  }
})

test('RFC 9068 §2.2.1: so does one of a device, with the class and the methods of that sign-in', async () => {
  const store = memoryStore()
  const accounts = storedAccounts(store.users, fastHasher)
  const server = await startDevices({
    clients: [television],
    store,
    accessTokenFormat: 'jwt',
    accounts: {
      ...accounts,
      async authenticate(username, password) {
        const user = await accounts.authenticate(username, password)
        return user && { ...user, acr: 'gold', amr: ['pwd', 'otp'] }
      },
    },
  })
  const { device_code, user_code } = await newDevice(server)
  const signedIn = server.clock.now()
  await approveDevice(server, user_code)
  const { access_token } = await poll(server, device_code)
  const { acr, amr, auth_time } = claimsOf(access_token)
  assert.deepEqual([acr, amr, auth_time], ['gold', ['pwd', 'otp'], signedIn])
})
