import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Client } from '../model/client.ts'
import { ProtocolError } from '../spec/errors.ts'
import { matchesRedirectUri, redirectHost, redirectUriMustBeRegistered, redirectUriProblem } from './redirect-uri.ts'

const clientWith = (
  redirect_uris: readonly string[],
  application_type: Client['application_type'] = 'web',
): Client => ({
  client_id: 'app',
  client_name: 'App',
  redirect_uris,
  application_type,
  grant_types: ['authorization_code'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
  client_id_issued_at: 0,
})

const registered = 'https://client.example/cb'

const lookAlikes = [
  'https://client.example/cb/',
  'https://client.example/cb?',
  'https://client.example/cb#',
  'https://client.example/cb#x',
  'https://client.example/cb?x=1',
  'https://client.example/CB',
  'https://CLIENT.example/cb',
  'HTTPS://client.example/cb',
  'http://client.example/cb',
  'https://client.example:443/cb',
  'https://client.example/./cb',
  'https://client.example/a/../cb',
  'https://client.example/%63b',
  'https://client.example//cb',
  'https://client.example\\cb',
  'https://client.example.evil.example/cb',
  'https://evil.example/https://client.example/cb',
  'https://client.example@evil.example/cb',
  'https://evil.example\\@client.example/cb',
  ' https://client.example/cb',
  'https://client.example/cb ',
  'https://client.example/cb\n',
  'https://client.example/cb\0',
  'https://client.example/c',
  'https://client.exаmple/cb', // a Cyrillic letter
  '//client.example/cb',
  '/cb',
  '',
]

test('RFC 9700 §4.1.3: a redirect URI that only looks like the registered one does not match', () => {
  for (const requested of lookAlikes) {
    assert.equal(matchesRedirectUri(clientWith([registered]), requested), false, JSON.stringify(requested))
  }
  assert.equal(matchesRedirectUri(clientWith(['https://other.example/', registered]), registered), true)
})

const loopback = 'http://127.0.0.1/cb?a=1'

const ports: readonly (readonly [requested: string, matches: boolean])[] = [
  ['http://127.0.0.1/cb?a=1', true],
  ['http://127.0.0.1:1/cb?a=1', true],
  ['http://127.0.0.1:65535/cb?a=1', true],
  ['http://127.0.0.1:65536/cb?a=1', false],
  ['http://127.0.0.1:/cb?a=1', false],
  ['http://127.0.0.1:080800/cb?a=1', false],
  ['http://127.0.0.1:80x/cb?a=1', false],
  ['http://127.0.0.1:80@evil.example/cb?a=1', false],
  ['http://127.0.0.1:80:80/cb?a=1', false],
  ['http://127.0.0.1:1/cb', false],
  ['http://127.0.0.1:1/cb?a=2', false],
  ['http://127.0.0.1:1/cb?a=1#f', false],
  ['http://127.0.0.1:1/CB?a=1', false],
  ['https://127.0.0.1:1/cb?a=1', false],
  ['http://localhost:1/cb?a=1', false],
  ['http://[::1]:1/cb?a=1', false],
  ['http://127.0.0.2:1/cb?a=1', false],
  ['http://127.1:1/cb?a=1', false],
  ['http://127.0.0.1.evil.example:1/cb?a=1', false],
]

test('RFC 8252 §7.3: only the port of a loopback address may differ, and only for a native client', () => {
  for (const [requested, matches] of ports) {
    assert.equal(matchesRedirectUri(clientWith([loopback], 'native'), requested), matches, requested)
  }
  assert.equal(matchesRedirectUri(clientWith([loopback], 'web'), 'http://127.0.0.1:1/cb?a=1'), false)
  assert.equal(matchesRedirectUri(clientWith(['http://[::1]:3000/'], 'native'), 'http://[::1]:4000/'), true)
})

test('RFC 8252 §8.3: the port of a host name that resolves to loopback is not free', () => {
  const client = clientWith(['http://localhost:3000/cb', 'https://client.example:1/cb'], 'native')
  assert.equal(matchesRedirectUri(client, 'http://localhost:3001/cb'), false)
  assert.equal(matchesRedirectUri(client, 'https://client.example:2/cb'), false)
})

const refusedEverywhere = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://client.example/x',
  'about:blank',
  'ftp://client.example/cb',
  'myapp:/cb',
  'http://client.example/cb',
  'http://localhost.evil.example/cb',
  'http://127.0.0.1.evil.example/cb',
  'https://client.example/cb#',
  'https://client.example/cb#f',
  'com.example.app:/cb#f',
  'https://user@client.example/cb',
  'https://user:pass@client.example/cb',
  'https://@client.example/cb',
  'com.example.app://user@host/cb',
  'https://client.example\\cb',
  'https:\\\\client.example/cb',
  'https:client.example',
  'https:///cb',
  'https://',
  'https://client.example/a b',
  'https://client.example/\tb',
  'https://client.example/\r\nset-cookie: a=b',
  'https://client.example/\0',
  'https://client.example/"onload="x',
  'https://client.example/<script>',
  'https://clïent.example/cb',
  'https://client.example/cb?x=%zz',
  'https://client.example:99999/cb',
  'https://*.client.example/cb',
  'com.example.app://[',
  'https://client.example/cb?code=1',
  'https://client.example/cb?a=1&state=2',
  'https://client.example/cb?%69ss=x',
  '',
  'cb',
  '/cb',
  '//client.example/cb',
  ' https://client.example/cb',
  'https://client.example/cb\n',
]

test('RFC 9700 §2.6, RFC 6749 §3.1.2: unsafe redirect URIs can be registered by no type of client', () => {
  for (const uri of refusedEverywhere) {
    assert.equal(typeof redirectUriProblem(uri, 'web'), 'string', JSON.stringify(uri))
    assert.equal(typeof redirectUriProblem(uri, 'native'), 'string', JSON.stringify(uri))
  }
})

const byType: readonly (readonly [uri: string, web: boolean, native: boolean])[] = [
  ['https://client.example', true, true],
  ['https://client.example/cb?tenant=1&x=%20', true, true],
  ['https://[2001:db8::1]:8443/cb', true, true],
  ['https://xn--clent-2va.example/cb', true, true],
  ['http://127.0.0.1/cb', false, true],
  ['http://[::1]:3000/cb', false, true],
  ['http://localhost:3000/cb', false, true],
  ['com.example.app:/cb', false, true],
  ['com.example.app://host/cb', false, true],
]

test('RFC 8252 §7, §8.4: loopback and private-use redirect URIs are for native clients', () => {
  for (const [uri, web, native] of byType) {
    assert.equal(redirectUriProblem(uri, 'web') === undefined, web, uri)
    assert.equal(redirectUriProblem(uri, 'native') === undefined, native, uri)
  }
})

const reasonOf = (action: () => unknown): string => {
  try {
    action()
    return 'none'
  } catch (error) {
    assert.ok(error instanceof ProtocolError)
    assert.equal(error.code, 'invalid_request')
    return error.reason
  }
}

test('RFC 6749 §3.1.2.3: an absent redirect_uri stands for the only registered one', () => {
  assert.equal(redirectUriMustBeRegistered(clientWith([registered]), undefined), registered)
  const several = clientWith([registered, 'https://client.example/other'])
  assert.equal(
    reasonOf(() => redirectUriMustBeRegistered(several, undefined)),
    'missing_redirect_uri',
  )
  assert.equal(
    reasonOf(() => redirectUriMustBeRegistered(clientWith([]), undefined)),
    'no_redirect_uri',
  )
  assert.equal(
    reasonOf(() => redirectUriMustBeRegistered(clientWith([]), registered)),
    'redirect_uri_not_registered',
  )
})

test('T-RDU-4, T-RDU-5: what is unsafe is not redirected to even where a store holds it as registered', () => {
  for (const uri of [...refusedEverywhere, 'com.example.app:/cb', 'http://localhost/cb']) {
    const client = clientWith([uri], 'web')
    assert.equal(
      reasonOf(() => redirectUriMustBeRegistered(client, uri)),
      'unsafe_redirect_uri',
      uri,
    )
    assert.equal(
      reasonOf(() => redirectUriMustBeRegistered(client, undefined)),
      'unsafe_redirect_uri',
      uri,
    )
  }
})

test('RFC 6749 §3.1.2: redirect host: the host as a browser reads it, or the scheme of an app', () => {
  assert.equal(redirectHost('https://client.example:8443/cb'), 'client.example:8443')
  assert.equal(redirectHost('com.example.app:/cb'), 'com.example.app')
  assert.equal(redirectHost('http://[::1]:3000/'), '[::1]:3000')
})

const anyUri = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom(...lookAlikes, ...refusedEverywhere, ...ports.map(([uri]) => uri)),
  fc
    .tuple(fc.constantFrom(registered, loopback), fc.nat(40), fc.string({ unit: 'binary', maxLength: 3 }))
    .map(([uri, at, noise]) => uri.slice(0, at) + noise + uri.slice(at)),
)
const anyType = fc.constantFrom<Client['application_type']>('web', 'native')

const withoutPort = (uri: string): string => uri.replace(/^(http:\/\/(?:127\.0\.0\.1|\[::1\])):\d+/, '$1')

test('RFC 9700 §2.1: property: nothing matches but the very same bytes, or a loopback URI but for its port', () => {
  fc.assert(
    fc.property(fc.array(anyUri, { maxLength: 3 }), anyUri, anyType, (uris, requested, type) => {
      if (!matchesRedirectUri(clientWith(uris, type), requested)) return
      const isSame = uris.includes(requested)
      const isLoopback = type === 'native' && uris.some((uri) => withoutPort(uri) === withoutPort(requested))
      assert.ok(isSame || isLoopback)
    }),
    { numRuns: 500 },
  )
})

test('T-RDU-4: property: an accepted URI holds no hostile character, and its answer never throws anything else', () => {
  fc.assert(
    fc.property(anyUri, anyType, (uri, type) => {
      const accepted = redirectUriProblem(uri, type) === undefined
      const reason = reasonOf(() => redirectUriMustBeRegistered(clientWith([uri], type), uri))
      assert.equal(reason, accepted ? 'none' : 'unsafe_redirect_uri')
      if (!accepted) return
      assert.match(uri, /^[!$%&'()*+,\-./0-9:;=?@A-Z[\]_a-z~]+$/)
      assert.match(uri, type === 'web' ? /^https:\/\//i : /^(?:https?:\/\/|[a-z][^:]*\.[^:]*:)/i)
      assert.ok(URL.canParse(uri))
      assert.ok((redirectHost(uri) ?? '').length > 0)
    }),
    { numRuns: 800 },
  )
})
