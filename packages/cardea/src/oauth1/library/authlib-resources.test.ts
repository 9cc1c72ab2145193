import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cacheStores, memoryCache } from '../../stores/cache/index.ts'
import {
  dataOf,
  type Host,
  hostPair,
  inTables,
  oauth1Host,
  signedRequest,
  withHeader,
} from '../../testing/oauth1-host.ts'
import { rsaSha1 } from '../signature-methods.ts'

const kinds = [
  ['cache', () => cacheStores(memoryCache())],
  ['tables', () => inTables()],
] as const

function route({ protector, tokens }: Host): (request: Request) => Promise<Record<string, string>> {
  tokens.set('valid-token', { clientId: 'client', userId: '1', secret: 'valid-token-secret' })
  const handler = protector.requireOAuth((_request, { user }) => Response.json({ username: user?.username }))
  return async (request) => dataOf(await handler(request))
}

for (const [name, shortTerm] of kinds) {
  const start = (signatureMethods = ['PLAINTEXT', 'HMAC-SHA1', 'RSA-SHA1']) =>
    oauth1Host({ shortTerm: shortTerm(), signatureMethods })

  test(`A1-RES-08: ${name}: resource: errors of parameters`, async () => {
    const get = route(start())
    const cases: [Record<string, string>, string, RegExp][] = [
      [{}, 'missing_required_parameter', /oauth_consumer_key/],
      [{ oauth_consumer_key: 'a' }, 'invalid_client', /./],
      [{ oauth_consumer_key: 'client' }, 'missing_required_parameter', /oauth_token/],
      [{ oauth_consumer_key: 'client', oauth_token: 'a' }, 'invalid_token', /./],
      [{ oauth_consumer_key: 'client', oauth_token: 'valid-token' }, 'missing_required_parameter', /oauth_timestamp/],
    ]
    for (const [query, error, description] of cases) {
      const data = await get(new Request(`http://localhost/user?${new URLSearchParams(query)}`))
      assert.equal(data.error, error)
      assert.match(data.error_description ?? '', description)
    }
  })

  test(`A1-RES-08: ${name}: resource: PLAINTEXT, and a wrong one`, async () => {
    const get = route(start())
    const header = (secret: string) =>
      `OAuth oauth_consumer_key="client",oauth_signature_method="PLAINTEXT",oauth_token="valid-token",oauth_signature="secret&${secret}"`
    assert.equal((await get(withHeader('/user', header('valid-token-secret'), 'GET'))).username, 'foo')
    assert.equal((await get(withHeader('/user', header('invalid'), 'GET'))).error, 'invalid_signature')
  })

  test(`A1-RES-08: ${name}: resource: HMAC-SHA1, and a nonce that exists`, async () => {
    const host = start()
    const get = route(host)
    const again = signedRequest('/user', 'GET', {
      token: 'valid-token',
      keys: { clientSecret: 'secret', tokenSecret: 'valid-token-secret' },
      timestamp: host.clock.now(),
      nonce: 'hmac-sha1-nonce',
    })
    assert.equal((await get(again())).username, 'foo')
    assert.equal((await get(again())).error, 'invalid_nonce')
  })

  test(`A1-RES-08: ${name}: resource: RSA-SHA1, and a changed nonce`, async () => {
    const host = start()
    const get = route(host)
    const request = signedRequest('/user', 'GET', {
      token: 'valid-token',
      signatureMethod: rsaSha1,
      keys: { rsaPrivateKey: hostPair.privateKey },
      timestamp: host.clock.now(),
      nonce: 'rsa-sha1-nonce',
    })
    assert.equal((await get(request())).username, 'foo')
    const header = (request().headers.get('authorization') ?? '').replace('rsa-sha1-nonce', 'alt-sha1-nonce')
    assert.equal((await get(withHeader('/user', header, 'GET'))).error, 'invalid_signature')
  })

  test(`A1-RES-08: ${name}: resource: a token whose secret the host has lost opens nothing`, async () => {
    const host = start()
    const get = route(host)
    host.tokens.set('valid-token', { clientId: 'client', userId: '1' })
    const request = signedRequest('/user', 'GET', { token: 'valid-token', timestamp: host.clock.now(), nonce: 'n' })
    assert.equal((await get(request())).error, 'invalid_token')
  })
}
