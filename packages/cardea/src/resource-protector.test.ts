import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { api, ask, startIssuer } from '../test-support/remote-issuer.ts'
import { fetchProtector } from './adapters/fetch.ts'
import type { CardeaEvent } from './core/ports/events.ts'
import { accessDenied, invalidToken } from './core/spec/errors.ts'
import { localTokens } from './oauth2/protection/local-token.ts'
import type { TokenValidator } from './oauth2/protection/token-validator.ts'
import { type ResourceProtectorOptions, resourceProtector } from './resource-protector.ts'
import { signedFor, startOAuth1Server, tokenFor } from './testing/oauth1-flow.ts'
import { startTestServer } from './testing/test-server.ts'

/** Knows tokens that begin with its name, and says who brought them by what follows. */
const named = (name: string, scheme = 'Bearer'): TokenValidator => ({
  scheme,
  validate(token) {
    if (!token.startsWith(`${name}-`)) return undefined
    if (token.endsWith('-expired')) throw invalidToken('expired')
    return { scheme, clientId: name, userId: token.slice(name.length + 1), scope: ['read'] }
  },
})

const clientIdOf = async (answer: Response): Promise<unknown> => (await answer.json()).clientId

const acceptedIn = (events: readonly CardeaEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'token_authenticated' ? [event.scheme] : []))

async function startAll(t: TestContext, more: ResourceProtectorOptions = {}) {
  const remote = await startIssuer(t)
  const server = await startOAuth1Server({ clients: [{ client_id: 'job', secret: 's' }], clock: remote.clock })
  const issued = await server.post('/token', { grant_type: 'client_credentials' }, { client: ['job', 's'] })
  const { access_token: local } = (await issued.json()) as { access_token: string }
  const source = resourceProtector({
    provider: server.provider,
    jwt: { issuer: remote.issuer, audience: api, ...remote.remote },
    validators: [named('mine'), named('theirs'), named('key', 'ApiKey')],
    ...more,
  })
  return { ...remote, server, local, source }
}

test('A2-RP-08, ASK-11: several kinds of token on one route, each known by its own validator', async (t) => {
  const { source, token, local } = await startAll(t)
  assert.equal(await clientIdOf(await ask(source, 'Bearer mine-1')), 'mine')
  assert.equal(await clientIdOf(await ask(source, 'Bearer theirs-1')), 'theirs')
  assert.equal(await clientIdOf(await ask(source, `Bearer ${local}`)), 'job')
  assert.equal(await clientIdOf(await ask(source, `Bearer ${token()}`)), 'app')
  assert.equal(await clientIdOf(await ask(source, 'ApiKey key-1')), 'key')
  assert.equal(await clientIdOf(await ask(source, 'apikey key-1')), 'key')
})

test('A2-RP-08: a token is never handed to the validators of another scheme', async (t) => {
  const { source } = await startAll(t)
  for (const authorization of ['Bearer key-1', 'ApiKey mine-1', 'Bearer unknown', 'ApiKey unknown']) {
    const answer = await ask(source, authorization)
    assert.equal(answer.status, 401, authorization)
    const scheme = authorization.split(' ')[0]
    assert.match(
      answer.headers.get('www-authenticate') ?? '',
      new RegExp(`^${scheme} realm=".*", error="invalid_token"`),
    )
  }
})

test('A2-RP-08: of two validators that know a token the first decides, also when it refuses', async () => {
  const second: TokenValidator = {
    scheme: 'Bearer',
    validate: () => ({ scheme: 'Bearer', clientId: 'second', scope: [] }),
  }
  const source = resourceProtector({ validators: [named('mine'), second] })
  assert.equal(await clientIdOf(await ask(source, 'Bearer mine-1')), 'mine')
  assert.equal(await clientIdOf(await ask(source, 'Bearer other')), 'second')
  assert.equal((await ask(source, 'Bearer mine-expired')).status, 401)
})

test('A2-RP-02, RFC 9110 §11.6.1: whoever brings nothing is told of every way in, and of no error', async (t) => {
  const { source, server } = await startAll(t)
  for (const authorization of [undefined, 'Basic am9iOnM=', 'Negotiate x']) {
    const answer = await ask(source, authorization)
    assert.equal(answer.status, 401)
    const realm = server.provider.issuer
    const challenges = `Bearer realm="${realm}", ApiKey realm="${realm}", OAuth realm="${realm}"`
    assert.equal(answer.headers.get('www-authenticate'), challenges, authorization)
  }
})

test('A2-RP-01: credentials without a value, or that cannot be read, are an invalid request', async (t) => {
  const { source } = await startAll(t)
  for (const authorization of ['Bearer', 'ApiKey', 'ApiKey  ', 'Bearer a b', 'Bearer ä']) {
    assert.equal((await ask(source, authorization)).status, 400, authorization)
  }
})

test('RFC 5849 §3.1: signed requests of OAuth 1 go beside all of these', async (t) => {
  const { source, server } = await startAll(t)
  const credentials = await tokenFor(server)
  const { headers } = signedFor(server, '/photos', { method: 'GET', credentials })
  const resource = fetchProtector(source).requireOAuth('read', async (_request, { scheme, user }) =>
    Response.json({ scheme, user: (await user)?.username }),
  )
  const url = new URL('/photos', server.origin)
  const answer = await resource(new Request(url, { headers }))
  assert.deepEqual(await answer.json(), { scheme: 'OAuth', user: 'alice' })
  assert.deepEqual(acceptedIn(server.events), ['OAuth'], 'told once')
  const forged = {
    authorization: (headers.authorization ?? '').replace(/oauth_signature="[^"]*"/, 'oauth_signature="x"'),
  }
  const refused = await resource(new Request(url, { headers: forged }))
  assert.equal(refused.status, 401)
  assert.match(refused.headers.get('www-authenticate') ?? '', /^OAuth realm=/)
})

test('RFC 5849 §3.1: whoever listens to the protector and not to the provider hears of signed requests too', async (t) => {
  const heard: CardeaEvent[] = []
  const { source, server } = await startAll(t, { onEvent: (event) => void heard.push(event) })
  const { headers } = signedFor(server, '/photos', { method: 'GET', credentials: await tokenFor(server) })
  const resource = fetchProtector(source).requireOAuth('read', () => new Response('in'))
  assert.equal((await resource(new Request(new URL('/photos', server.origin), { headers }))).status, 200)
  assert.deepEqual(acceptedIn(heard), ['OAuth'])
})

test('A2-RP-06: where a token is optional, only a request without any authentication comes in without one', async (t) => {
  const { source, token } = await startAll(t)
  const resource = fetchProtector(source).optionalOAuth(
    'read',
    (_request, info) => new Response(info?.clientId ?? 'nobody'),
  )
  const at = (authorization?: string) =>
    resource(new Request(api, { headers: authorization === undefined ? {} : { authorization } }))
  assert.equal(await (await at()).text(), 'nobody')
  assert.equal(await (await at(`Bearer ${token()}`)).text(), 'app')
  for (const bad of ['Bearer x', 'Basic x', 'ApiKey x', 'OAuth oauth_consumer_key="x"']) {
    assert.equal((await at(bad)).status, 401, bad)
  }
})

test('A2-RP-11: the user of a token is looked up when first asked for, once', async () => {
  const asked: string[] = []
  const source = resourceProtector({
    validators: [named('mine')],
    users: async (id, { clientId }) => {
      asked.push(`${id} of ${clientId}`)
      return { id, shoeSize: 42 }
    },
  })
  assert.equal((await ask(source, 'Bearer mine-ada')).status, 200)
  assert.deepEqual(asked, [])
  const resource = fetchProtector(source).requireOAuth(undefined, async (_request, token) => {
    const [first, second] = await Promise.all([token.user, token.user])
    const shoeSize: number | undefined = first?.shoeSize
    // @ts-expect-error: a user of this host has no such member
    assert.equal(first?.username, undefined)
    assert.equal(first, second)
    return Response.json({ shoeSize, written: JSON.stringify(token).includes('user"') })
  })
  const answer = await resource(new Request(api, { headers: { authorization: 'Bearer mine-ada' } }))
  assert.deepEqual(await answer.json(), { shoeSize: 42, written: false })
  assert.deepEqual(asked, ['ada of mine'])
})

test('A2-RP-11: the user of a local token is that of the provider; a machine token has none', async () => {
  const user = { id: 'u1', username: 'ada', password: 'correct horse' }
  const server = await startTestServer({ clients: [{ client_id: 'job', secret: 's' }], users: [user] })
  const issued = await server.post('/token', { grant_type: 'client_credentials' }, { client: ['job', 's'] })
  const { access_token } = (await issued.json()) as { access_token: string }
  const owner: TokenValidator = {
    scheme: 'Bearer',
    validate: () => ({ scheme: 'Bearer', clientId: 'c', userId: 'u1', scope: [] }),
  }
  const source = resourceProtector({ provider: server.provider, validators: [{ ...owner, scheme: 'Owner' }] })
  const resource = fetchProtector(source).requireOAuth(undefined, async (_request, token) =>
    Response.json((await token.user)?.username ?? 'nobody'),
  )
  const at = async (authorization: string) => (await resource(new Request(api, { headers: { authorization } }))).json()
  assert.equal(await at(`Bearer ${access_token}`), 'nobody')
  assert.equal(await at('Owner x'), 'ada')
})

test('A2-RP-04, RFC 9728 §5.1: attributes of the host stand in every challenge, quoted', async () => {
  const source = resourceProtector({
    validators: [named('mine')],
    realm: 'my "things"\r\n',
    attributes: { resource_metadata: 'https://api.example/.well-known/oauth-protected-resource' },
  })
  const metadata = 'resource_metadata="https://api.example/.well-known/oauth-protected-resource"'
  const challenge = async (authorization?: string, need?: string) =>
    (await ask(source, authorization, need)).headers.get('www-authenticate') ?? ''
  assert.equal(await challenge(), `Bearer realm="my \\"things\\"??", ${metadata}`)
  assert.match(await challenge('Bearer x'), /realm=".*", resource_metadata=".*", error="invalid_token"/)
  assert.match(
    await challenge('Bearer mine-1', 'write'),
    /resource_metadata=".*", error="insufficient_scope".*scope="write"$/,
  )
  for (const attributes of [{ error: 'x' }, { Realm: 'x' }, { scope: 'x' }, { 'a b': 'x' }, { 'a="': 'x' }]) {
    assert.throws(() => resourceProtector({ validators: [named('mine')], attributes }), TypeError)
  }
})

test('A2-RP-08: hooks look at the request before and at the token after, and refuse by throwing', async () => {
  const source = resourceProtector({
    validators: [named('mine')],
    checkRequest({ path }) {
      if (path === '/closed') throw accessDenied('closed', 'Closed today')
    },
    checkToken({ userId }) {
      if (userId === 'eve') throw invalidToken('not_eve')
      if (userId === 'bug') throw new Error('a bug of the host')
    },
  })
  assert.equal((await ask(source, 'Bearer mine-ada')).status, 200)
  const closed = await ask(source, 'Bearer mine-ada', undefined, `${api}/closed`)
  assert.deepEqual(
    [closed.status, await closed.json()],
    [403, { error: 'access_denied', error_description: 'Closed today' }],
  )
  assert.equal((await ask(source, 'Bearer mine-eve')).status, 401)
  const failed = await ask(source, 'Bearer mine-bug')
  assert.deepEqual([failed.status, (await failed.json()).error], [500, 'server_error'])
})

test('A2-RP-08: the host may answer refusals in its own way', async () => {
  const source = resourceProtector({
    validators: [named('mine')],
    refusal: (answer, error) => ({ ...answer, body: JSON.stringify({ problem: error?.code ?? 'sign in first' }) }),
  })
  const nothing = await ask(source)
  assert.deepEqual([nothing.status, await nothing.json()], [401, { problem: 'sign in first' }])
  assert.deepEqual(await (await ask(source, 'Bearer x')).json(), { problem: 'invalid_token' })
})

test('A2-RP-09: a token in form or query is a choice, and two places are refused', async () => {
  const source = resourceProtector({ validators: [named('mine')], tokenInFormOrQuery: true })
  assert.equal((await ask(source, undefined, undefined, `${api}/?access_token=mine-1`)).status, 200)
  assert.equal((await ask(source, 'Bearer mine-1', undefined, `${api}/?access_token=mine-1`)).status, 400)
  const usual = resourceProtector({ validators: [named('mine')] })
  assert.equal((await ask(usual, undefined, undefined, `${api}/?access_token=mine-1`)).status, 401)
})

test('A2-RP-08: a validator may be registered later, until the first route is protected', async () => {
  const source = resourceProtector({})
  assert.throws(() => resourceProtector({}).protect(), TypeError)
  source.registerTokenValidator(named('mine'))
  assert.equal((await ask(source, 'Bearer mine-1')).status, 200)
  assert.throws(() => source.registerTokenValidator(named('other')), TypeError)
})

test('A2-RP-08: what was accepted and refused is told, without any token', async () => {
  const events: CardeaEvent[] = []
  const source = resourceProtector({ validators: [named('mine', 'Own')], onEvent: (event) => void events.push(event) })
  await ask(source, 'Own mine-ada')
  await ask(source, 'Own mine-expired')
  await ask(source, 'Own mine-ada', 'write')
  assert.deepEqual(events, [
    { type: 'token_authenticated', clientId: 'mine', scheme: 'Own', userId: 'ada' },
    { type: 'request_refused', endpoint: 'resource', code: 'invalid_token', reason: 'expired' },
    { type: 'request_refused', endpoint: 'resource', code: 'insufficient_scope', reason: 'insufficient_scope' },
  ])
})

test('A2-RP-01: a validator that fails is a 500 with no more told, and never lets anybody in', async () => {
  const failing: TokenValidator = { scheme: 'Bearer', validate: () => Promise.reject(new Error('secret detail')) }
  const answer = await ask(resourceProtector({ validators: [failing] }), 'Bearer x')
  assert.equal(answer.status, 500)
  assert(!(await answer.text()).includes('secret detail'))
})

test('A2-RP-01: the tokens of a provider may be one kind among others', async () => {
  const server = await startTestServer({ clients: [{ client_id: 'job', secret: 's' }] })
  const issued = await server.post('/token', { grant_type: 'client_credentials' }, { client: ['job', 's'] })
  const { access_token } = (await issued.json()) as { access_token: string }
  const source = resourceProtector({ validators: [localTokens(server.provider.engine)] })
  assert.equal((await ask(source, `Bearer ${access_token}`, 'read')).status, 200)
  server.clock.advance(3600)
  assert.equal((await ask(source, `Bearer ${access_token}`, 'read')).status, 401)
})
