import assert from 'node:assert/strict'
import { test } from 'node:test'
import { password } from '../../oauth2/token/grants/password.ts'
import { refreshToken } from '../../oauth2/token/grants/refresh-token.ts'
import { alice } from '../../testing/authorization-visit.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'
import type { TokenGenerator, TokenTextRequest } from '../ports/token-generator.ts'

const client = ['job', 'a secret'] as const
const job = { client_id: 'job', secret: 'a secret', grant_types: ['password', 'refresh_token'] }
const signIn = { grant_type: 'password', username: alice.username, password: alice.password }

const start = (options: TestServerOptions): Promise<TestServer> =>
  startTestServer({
    clients: [job],
    users: [alice],
    grants: [password(), refreshToken()],
    responseTypes: [],
    ...options,
  })

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}
const ask = (server: TestServer, form: Record<string, string>): Promise<Response> =>
  server.post('/token', form, { client })
const tokensOf = async (server: TestServer, form: Record<string, string> = signIn): Promise<Tokens> => {
  const answer = await ask(server, form)
  assert.equal(answer.status, 200)
  return (await answer.json()) as Tokens
}
const refresh = (token: string) => ({ grant_type: 'refresh_token', refresh_token: token })
const isActive = async (server: TestServer, token: string): Promise<boolean> =>
  ((await (await server.post('/introspect', { token }, { client })).json()) as { active: boolean }).active

/** Tells in the token what it was made for, as the predecessor's tests do. */
const telling: TokenGenerator = async ({ kind, grantType, client: { client_id }, userId, random }) =>
  `${kind}-${grantType}.${client_id}.${userId}.${random}`

test('A2-TOK-05, A2-AS-07: a generator sees kind, grant type, client and user, and its tokens work everywhere', async () => {
  const server = await start({ tokenGenerators: { default: telling } })
  const first = await tokensOf(server)
  assert.match(first.access_token, /^access-password\.job\.u-alice\.[\w-]{43}$/)
  assert.match(first.refresh_token, /^refresh-password\.job\.u-alice\.[\w-]{43}$/)
  assert.deepEqual(
    [await isActive(server, first.access_token), await isActive(server, first.refresh_token)],
    [true, true],
  )
  const guarded = await server.provider.protect('read')(requestWith(first.access_token))
  assert.ok('token' in guarded)
  const second = await tokensOf(server, refresh(first.refresh_token))
  assert.match(second.access_token, /^access-refresh_token\.job\./)
  await server.post('/revoke', { token: second.refresh_token }, { client })
  assert.deepEqual(
    [await isActive(server, second.access_token), await isActive(server, second.refresh_token)],
    [false, false],
  )
})

test('T-TOK-1: a text of a generator stands in no row, log or event', async () => {
  const server = await start({ tokenGenerators: { default: telling } })
  const { access_token, refresh_token } = await tokensOf(server)
  const rows = [
    await server.store.tokens.listAccess({}, { limit: 9 }),
    await server.store.tokens.listRefresh({}, { limit: 9 }),
  ]
  const seen = JSON.stringify([rows, server.events])
  assert.ok(!seen.includes(access_token) && !seen.includes(refresh_token))
})

test('A2-AS-07: a generator is chosen by grant type, then "default"; undefined leaves a token to the server', async () => {
  const server = await start({
    tokenGenerators: { password: ({ kind, random }) => (kind === 'access' ? `own_${random}` : undefined) },
  })
  const first = await tokensOf(server)
  assert.match(`${first.access_token} ${first.refresh_token}`, /^own_\S+ crt_\S+$/)
  const second = await tokensOf(server, refresh(first.refresh_token))
  assert.match(`${second.access_token} ${second.refresh_token}`, /^cat_\S+ crt_\S+$/)
})

test('A2-RT-05, A2-AS-07: a generator that builds on what it is given keeps the reuse window', async () => {
  const server = await start({ tokenGenerators: { default: telling } })
  const first = await tokensOf(server)
  const second = await tokensOf(server, refresh(first.refresh_token))
  assert.notEqual(second.refresh_token, first.refresh_token)
  const again = await tokensOf(server, refresh(first.refresh_token))
  assert.equal(again.refresh_token, second.refresh_token)
  server.clock.advance(11)
  assert.equal((await ask(server, refresh(first.refresh_token))).status, 400)
  assert.equal(await isActive(server, second.access_token), false)
})

test('A2-RT-05, A2-AS-07: with randomness of its own there is no reuse window: a second use ends the family', async () => {
  let count = 0
  const own: TokenGenerator = () => {
    count += 1
    return `of-the-host-${String(count).padStart(30, '0')}`
  }
  const server = await start({ tokenGenerators: { default: own } })
  const first = await tokensOf(server)
  const second = await tokensOf(server, refresh(first.refresh_token))
  assert.equal((await ask(server, refresh(first.refresh_token))).status, 400)
  assert.equal(await isActive(server, second.access_token), false)
})

const unsound: readonly (readonly [what: string, text: unknown])[] = [
  ['too short', 'a'.repeat(21)],
  ['too long', 'a'.repeat(513)],
  ['with blanks', `${'a'.repeat(30)} b`],
  ['with a line break', `${'a'.repeat(30)}\n`],
  ['beyond ASCII', 'é'.repeat(30)],
  ['null', null],
  ['a number', 42],
  ['an object', {}],
]
for (const [what, text] of unsound) {
  test(`RFC 6750 §2.1: a token of a generator that is ${what} is an internal error, and nothing is issued`, async () => {
    const server = await start({ tokenGenerators: { default: () => text as string } })
    const answer = await ask(server, signIn)
    assert.equal(answer.status, 500)
    const told = server.events.find(({ type }) => type === 'internal_error')
    assert.match(
      String(told?.type === 'internal_error' && told.error),
      /tokenGenerators: the access token for password/,
    )
    if (typeof text === 'string') assert.ok(!String(told?.type === 'internal_error' && told.error).includes(text))
    assert.deepEqual(await server.store.tokens.listAccess({}, { limit: 1 }), [])
  })
}

test('A2-MODEL-05: a generator that repeats itself gets an error, and the first token stays what it was', async () => {
  const server = await start({ tokenGenerators: { default: ({ kind }) => kind.repeat(9) } })
  const { access_token } = await tokensOf(server)
  assert.equal((await ask(server, signIn)).status, 500)
  assert.equal(await isActive(server, access_token), true)
  assert.equal((await server.store.tokens.listAccess({}, { limit: 9 })).length, 1)
})

test('A2-AS-07: one text for both tokens is refused, since either could then be used as the other', async () => {
  const server = await start({ tokenGenerators: { default: () => 'the-same-for-both-of-them' } })
  assert.equal((await ask(server, signIn)).status, 500)
  assert.deepEqual(await server.store.tokens.listAccess({}, { limit: 1 }), [])
})

test('A2-AS-07: a generator that throws or rejects is an internal error', async () => {
  for (const fails of [
    () => Promise.reject(new Error('no')),
    () => {
      throw undefined
    },
  ] as readonly TokenGenerator[]) {
    const server = await start({ tokenGenerators: { default: fails } })
    assert.equal((await ask(server, signIn)).status, 500)
    assert.equal(server.events.at(-1)?.type, 'internal_error')
  }
})

test('A2-TOK-01: lengths alone; older tokens of another length stay valid, and successors keep the length', async () => {
  const before = await start({})
  const old = await tokensOf(before)
  for (const [access, refreshLength] of [
    [32, 32],
    [53, 53],
    [100, 140],
    [512, 512],
  ] as const) {
    const server = await start({
      store: before.store,
      clients: [],
      users: [],
      tokenLengths: { access, refresh: refreshLength },
    })
    const first = await tokensOf(server)
    const second = await tokensOf(server, refresh(first.refresh_token))
    assert.deepEqual(
      [first, second].flatMap((tokens) => [tokens.access_token.length, tokens.refresh_token.length]),
      [access, refreshLength, access, refreshLength],
    )
    assert.equal((await tokensOf(server, refresh(first.refresh_token))).refresh_token, second.refresh_token)
    assert.equal(await isActive(server, old.access_token), true)
  }
})

test('A2-AS-07: a generator is told nothing that it could alter', async () => {
  const told: TokenTextRequest[] = []
  const server = await start({
    tokenGenerators: {
      default: (request) => {
        told.push(request)
        return undefined
      },
    },
  })
  await tokensOf(server)
  assert.deepEqual(
    told.map((request) => Object.isFrozen(request)),
    [true, true],
  )
})

const requestWith = (token: string) => ({
  method: 'GET',
  target: '/',
  path: '/',
  query: '',
  header: (name: string) => (name === 'authorization' ? `Bearer ${token}` : undefined),
  text: async () => '',
  secure: true,
  remoteAddress: undefined,
})

for (const [options, message] of [
  [
    { tokenGenerators: { pasword: telling } },
    /^tokenGenerators: there is no "pasword"; valid are default, implicit, password/,
  ],
  [{ tokenGenerators: { default: 'x' } }, /^tokenGenerators\.default: must be a function/],
  [{ tokenLengths: { acess: 40 } }, /^tokenLengths: there is no "acess"/],
  [{ tokenLengths: { access: 31 } }, /^tokenLengths\.access: must be 32 to 512/],
  [{ tokenLengths: { refresh: 513 } }, /^tokenLengths\.refresh: must be 32 to 512/],
] as const) {
  test(`A2-AS-07: refuses at once what cannot be meant: ${message.source}`, async () => {
    await assert.rejects(start(options as never), { name: 'TypeError', message })
  })
}
