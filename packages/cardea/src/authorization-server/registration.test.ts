import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ada, allowed, consentHost, page, postTo, redeem, tokensFor } from '../../test-support/consent-host.ts'
import { fetchHandler } from '../adapters/fetch.ts'
import { authorizationCode, type CardeaEvent, type Grant, PasswordGrant, refreshToken } from '../index.ts'

test('A2-AS-03: registered grants are the grants there are, objects and classes alike', async () => {
  const { server } = await consentHost({}, [{ client_id: 'shop', secret: 'its secret', grant_types: ['quick'] }])
  const quick: Grant = {
    type: 'quick',
    publicClients: false,
    async handle(request) {
      return request.issue({ scope: await request.allowedScope(request.params.get('scope')) })
    },
  }
  server.registerGrant(quick).registerGrant(
    class extends PasswordGrant {
      override authenticateUser() {
        return ada
      }
    },
  )
  const form = { grant_type: 'quick', scope: 'write' }
  const ask = (body: Record<string, string>) => {
    const request = postTo('/token', body)
    request.headers.set('authorization', `Basic ${btoa('shop:its secret')}`)
    return server.createTokenResponse(request)
  }
  assert.equal(((await (await ask(form)).json()) as { scope: string }).scope, 'write')
  const unknown = (await (await ask({ grant_type: 'client_credentials' })).json()) as { error: string }
  assert.equal(unknown.error, 'unsupported_grant_type')
  const metadata = (await (
    await server.createEndpointResponse('metadata', new Request('https://auth.example/'))
  ).json()) as { grant_types_supported: string[] }
  assert.deepEqual(metadata.grant_types_supported, ['quick', 'password'])
})

test('A2-AS-03: once the server is in use, every registration says that it comes too late', async () => {
  const { server } = await consentHost()
  server.configure()
  const late: readonly (() => unknown)[] = [
    () => server.registerGrant(refreshToken()),
    () => server.registerEndpoint({ name: 'own', path: '/own', methods: {} }),
    () => server.registerHook('beforeIssueToken', () => undefined),
    () => server.registerTokenGenerator('default', () => undefined),
    () => server.registerResponseMode({ name: 'own', respond: () => ({ status: 200, headers: {}, body: '' }) }),
    () =>
      server.registerClientAuthMethod({ name: 'own', present: () => undefined, verify: () => Promise.resolve(false) }),
  ]
  for (const register of late) assert.throws(register, /in use already; register before its first request/)
})

test('A2-AS-04, A2-AS-05: endpoints by name: ours, the host’s, in order, and a clear error for none', async () => {
  const { server } = await consentHost()
  server.registerEndpoint({ name: 'me', path: '/me', methods: { POST: async () => 'continue' } }).registerEndpoint({
    name: 'me',
    methods: { POST: async () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'second' }) },
  })
  const answer = await server.createEndpointResponse('me', postTo('/anywhere', {}))
  assert.equal(await answer.text(), 'second')
  await assert.rejects(server.createEndpointResponse('nothing', postTo('/x', {})), /no endpoint "nothing"/)
  const { access_token } = await tokensFor(server)
  const revoked = await server.createEndpointResponse(
    'revocation',
    postTo('/x', { token: access_token, client_id: 'app' }),
  )
  assert.equal(revoked.status, 200)
})

test('A2-AS-08: hooks of registerHook run beside those of the options, in order, each awaited', async () => {
  const told: string[] = []
  const note = (word: string) => async () => {
    await Promise.resolve()
    told.push(word)
  }
  const { server } = await consentHost({ hooks: { beforeValidateConsentRequest: note('option') } })
  server
    .registerHook('beforeValidateConsentRequest', note('first'))
    .registerHook('beforeValidateConsentRequest', note('second'))
    .registerHook('afterAuthorizationResponse', note('answered'))
    .registerHook('beforeIssueToken', note('for codes'), { grantType: 'authorization_code' })
    .registerHook('beforeIssueToken', note('for refreshes'), { grantType: 'refresh_token' })
  await tokensFor(server)
  assert.deepEqual(told, ['option', 'first', 'second', 'answered', 'for codes'])
})

test('A2-AS-09: listeners hear of what happens whenever they come, until they end it', async () => {
  const { server } = await consentHost()
  const heard: string[] = []
  const hear = (event: CardeaEvent) => heard.push(event.type)
  const end = server.on('consent_given', hear)
  server.on('token_issued', hear)
  const never = server.on('code_issued', hear)
  never()
  await tokensFor(server)
  server.on('consent_denied', hear)
  end()
  const grant = await server.getConsentGrant(page(), { endUser: ada })
  await server.createAuthorizationResponse(page(), { grant, grantUser: null })
  assert.deepEqual(heard, ['consent_given', 'token_issued', 'consent_denied'])
})

test('A2-AS-07: texts of tokens come from registerTokenGenerator, and are looked up by their shape', async () => {
  const { server } = await consentHost()
  server.registerTokenGenerator('default', ({ kind, random }) => `${kind}-${random}`)
  assert.throws(() => server.registerTokenGenerator('default', () => undefined), /has one already/)
  const { access_token } = await tokensFor(server)
  assert.match(access_token, /^access-/)
  const request = new Request('https://auth.example/me', { headers: { authorization: `Bearer ${access_token}` } })
  assert.equal((await server.validateRequest(request, 'read')).clientId, 'app')
})

test('A2-RP: validateRequest gives the token and its user, or throws what handleErrorResponse challenges with', async () => {
  const { server } = await consentHost({ scopes: { read: 'Read', write: 'Write' } })
  const { access_token } = await tokensFor(server)
  const request = new Request('https://auth.example/me', { headers: { authorization: `Bearer ${access_token}` } })
  const token = await server.validateRequest(request, 'read write')
  assert.deepEqual([token.userId, (await token.user)?.name], ['1', 'Ada'])
  const bare = new Request('https://auth.example/me')
  const refused = await server.validateRequest(bare, ['read', 'write']).catch((error: unknown) => error)
  const answer = await server.handleErrorResponse(bare, refused)
  assert.deepEqual(
    [answer.status, answer.headers.get('www-authenticate')],
    [401, 'Bearer realm="https://auth.example"'],
  )
})

test('A2-AS-01: the server is mounted as a provider is, and answers by verbs and by paths alike', async () => {
  const { server } = await consentHost({ grants: [authorizationCode(), refreshToken()] })
  const handle = fetchHandler(server as never)
  const metadata = (await (
    await handle(new Request('https://auth.example/.well-known/oauth-authorization-server'))
  ).json()) as { token_endpoint: string; scopes_supported: string[] }
  assert.deepEqual(
    [metadata.token_endpoint, metadata.scopes_supported],
    ['https://auth.example/token', ['read', 'write']],
  )
  assert.equal((await handle(postTo('/token', { grant_type: 'authorization_code' }))).status, 401)
})

test('A2-AS-14: a response mode of the host’s own carries the answer of the verbs, refusals included', async () => {
  const { server } = await consentHost()
  server.registerResponseMode({
    name: 'message',
    respond: (redirectUri, fields) => ({ status: 200, headers: {}, body: JSON.stringify([redirectUri, fields]) }),
  })
  const grant = await server.getConsentGrant(page({ response_mode: 'message' }), { endUser: ada })
  const answer = await server.createAuthorizationResponse(page(), { grant, grantUser: null })
  assert.match(await answer.text(), /"access_denied"/)
  assert.ok((await allowed(server)).searchParams.has('code'))
})

test('A2-CODE-09: a code of the verbs is redeemed once', async () => {
  const { server } = await consentHost()
  const code = (await allowed(server)).searchParams.get('code') ?? ''
  const answers = await Promise.all([redeem(server, code), redeem(server, code), redeem(server, code)])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400, 400])
})
