import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchProtector } from '../adapters/fetch.ts'
import type { TokenInfo } from '../oauth2/protection/token-info.ts'
import {
  consumerSecret,
  oauth1Client,
  oauth1ServerSecrets,
  outcomeOf,
  requestOf,
  resource,
  signedFor,
  startOAuth1Server,
  tokenFor,
} from '../testing/oauth1-flow.ts'
import { rsaPair } from '../testing/rsa-pair.ts'
import { startTestServer } from '../testing/test-server.ts'
import { builtInSignatureMethods } from './signature-methods.ts'

const pair = rsaPair()
const names = builtInSignatureMethods.map(({ name }) => name)

test('A1-RES-01: what is missing is named in the order of the source: key, client, token, timestamp, signature', async () => {
  const server = await startOAuth1Server()
  const { token } = await tokenFor(server)
  const handler = fetchProtector(server.provider).requireOAuth(undefined, () => new Response('in'))
  const get = (query: Record<string, string>) =>
    handler(new Request(`https://auth.example/user?${new URLSearchParams(query)}`))
  const key = { oauth_consumer_key: 'printer' }
  const steps: [Record<string, string>, string, RegExp][] = [
    [{ oauth_nonce: 'n' }, '400 missing_required_parameter', /oauth_consumer_key/],
    [{ oauth_consumer_key: 'a' }, '401 invalid_client', /./],
    [key, '400 missing_required_parameter', /oauth_token/],
    [{ ...key, oauth_token: 'a' }, '401 invalid_token', /./],
    [{ ...key, oauth_token: token }, '400 missing_required_parameter', /oauth_timestamp/],
  ]
  for (const [query, outcome, description] of steps) {
    const answer = await get(query)
    assert.equal(await outcomeOf(answer), outcome)
    assert.equal(answer.headers.get('content-type'), 'application/json')
    assert.match(await answer.text(), description)
  }
})

test('A1-RES-02: the handler learns client, user, scope and how the request was authorized', async () => {
  const server = await startOAuth1Server()
  const credentials = await tokenFor(server)
  let seen: TokenInfo | undefined
  const handler = fetchProtector(server.provider).requireOAuth('read', (_, token) => {
    seen = token
    return new Response()
  })
  await handler(requestOf(signedFor(server, '/photos', { method: 'GET', credentials })))
  const { authorizationId, ...rest } = seen ?? {}
  assert.deepEqual(rest, { scheme: 'OAuth', clientId: 'printer', userId: 'u-alice', scope: ['read'] })
  assert.ok((await server.store.authorizations.find(authorizationId ?? ''))?.userId === 'u-alice')
})

test('A1-RES-05: a 401 carries the challenge; without any credentials both schemes are named', async () => {
  const server = await startOAuth1Server()
  const wrong = await resource(server, { credentials: { token: 'x', secret: 'y' } })
  assert.equal(wrong.headers.get('www-authenticate'), 'OAuth realm="https://auth.example"')
  const handler = fetchProtector(server.provider).requireOAuth(undefined, () => new Response('in'))
  const none = await handler(new Request('https://auth.example/photos'))
  assert.equal(none.status, 401)
  assert.match(none.headers.get('www-authenticate') ?? '', /^Bearer realm="[^"]+", OAuth realm="[^"]+"$/)
})

test('A1-RES-06: each method signs; a tampered request and a repeated one are refused', async () => {
  const both = oauth1Client('both', { secret: consumerSecret, public_key: pair.publicKey })
  const server = await startOAuth1Server({ clients: [both], oauth1: { signatureMethods: names } })
  const as = { consumerKey: 'both', keys: { rsaPrivateKey: pair.privateKey } }
  const credentials = await tokenFor(server, as)
  for (const signatureMethod of builtInSignatureMethods) {
    const request = { ...as, credentials, signatureMethod, timestamp: server.clock.now(), nonce: signatureMethod.name }
    assert.equal(await outcomeOf(await resource(server, request)), '200')
    assert.equal(await outcomeOf(await resource(server, request)), '401 invalid_nonce')
    if (signatureMethod.name === 'PLAINTEXT') continue
    const tampered = await resource(server, {
      ...request,
      nonce: 'another',
      tamper: ({ url }) => ({ url: url.replace('vacation', 'wedding') }),
    })
    assert.equal(await outcomeOf(tampered), '401 invalid_signature')
  }
})

test('RFC 5849 §3.4.1.1: another method than was signed is another request', async () => {
  const server = await startOAuth1Server()
  const credentials = await tokenFor(server)
  const changed = await resource(server, { credentials, tamper: () => ({ method: 'DELETE' }) })
  assert.equal(await outcomeOf(changed), '401 invalid_signature')
})

test('A1-RES-01: a token of another client is no token', async () => {
  const server = await startOAuth1Server()
  const credentials = await tokenFor(server)
  const scanner = { consumerKey: 'scanner', keys: { clientSecret: 'scanner-secret' } }
  assert.equal(await outcomeOf(await resource(server, { ...scanner, credentials })), '401 invalid_token')
})

test('A1-RES-01: two-legged requests, without a token, are not let in', async () => {
  const server = await startOAuth1Server()
  assert.equal(await outcomeOf(await resource(server)), '400 missing_required_parameter')
  const empty = await resource(server, { parameters: { oauth_token: '' } })
  assert.equal(await outcomeOf(empty), '400 missing_required_parameter')
})

test('RFC 6750 §3.1: a scope the credential lacks is a 403', async () => {
  const server = await startOAuth1Server()
  const credentials = await tokenFor(server)
  assert.equal(await outcomeOf(await resource(server, { credentials }, 'read')), '200')
  assert.equal(await outcomeOf(await resource(server, { credentials }, 'read write')), '403 insufficient_scope')
})

test('A1-OAUTH1-47: a revoked credential, a revoked authorization, a disabled client and a deleted user open nothing', async () => {
  const endings: [string, (server: Awaited<ReturnType<typeof startOAuth1Server>>) => Promise<unknown>][] = [
    [
      '401 invalid_token',
      async ({ store, clock }) => {
        const [found] = await store.tokenCredentials.list({}, { limit: 1 })
        if (found !== undefined) await store.tokenCredentials.revoke(found.credential.digest, clock.now())
      },
    ],
    [
      '401 invalid_token',
      async ({ store, clock }) => {
        const [found] = await store.tokenCredentials.list({}, { limit: 1 })
        await store.authorizations.revoke(found?.credential.authorizationId ?? '', clock.now())
      },
    ],
    [
      '401 invalid_client',
      async ({ store }) => {
        const client = await store.clients.find('printer')
        if (client !== undefined) await store.clients.save({ ...client, disabled: true })
      },
    ],
    ['401 invalid_token', ({ store }) => store.users.delete('u-alice')],
  ]
  for (const [outcome, end] of endings) {
    const server = await startOAuth1Server()
    const credentials = await tokenFor(server)
    assert.equal(await outcomeOf(await resource(server, { credentials })), '200')
    await end(server)
    assert.equal(await outcomeOf(await resource(server, { credentials })), outcome)
  }
})

test('I4: a user who is gone from the host’s own accounts opens nothing', async () => {
  const gone = new Set<string>()
  const user = { id: 'h1', username: 'host-user' }
  const accounts = {
    inStore: false,
    find: async (id: string) => (gone.has(id) ? undefined : user),
    authenticate: async () => user,
  }
  const server = await startOAuth1Server({ accounts })
  const credentials = await tokenFor(server)
  assert.equal(await outcomeOf(await resource(server, { credentials })), '200')
  gone.add('h1')
  assert.equal(await outcomeOf(await resource(server, { credentials })), '401 invalid_token')
})

test('A1-RES-07: a nonce is used up for every process that shares the store', async () => {
  const server = await startOAuth1Server()
  const credentials = await tokenFor(server)
  const { store, clock } = server
  const other = await startTestServer({ store, clock, secrets: oauth1ServerSecrets, oauth1: true })
  const request = { credentials, timestamp: clock.now(), nonce: 'shared' }
  assert.equal(await outcomeOf(await resource(server, request)), '200')
  assert.equal(await outcomeOf(await resource(other, request)), '401 invalid_nonce')
})

test('A1-OAUTH1-47: the last use is noted, to the hour', async () => {
  const server = await startOAuth1Server()
  const credentials = await tokenFor(server)
  const lastUse = async () => (await server.store.tokenCredentials.usage(server.clock.now()))[0]?.lastUsedAt
  assert.equal(await lastUse(), undefined)
  await resource(server, { credentials })
  const first = (await lastUse()) ?? 0
  server.clock.advance(60)
  await resource(server, { credentials })
  assert.equal(await lastUse(), first)
  server.clock.advance(3600)
  await resource(server, { credentials })
  assert.equal(await lastUse(), first + 3600)
})
