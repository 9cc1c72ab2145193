import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolError } from '../core/spec/errors.ts'
import { alice, allow, decline, requestPath, responseOf, visitConsent, webApp } from '../testing/authorization-visit.ts'
import { codeFor, pkcePair } from '../testing/code-flow.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../testing/test-server.ts'
import { hookNames } from './compile-hooks.ts'
import type { HookName, Hooks } from './hooks.ts'
import type { Grant } from './token/grant.ts'
import { authorizationCode } from './token/grants/authorization-code.ts'
import { clientCredentials } from './token/grants/client-credentials.ts'
import { password } from './token/grants/password.ts'
import { refreshToken } from './token/grants/refresh-token.ts'

/** A grant of a host, in a line. */
const vouched: Grant = {
  type: 'urn:example:vouched',
  publicClients: false,
  handle: async (request) => request.issue({ userId: alice.id, scope: await request.allowedScope() }),
}

const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials', 'password', vouched.type]
const job = { client_id: 'job', secret: 'a secret', grant_types: grantTypes }
const page = { client_id: 'page', grant_types: ['implicit'], response_types: ['token'] }
const basic = ['job', 'a secret'] as const

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({
    clients: [job, webApp, page],
    users: [alice],
    responseTypes: ['code', 'token'],
    grants: [authorizationCode(), refreshToken(), clientCredentials(), password(), vouched],
    ...options,
  })

async function formFor(server: TestServer, type: string): Promise<Record<string, string>> {
  const signIn = { username: alice.username, password: alice.password }
  if (type === 'password') return { grant_type: type, ...signIn }
  if (type === 'refresh_token') {
    const before = await server.post('/token', { grant_type: 'password', ...signIn }, { client: basic })
    return { grant_type: type, refresh_token: ((await before.json()) as { refresh_token: string }).refresh_token }
  }
  if (type !== 'authorization_code') return { grant_type: type }
  const code = await codeFor(server, alice, { client_id: 'job' })
  return { grant_type: type, code, code_verifier: pkcePair.verifier }
}

/** Hooks of every name that write down when they were called. */
function recording(into: string[]): Hooks {
  const note = (name: HookName) => (context: object) => {
    into.push('grantType' in context ? `${name} ${context.grantType}` : name)
  }
  return Object.fromEntries(hookNames.map((name) => [name, note(name)])) as Hooks
}

for (const type of grantTypes) {
  test(`A2-AS-08: every hook of the token endpoint is called for the grant ${type}, in order`, async () => {
    const called: string[] = []
    const server = await start({ hooks: recording(called) })
    const form = await formFor(server, type)
    called.length = 0
    assert.equal((await server.post('/token', form, { client: basic })).status, 200)
    assert.deepEqual(called, [
      'beforeEndpointResponse',
      `beforeValidateTokenRequest ${type}`,
      `afterValidateTokenRequest ${type}`,
      `beforeCreateTokenResponse ${type}`,
      `beforeIssueToken ${type}`,
      `afterCreateTokenResponse ${type}`,
      'afterEndpointResponse',
    ])
  })
}

const asked = (type: string) => [
  'beforeGetAuthorizationGrant',
  `afterGetAuthorizationGrant ${type}`,
  `beforeValidateAuthorizationRequestPayload ${type}`,
  `afterValidateAuthorizationRequestPayload ${type}`,
  `beforeValidateConsentRequest ${type}`,
  `afterValidateConsentRequest ${type}`,
]
const answered = (type: string, issuing: readonly string[]) => [
  `beforeCreateAuthorizationResponse ${type}`,
  ...issuing,
  'afterAuthorizationResponse',
  `afterCreateAuthorizationResponse ${type}`,
]
const implicit = {
  client_id: 'page',
  response_type: 'token',
  code_challenge: undefined,
  code_challenge_method: undefined,
}

for (const [what, query, decide, expected] of [
  ['a code', {}, allow, [...asked('authorization_code'), ...answered('authorization_code', [])]],
  [
    'an implicit token',
    implicit,
    allow,
    [...asked('implicit'), ...answered('implicit', ['beforeIssueToken implicit'])],
  ],
  ['a denial', {}, decline, [...asked('authorization_code'), ...answered('authorization_code', [])]],
] as const) {
  test(`A2-AS-08: every hook of the authorization endpoint is called for ${what}, in order`, async () => {
    const called: string[] = []
    const server = await start({ hooks: recording(called) })
    await decide(await visitConsent(server, alice, query))
    assert.deepEqual(
      called.filter((name) => !name.endsWith('EndpointResponse')),
      expected,
    )
  })
}

test('A2-AS-08: hooks of one name run in their order, each awaited, and only for the grant they name', async () => {
  const called: string[] = []
  const slow = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    called.push('slow')
  }
  const named = (grantType: string) => ({ grantType, hook: () => void called.push(grantType) })
  const hooks: Hooks = {
    beforeIssueToken: [slow, named('password'), named('client_credentials'), () => void called.push('last')],
  }
  const server = await start({ hooks })
  await server.post('/token', { grant_type: 'client_credentials' }, { client: basic })
  assert.deepEqual(called, ['slow', 'client_credentials', 'last'])
})

const refusal = new ProtocolError('access_denied', 'not_today', { description: 'Not today', status: 400 })

for (const name of [
  'beforeValidateTokenRequest',
  'afterValidateTokenRequest',
  'beforeCreateTokenResponse',
  'beforeIssueToken',
  'beforeEndpointResponse',
] as const) {
  test(`A2-AS-08: what ${name} throws refuses every grant, and nothing is issued or spent`, async () => {
    let broken: unknown
    const hook = () => {
      if (broken !== undefined) throw broken
    }
    const server = await start({ hooks: { [name]: hook } })
    for (const type of grantTypes) {
      const form = await formFor(server, type)
      const issued = async () => (await server.store.tokens.listAccess({}, { limit: 100 })).length
      const before = await issued()
      broken = refusal
      const refused = await server.post('/token', form, { client: basic })
      assert.deepEqual(await refused.json(), { error: 'access_denied', error_description: 'Not today' })
      broken = new Error('hook is broken')
      const failed = await server.post('/token', form, { client: basic })
      assert.deepEqual([failed.status, ((await failed.json()) as { error: string }).error], [500, 'server_error'])
      assert.equal(server.events.at(-1)?.type, 'internal_error')
      assert.equal(await issued(), before)
      broken = undefined
      assert.equal((await server.post('/token', form, { client: basic })).status, 200, type)
    }
  })
}

test('A2-AS-08: a refusal before the redirect URI is proven is shown, and one after it is redirected', async () => {
  for (const [name, redirected] of [
    ['beforeGetAuthorizationGrant', false],
    ['afterGetAuthorizationGrant', true],
    ['beforeValidateAuthorizationRequestPayload', true],
    ['afterValidateAuthorizationRequestPayload', true],
    ['beforeValidateConsentRequest', true],
  ] as const) {
    const hook = () => {
      throw refusal
    }
    const server = await start({ hooks: { [name]: hook } })
    const answer = await server.agent().get(requestPath())
    assert.equal(answer.headers.has('location'), redirected, name)
    if (redirected) assert.equal(responseOf(answer).error, 'access_denied')
    const elsewhere = await server.agent().get(requestPath({ redirect_uri: 'https://evil.example/' }))
    assert.equal(elsewhere.headers.has('location'), false)
  }
})

test('A2-AS-08: a hook that refuses a decision tells the client, and the request cannot be answered again', async () => {
  let refuses = true
  const hook = () => {
    if (refuses) throw refusal
  }
  const server = await start({ hooks: { beforeCreateAuthorizationResponse: hook } })
  const visit = await visitConsent(server, alice)
  assert.equal(responseOf(await allow(visit)).error, 'access_denied')
  refuses = false
  assert.equal((await allow(visit)).headers.has('location'), false)
})

test('A2-AS-08: beforeIssueToken narrows, shortens and adds members, and the next hook is told of it', async () => {
  const told: unknown[] = []
  const server = await start({
    hooks: {
      beforeIssueToken: [
        () => ({ scope: ['read'], lifetime: 60, members: { tenant: { id: 7 } } }),
        ({ scope, lifetime }) => {
          told.push(scope, lifetime)
          return { members: { region: 'eu' } }
        },
      ],
    },
  })
  const form = { ...(await formFor(server, 'password')), scope: 'read write' }
  const answer = (await (await server.post('/token', form, { client: basic })).json()) as Record<string, unknown>
  const { access_token, refresh_token, ...rest } = answer
  assert.deepEqual(rest, { expires_in: 60, token_type: 'Bearer', scope: 'read', tenant: { id: 7 }, region: 'eu' })
  assert.deepEqual(told, [['read'], 60])
  const [authorization] = await server.store.authorizations.list({}, { limit: 2 })
  assert.deepEqual(authorization?.scope, ['read'])
})

for (const [what, change] of [
  ['more scope', { scope: ['read', 'write', 'admin'] }],
  ['a longer life', { lifetime: 3601 }],
  ['no life', { lifetime: 0 }],
  ['another token', { members: { access_token: 'x' } }],
  ['another expiry', { members: { expires_in: 9 } }],
] as const) {
  test(`A2-AS-08: beforeIssueToken cannot give ${what}`, async () => {
    const server = await start({ hooks: { beforeIssueToken: () => change } })
    const answer = await server.post('/token', { grant_type: 'client_credentials' }, { client: basic })
    assert.equal(answer.status, 500)
    assert.deepEqual(await server.store.tokens.listAccess({}, { limit: 1 }), [])
  })
}

test('A2-AS-08: what a hook is told cannot be altered for the next', async () => {
  const hooks: Hooks = {
    beforeIssueToken: (issue) => {
      Object.assign(issue, { scope: ['admin'] })
    },
  }
  const answer = await (await start({ hooks })).post('/token', { grant_type: 'client_credentials' }, { client: basic })
  assert.equal(answer.status, 500)
})

const meddling: Readonly<Record<string, (told: Record<string, unknown>) => unknown>> = {
  scope: (told) => (told.scope as string[]).push('admin'),
  'the client': (told) => Object.assign(told.client as object, { scope: 'admin', client_name: 'evil' }),
  'a list of the client': (told) => (told.client as { grant_types: string[] }).grant_types.push('password'),
}
for (const [what, meddle] of Object.entries(meddling)) {
  test(`A2-AS-08: no hook can alter ${what} that it is told of`, async () => {
    for (const name of ['beforeIssueToken', 'afterValidateTokenRequest', 'beforeCreateTokenResponse'] as const) {
      const hook = (told: object): void => void meddle(told as Record<string, unknown>)
      const server = await start({ hooks: { [name]: hook } })
      const before = JSON.stringify(await server.store.clients.find(basic[0]))
      const answer = await server.post('/token', { grant_type: 'client_credentials' }, { client: basic })
      assert.equal(answer.status, 500, name)
      assert.equal(JSON.stringify(await server.store.clients.find(basic[0])), before)
    }
  })
}

test('A2-AS-08: no hook can alter an answer but by the members it returns', async () => {
  const afterEndpointResponse = ({ response }: { response: { body: string } }): void => {
    response.body = '{}'
  }
  const server = await start({ hooks: { afterEndpointResponse } })
  const answer = await server.post('/token', { grant_type: 'client_credentials' }, { client: basic })
  assert.equal(answer.status, 500)
})

test('A2-AS-08: a grant that answers with tokens of its own making is refused', async () => {
  const stolen = { accessToken: 'x', access: { scope: [] } } as unknown as Awaited<ReturnType<Grant['handle']>>
  const rogue: Grant = { ...vouched, handle: async () => stolen }
  const server = await start({ grants: [rogue], responseTypes: ['token'] })
  const answer = await server.post('/token', { grant_type: rogue.type }, { client: basic })
  assert.equal(((await answer.json()) as { error: string }).error, 'server_error')
})

for (const [hooks, message] of [
  [{ beforeIssueTokens: () => undefined }, /^hooks: there is no "beforeIssueTokens"; valid are before/],
  [{ beforeIssueToken: 'x' }, /^hooks\.beforeIssueToken: must be a function/],
  [{ beforeIssueToken: [null] }, /^hooks\.beforeIssueToken: must be a function/],
  [{ afterEndpointResponse: { grantType: 'x', hook() {} } }, /^hooks\.afterEndpointResponse: is told of no grant type/],
] as const) {
  test(`A2-AS-08: refuses at once what is no hook: ${message.source}`, async () => {
    await assert.rejects(start({ hooks: hooks as unknown as Hooks }), { name: 'TypeError', message })
  })
}
