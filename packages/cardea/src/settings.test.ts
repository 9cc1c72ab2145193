import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientCredentials } from './oauth2/token/grants/client-credentials.ts'
import type { ProviderOptions } from './options.ts'
import { createProvider } from './provider.ts'
import { memoryStore } from './stores/memory/index.ts'

const sound = { issuer: 'https://auth.example', store: memoryStore(), secrets: ['s'.repeat(32)] }

/** Options as a host without types may write them. */
const created = (options: object) => createProvider({ ...sound, ...options } as unknown as ProviderOptions)

const mistakes: readonly (readonly [options: object, message: RegExp])[] = [
  [{ issuer: undefined }, /^issuer: must be a URL such as https:\/\/auth\.example\.com, got undefined/],
  [{ issuer: 'auth.example' }, /^issuer: .*got "auth\.example"/],
  [{ issuer: 42 }, /^issuer: .*got 42/],
  [{ issuer: 'http://auth.example' }, /^issuer: must use https, or http on loopback/],
  [{ issuer: 'http://127.evil.example' }, /^issuer: must use https/],
  [{ issuer: 'http://localhost.evil.example' }, /^issuer: must use https/],
  [{ issuer: 'ftp://auth.example' }, /^issuer: must use https/],
  [{ issuer: 'https://auth.example/?a=1' }, /^issuer: must have no query, fragment or user name/],
  [{ issuer: 'https://auth.example/?' }, /^issuer: must have no query/],
  [{ issuer: 'https://auth.example/#' }, /^issuer: must have no query, fragment/],
  [{ issuer: 'https://me@auth.example' }, /^issuer: must have no query, fragment or user name/],
  [{ store: undefined }, /^store: must be a store such as memoryStore\(\), got undefined/],
  [{ store: {} }, /^store: /],
  [{ secrets: undefined }, /^secrets: must be a list/],
  [{ secrets: 's'.repeat(40) }, /^secrets: must be a list/],
  [{ secrets: [] }, /^secrets: at least one secret is needed/],
  [{ secrets: ['s'.repeat(32), 'short'] }, /^secrets\[1\]: at least 32 characters are needed, got 5/],
  [{ secrets: [undefined] }, /^secrets: must be a list of strings/],
  [{ hasher: {} }, /^hasher: /],
  [{ accounts: {} }, /^accounts: /],
  [{ clock: 5 }, /^clock: .*got 5/],
  [{ title: 5 }, /^title: .*got 5/],
  [{ pageStyles: "'self'" }, /^pageStyles: must be a list/],
  ...[
    'self',
    "'unsafe-inline'",
    "'self'; script-src *",
    "'nonce-abc'",
    '*',
    'http://a.example',
    "'sha256-short'",
    5,
  ].map((source) => [{ pageStyles: ["'self'", source] }, /^pageStyles: got .*; valid are "'self'", hashes/] as const),
  [{ profile: 'flask' }, /^profile: there is no "flask"; valid are django-oauth2-server/],
  [{ profile: '__proto__' }, /^profile: there is no "__proto__"/],
  [{ grants: 'password' }, /^grants: must be a list, got "password"/],
  [{ grants: ['password'] }, /^grants: .*got "password"/],
  [{ grants: [clientCredentials(), clientCredentials()] }, /^grants: "client_credentials" is there twice/],
  [{ responseTypes: 'code' }, /^responseTypes: must be a list/],
  [{ responseTypes: ['id_token'] }, /^responseTypes: there is no "id_token"; valid are code, token/],
  [{ responseModes: ['query', 'jwt'] }, /^responseModes: there is no "jwt"; valid are query, fragment, form_post/],
  [{ responseModes: 'query' }, /^responseModes: must be a list/],
  [{ rotateRefreshTokens: 'none' }, /^rotateRefreshTokens: there is no "none"; valid are all, public/],
  [
    { rotateRefreshTokens: 'public', compatibility: { refreshEndsAccessTokens: true } },
    /^rotateRefreshTokens: 'public' does not go with compatibility\.refreshEndsAccessTokens/,
  ],
  [{ rotateRefreshTokens: 'public', profile: 'django-oauth2-server' }, /^rotateRefreshTokens: 'public' does not go/],
  [{ refuseScopeNotAllowed: 'yes' }, /^refuseScopeNotAllowed: must be true or false, got "yes"/],
  [{ lifetimes: { accesToken: 1 } }, /^lifetimes\.accesToken: there is no such lifetime; valid are accessToken, /],
  [{ lifetimes: { authorizationCode: 601 } }, /^lifetimes\.authorizationCode: .* from 1 to 600, got 601/],
  [{ lifetimes: { authorizationCode: 0 } }, /^lifetimes\.authorizationCode: .*got 0/],
  [{ lifetimes: { accessToken: -1 } }, /^lifetimes\.accessToken: .*got -1/],
  [{ lifetimes: { accessToken: 1.5 } }, /^lifetimes\.accessToken: .*got 1\.5/],
  [{ lifetimes: { accessToken: '60' } }, /^lifetimes\.accessToken: .*got "60"/],
  [{ lifetimes: { accessToken: Number.POSITIVE_INFINITY } }, /^lifetimes\.accessToken: /],
  [{ lifetimes: { refreshReuseWindow: 61 } }, /^lifetimes\.refreshReuseWindow: .* from 0 to 60, got 61/],
  [{ limits: { clients: { attempts: 1, window: 1 } } }, /^limits: there is no "clients"; valid are accountFromNetwork/],
  [{ limits: { client: { attempts: 0, window: 1 } } }, /^limits\.client: .*got \{"attempts":0,"window":1\}/],
  [{ limits: { client: { attempts: 1 } } }, /^limits\.client: /],
  [{ limits: { client: undefined } }, /^limits\.client: /],
  [{ compatibility: { tokenAnswerID: true } }, /^compatibility: there is no "tokenAnswerID"; valid are tokenAnswerId/],
  [{ compatibility: { tokenAnswerId: 'no' } }, /^compatibility\.tokenAnswerId: must be true or false, got "no"/],
  [{ ignoreClientRequestedScope: 'yes' }, /^ignoreClientRequestedScope: must be true or false, got "yes"/],
  [{ tellSignIn: 'yes' }, /^tellSignIn: must be true or false, got "yes"/],
  [{ certificateBoundTokens: 'false' }, /^certificateBoundTokens: must be true, false or 'required', got "false"/],
  [{ describedResources: 'https://auth.example/x' }, /^describedResources: must be a list of addresses/],
  [{ dpop: { requird: true } }, /^dpop: there is no "requird"; valid are required, /],
  [{ requestObjects: { requird: true } }, /^requestObjects: there is no "requird"; valid are required, /],
  [{ pushedRequests: 'no' }, /^pushedRequests: must be true, false or an object, got "no"/],
  [{ mutualTls: { selfSigned: 'no' } }, /^mutualTls\.selfSigned: must be true or false, got "no"/],
  [
    { clientAssertions: { maxLifetime: Number.NaN } },
    /^clientAssertions\.maxLifetime: must be whole seconds from 1, got NaN/,
  ],
  [{ clientAssertions: { algorithms: ['RS255'] } }, /^clientAssertions\.algorithms: needs names such as ES256/],
  [
    { signatureAlgorithms: ['ES256'], requestObjects: { algorithms: ['PS256'] } },
    /^requestObjects\.algorithms: none of PS256 is among signatureAlgorithms, ES256/,
  ],
  [
    { signatureAlgorithms: ['ES256'], clientAssertions: { algorithms: ['PS256', 'RS256'] } },
    /^clientAssertions\.algorithms: none of PS256, RS256 is among signatureAlgorithms, ES256/,
  ],
  [{ paths: { tokens: '/token' } }, /^paths\.tokens: there is no such endpoint; valid are authorize, token/],
  [{ paths: { token: [] } }, /^paths\.token: at least one path is needed/],
  [{ paths: { token: '/token/' } }, /^paths\.token: must look like \/token/],
  [{ paths: { token: 'token' } }, /^paths\.token: must look like \/token/],
  [{ paths: { token: '/a/../b' } }, /^paths\.token: must look like \/token/],
  [{ paths: { token: '//evil' } }, /^paths\.token: must look like \/token/],
  [{ paths: { token: '/t*' } }, /^paths\.token: must look like \/token/],
  [{ paths: { token: '/authorize' } }, /^paths: \/authorize is used by token and authorize/],
  [{ grant: [] }, /^options: there is no "grant"; valid are issuer/],
]
for (const [options, message] of mistakes) {
  const [[name, value] = []] = Object.entries(options)
  test(`createProvider: refuses ${name} ${JSON.stringify(value)}, by its name`, () => {
    assert.throws(() => created(options), { name: 'TypeError', message })
  })
}

test('createProvider: tells no secret it was given', () => {
  const secret = 'too short but still secret'
  assert.throws(
    () => created({ secrets: [secret] }),
    (error: Error) => !error.message.includes(secret),
  )
  assert.throws(
    () => created({ secrets: [secret, 5] }),
    (error: Error) => !error.message.includes(secret),
  )
})

const issuers: readonly (readonly [given: string, told: string])[] = [
  ['https://auth.example', 'https://auth.example'],
  ['https://auth.example/', 'https://auth.example'],
  ['https://AUTH.example:443/a/b/', 'https://auth.example/a/b'],
  ['http://localhost:8000', 'http://localhost:8000'],
  ['http://127.0.0.1:8000', 'http://127.0.0.1:8000'],
  ['http://[::1]:8000', 'http://[::1]:8000'],
]
for (const [given, told] of issuers) {
  test(`RFC 8414 §2: the issuer ${given} is ${told}`, () => {
    assert.equal(created({ issuer: given }).issuer, told)
  })
}

test('createProvider: a profile is merged under what the host sets', () => {
  const { settings } = created({
    profile: 'django-oauth2-server',
    lifetimes: { accessToken: 60 },
    compatibility: { tokenAnswerId: false },
  }).engine
  assert.equal(settings.lifetimes.accessToken, 60)
  assert.equal(settings.lifetimes.refreshToken, 1209600)
  assert.equal(settings.lifetimes.authorizationCode, 600)
  assert.equal(settings.compatibility.tokenAnswerId, false)
  assert.equal(settings.compatibility.eitherSecretMethod, true)
})

test('createProvider: the defaults are the safe ones', () => {
  const { settings } = created({}).engine
  assert.deepEqual([...new Set(Object.values(settings.compatibility))], [false])
  assert.equal(settings.lifetimes.accessToken, 3600)
  assert.equal(settings.lifetimes.authorizationCode, 60)
  assert.equal(settings.rotateRefreshTokens, 'all')
  assert.equal(settings.secureCookies, true)
  assert.equal(created({ issuer: 'http://localhost:8000' }).engine.settings.secureCookies, false)
})

test('createProvider: a sink that throws does not break the request it was told of', async (t) => {
  t.mock.method(console, 'error', () => {})
  const provider = created({
    onEvent: () => {
      throw new Error('audit is down')
    },
  })
  const answer = await provider.handle({
    method: 'GET',
    target: '/token',
    path: '/token',
    query: '',
    header: () => undefined,
    text: async () => '',
    secure: true,
    remoteAddress: undefined,
  })
  assert.equal(answer.status, 405)
})
