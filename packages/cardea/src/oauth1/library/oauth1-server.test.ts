import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from '../../stores/memory/index.ts'
import { listenOnLoopback } from '../../testing/loopback.ts'
import { dataOf, formRequest, oauth1Host, signedRequest } from '../../testing/oauth1-host.ts'
import { clientFrom } from '../../testing/test-server.ts'
import {
  type CardeaEvent,
  hmacSha1,
  OAuth1Error,
  OAuth1Server,
  ResourceProtector,
  send,
  signRequest,
} from '../index.ts'

const secrets = ['secrets of the host in tests, long enough']
const path = '/oauth/initiate'

test('A1-OAUTH1-34: what to ask the person about: client, credential and scope', async () => {
  const scopes = [
    { name: 'read', description: 'Read', is_default: true },
    { name: 'write', description: 'Write', is_default: false },
  ]
  const { server, clock } = oauth1Host({ scopes })
  const signing = { timestamp: clock.now(), nonce: 'n', parameters: { oauth_callback: 'https://i.test' } }
  const { oauth_token = '' } = await dataOf(
    await server.createTemporaryCredentialsResponse(signedRequest(`${path}?scope=read+write`, 'POST', signing)()),
  )
  const request = new Request(`http://localhost/authorize?oauth_token=${oauth_token}`)
  const { client, temporary, scope } = await server.checkAuthorizationRequest(request)
  assert.equal(client.client_id, 'client')
  assert.equal(temporary.callback, 'https://i.test')
  assert.deepEqual(scope, ['read', 'write'])
})

test('A1-OAUTH1-37: oob shows the verifier, with the headers of a page that nobody may frame or keep', async () => {
  const { server, clock } = oauth1Host({
    title: 'Photos',
    clients: { find: () => ({ clientId: 'client', secret: 'secret', callbacks: ['oob'], name: 'Desk <b>' }) },
  })
  const signing = { timestamp: clock.now(), nonce: 'n', parameters: { oauth_callback: 'oob' } }
  const { oauth_token = '' } = await dataOf(
    await server.createTemporaryCredentialsResponse(signedRequest(path, 'POST', signing)()),
  )
  const page = await server.createAuthorizationResponse(formRequest('/authorize', { oauth_token }), { grantUser: '1' })
  assert.equal(page.status, 200)
  assert.equal(page.headers.get('cache-control'), 'no-store')
  assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
  const text = await page.text()
  assert.match(text, /Desk &lt;b&gt;/)
  assert.match(text, /<output[^>]*>[BCDFGHJKLMNPQRSTVWXZ2-9]{8}</)
})

test('A1-OAUTH1-21: a registered method is on at once, and its name cannot be taken twice', async () => {
  const { server, clock } = oauth1Host()
  server.registerSignatureMethod('X-LENGTH', (_base, _keys, signature) => signature === 'yes')
  const ask = async (signature: string, nonce: string) => {
    const method = { name: 'X-LENGTH', keyKind: 'shared_secret', verify: () => true, sign: () => signature } as const
    const signing = { signatureMethod: method, timestamp: clock.now(), nonce, parameters: { oauth_callback: 'oob' } }
    return (await dataOf(await server.createTemporaryCredentialsResponse(signedRequest(path, 'POST', signing)()))).error
  }
  assert.equal(await ask('yes', 'a'), undefined)
  assert.equal(await ask('no', 'b'), 'invalid_signature')
  for (const name of ['X-LENGTH', 'HMAC-SHA1']) {
    assert.throws(() => server.registerSignatureMethod(name, () => true), /is there already/)
  }
})

test('A1-OAUTH1-54: a sealed client secret works like a readable one', async () => {
  const sealer = oauth1Host().server
  const sealedSecret = sealer.sealClientSecret('client', 'secret')
  assert.ok(!sealedSecret.includes('secret'))
  const { server, clock } = oauth1Host({
    clients: { find: async () => ({ clientId: 'client', sealedSecret, defaultRedirectUri: 'https://a.b' }) },
  })
  const signing = { timestamp: clock.now(), nonce: 'n', parameters: { oauth_callback: 'oob' } }
  const answer = await server.createTemporaryCredentialsResponse(signedRequest(path, 'POST', signing)())
  assert.equal(answer.status, 200)
})

test('R-CFG-1: what cannot be meant is refused when the server is made', () => {
  const clients = { find: () => undefined }
  const wrong: [object, RegExp][] = [
    [{ issuer: 'https://a.example', secrets }, /clients: are needed/],
    [{ issuer: 'a.example', secrets, clients }, /issuer: must be a URL/],
    [{ issuer: 'http://a.example', secrets, clients }, /issuer: must use https.*allowInsecureTransport/],
    [{ issuer: 'https://a.example', secrets: ['short'], clients }, /secrets\[0\]/],
    [{ issuer: 'https://a.example', secrets, clients, store: memoryStore() }, /clients, tokens: are of no use/],
    [{ issuer: 'https://a.example', secrets, clients, nonceTtl: 1 }, /oauth1\.nonceTtl: there is no such option/],
  ]
  for (const [options, message] of wrong) {
    assert.throws(() => new OAuth1Server(options as never), { name: 'TypeError', message })
  }
})

test('A1-RES-04: a protector without tokens, or without a way to claim nonces, is refused when it is made', () => {
  const given = { issuer: 'https://a.example', secrets, clients: { find: () => undefined } }
  const tokens = { find: () => undefined, save: () => {} }
  assert.throws(() => new ResourceProtector(given), /tokens: are needed/)
  assert.throws(() => new ResourceProtector({ ...given, tokens }), /claimNonce: is needed/)
  assert.doesNotThrow(() => new ResourceProtector({ ...given, tokens, claimNonce: () => 'first' }))
})

test('A1-OAUTH1-48: the switch for development takes an http issuer, and says so aloud', (t) => {
  const warn = t.mock.method(console, 'warn', () => {})
  const clients = { find: () => undefined }
  new OAuth1Server({ issuer: 'http://dev.example', secrets, clients, allowInsecureTransport: true })
  assert.equal(warn.mock.callCount(), 1)
})

test('A1-RES-03: requireOAuth goes with and without a scope, before fetch and node handlers, and `check` alone', async (t) => {
  const told: CardeaEvent[] = []
  const host = oauth1Host({
    scopes: [{ name: 'read', description: 'Read', is_default: true }],
    onEvent: (event) => void told.push(event),
  })
  const { protector, clock, tokens } = host
  tokens.set('t', { clientId: 'client', userId: '1', secret: 's', scope: ['read'] })
  const loopback = await listenOnLoopback(
    protector.requireOAuthOnNode('read', (_message, response, { user }) => void response.end(user?.username)),
  )
  t.after(() => loopback.close())
  const asks = (nonce: string) => {
    const keys = { clientSecret: 'secret', tokenSecret: 's' }
    return signRequest(
      { method: 'GET', url: 'http://localhost/user' },
      { consumerKey: 'client', token: 't', keys, signatureMethod: hmacSha1, timestamp: clock.now(), nonce },
    )
  }
  const onNode = await fetch(`${loopback.origin}/user`, { headers: asks('a').headers })
  assert.equal(await onNode.text(), 'foo')
  assert.equal((await fetch(`${loopback.origin}/user`)).status, 400)
  const web = (nonce: string) => new Request('http://localhost/user', { headers: asks(nonce).headers })
  const all = protector.requireOAuth((_request, { credential }) => new Response(credential.clientId))
  assert.equal(await (await all(web('b'))).text(), 'client')
  const writers = protector.requireOAuth('write', () => new Response('in'))
  assert.equal((await writers(web('c'))).status, 403)
  assert.equal((await protector.check(web('d'))).user?.username, 'foo')
  await assert.rejects(protector.check(web('d')), (error) => error instanceof OAuth1Error && error.status === 401)
  const accepted = { type: 'token_authenticated', clientId: 'client', userId: '1', scheme: 'OAuth' } as const
  assert.deepEqual(
    told.filter(({ type }) => type === 'token_authenticated'),
    [accepted, accepted, accepted],
  )
})

test('A1-OAUTH1-53: node:http: answers are written by send, forms read from the stream', async (t) => {
  const { server } = oauth1Host({ signatureMethods: ['PLAINTEXT'] })
  const loopback = await listenOnLoopback(async (message, response) => {
    send(response, await server.createTemporaryCredentialsResponse(message))
  })
  t.after(() => loopback.close())
  const form = { oauth_consumer_key: 'client', oauth_callback: 'oob', oauth_signature_method: 'PLAINTEXT' }
  const body = new URLSearchParams({ ...form, oauth_signature: 'secret&' })
  const answer = await fetch(`${loopback.origin}/initiate`, { method: 'POST', body })
  assert.equal((await dataOf(answer)).oauth_callback_confirmed, 'true')
})

test('A1-OAUTH1-54: over one of our stores: clients, credentials and nonces are all in it', async () => {
  const store = memoryStore()
  const options = { issuer: 'http://localhost', secrets, store }
  const server = new OAuth1Server(options)
  const registration = { callbacks: ['https://a.b'], sealed_secret: server.sealClientSecret('client', 'secret') }
  await store.clients.save(await clientFrom({ client_id: 'client', oauth1: registration }))
  const timestamp = Math.floor(Date.now() / 1000)
  const first = signedRequest(path, 'POST', { timestamp, nonce: 'n', parameters: { oauth_callback: 'oob' } })
  const { oauth_token = '', oauth_token_secret = '' } = await dataOf(
    await server.createTemporaryCredentialsResponse(first()),
  )
  const sent = await server.createAuthorizationResponse(formRequest('/authorize', { oauth_token }), { grantUser: '7' })
  const verifier = new URL(sent.headers.get('location') ?? '').searchParams.get('oauth_verifier') ?? ''
  const second = signedRequest('/token', 'POST', {
    token: oauth_token,
    keys: { clientSecret: 'secret', tokenSecret: oauth_token_secret },
    timestamp,
    nonce: 'n2',
    parameters: { oauth_verifier: verifier },
  })
  const issued = await dataOf(await server.createTokenResponse(second()))
  const protector = new ResourceProtector(options)
  const third = signedRequest('/user', 'GET', {
    token: issued.oauth_token ?? '',
    keys: { clientSecret: 'secret', tokenSecret: issued.oauth_token_secret },
    timestamp,
    nonce: 'n3',
  })
  assert.equal((await protector.check(third())).credential.userId, '7')
})

test('A1-OAUTH1-33: the host may read the form itself, before or after', async () => {
  const { server, clock } = oauth1Host()
  for (const order of ['before', 'after'] as const) {
    const signing = { timestamp: clock.now(), nonce: order, parameters: { oauth_callback: 'oob' } }
    const { oauth_token = '' } = await dataOf(
      await server.createTemporaryCredentialsResponse(signedRequest(path, 'POST', signing)()),
    )
    const request = formRequest('/authorize', { oauth_token, granted: 'yes' })
    const form = order === 'before' ? await request.formData() : undefined
    const token = form?.get('oauth_token')
    const decision = { grantUser: '1', ...(typeof token === 'string' && { token }) }
    assert.equal((await server.createAuthorizationResponse(request, decision)).status, 303)
    if (order === 'after') assert.equal((await request.formData()).get('granted'), 'yes')
  }
})

test('A1-OAUTH1-53: what was handed over as options stays as it was', () => {
  const given = { issuer: 'https://a.example', secrets, clients: { find: () => undefined } }
  new OAuth1Server(given).registerSignatureMethod('OWN', () => true)
  assert.deepEqual(Object.keys(given), ['issuer', 'secrets', 'clients'])
})

test('A1-OAUTH1-35: a user without an id grants nothing, and the request stays open', async () => {
  const { server, clock } = oauth1Host()
  const signing = { timestamp: clock.now(), nonce: 'n', parameters: { oauth_callback: 'https://i.test' } }
  const { oauth_token = '' } = await dataOf(
    await server.createTemporaryCredentialsResponse(signedRequest(path, 'POST', signing)()),
  )
  const decide = (grantUser: unknown) =>
    server.createAuthorizationResponse(formRequest('/authorize', { oauth_token }), { grantUser: grantUser as string })
  for (const nobody of [undefined, '', {}, { id: undefined }, { id: null }, { id: '' }, { id: Number.NaN }]) {
    await assert.rejects(decide(nobody), TypeError, JSON.stringify(nobody))
  }
  assert.equal((await decide({ id: 7 } as unknown)).status, 303)
})
