import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAuthorizationServer } from '../servers/authorization-server.ts'
import { decideOn } from '../servers/resource-owner.ts'
import { type Reply, type SeedServer, startSeedServer, testclient } from './seed-server.ts'

// Every command and URL of django-oauth2-server's README as it stands there; only the port, the code and the refresh
// token differ.

const members = ['id', 'access_token', 'expires_in', 'token_type', 'scope', 'refresh_token']

const withoutSlash = (text: string): string => text.replace('/tokens/', '/tokens').replace('/authorize/', '/authorize')
const spellings = (text: string): readonly string[] => [text, withoutSlash(text)]

function isAnswer({ status, headers, body }: Reply): void {
  assert.equal(status, 200)
  assert.equal(headers['cache-control'], 'no-store')
  assert.deepEqual(Object.keys(body), members)
  assert.ok(Number.isSafeInteger(body.id) && body.id > 0)
  assert.match(body.access_token, /^\S{20,}$/)
  assert.equal(body.expires_in, 3600)
  assert.equal(body.token_type, 'Bearer')
  assert.equal(body.scope, 'foo bar qux')
  assert.match(body.refresh_token, /^\S{20,}$/)
}

const authorizeUrl = (responseType: string): string =>
  `/web/authorize/?response_type=${responseType}&client_id=testclient&redirect_uri=https://www.example.com&state=somestate`

const codeFrom = async (server: SeedServer, url: string): Promise<string> => {
  const callback = await decideOn(server, url, 'allow')
  assert.match(callback.href, /^https:\/\/www\.example\.com\/\?code=[^&]+&state=somestate&/)
  return callback.searchParams.get('code') ?? ''
}

test('django-oauth2-server README, Authorization Code: the URL in a browser, then the command with its code', async (t) => {
  for (const [index, url] of spellings(authorizeUrl('code')).entries()) {
    const server = await startSeedServer(t)
    const code = await codeFrom(server, url)
    const command = `curl -u testclient:testpassword localhost:8080/api/v1/tokens/ -d 'grant_type=authorization_code&code=${code}'`
    isAnswer(await server.curl(spellings(command)[index] ?? ''))
  }
})

test('django-oauth2-server README, Implicit: the URL in a browser, and the token in the fragment', async (t) => {
  for (const url of spellings(authorizeUrl('token'))) {
    const server = await startSeedServer(t)
    const callback = await decideOn(server, url, 'allow')
    assert.match(
      callback.href,
      /^https:\/\/www\.example\.com\/#access_token=[^&]+&expires_in=3600&token_type=Bearer&scope=foo%20bar%20qux&state=somestate&/,
    )
  }
})

for (const [name, command] of [
  [
    'User Credentials',
    `curl -u testclient:testpassword localhost:8080/api/v1/tokens/ -d 'grant_type=password&username=john@doe.com&password=testpassword'`,
  ],
  [
    'Client Credentials by header',
    `curl -u testclient:testpassword localhost:8080/api/v1/tokens/ -d 'grant_type=client_credentials'`,
  ],
  [
    'Client Credentials by body',
    `curl localhost:8000/api/v1/tokens/ -d 'grant_type=client_credentials&client_id=testclient&client_secret=testpassword'`,
  ],
] as const) {
  test(`django-oauth2-server README, ${name}: the command, with and without the slash`, async (t) => {
    const server = await startSeedServer(t)
    for (const spelling of spellings(command)) isAnswer(await server.curl(spelling))
  })
}

test('django-oauth2-server README, Refresh Token: the command, again and again', async (t) => {
  const server = await startSeedServer(t)
  let { refresh_token } = (
    await server.curl(
      `curl -u testclient:testpassword localhost:8080/api/v1/tokens/ -d 'grant_type=password&username=john@doe.com&password=testpassword'`,
    )
  ).body
  const command = (token: string): string =>
    `curl -u testclient:testpassword localhost:8080/api/v1/tokens/ -d 'grant_type=refresh_token&refresh_token=${token}'`
  for (const spelling of [0, 1, 0]) {
    const reply = await server.curl(spellings(command(refresh_token))[spelling] ?? '')
    isAnswer(reply)
    assert.notEqual(reply.body.refresh_token, refresh_token)
    refresh_token = reply.body.refresh_token
  }
})

test('django-oauth2-server README: the ids of two answers differ', async (t) => {
  const server = await startSeedServer(t)
  const ids = new Set<number>()
  for (let count = 0; count < 5; count += 1) {
    ids.add((await server.tokens({ grant_type: 'client_credentials' })).body.id)
  }
  assert.equal(ids.size, 5)
})

test('django-oauth2-server paths: the slash is optional, a path that only begins like one is none', async (t) => {
  const { provider } = (await startSeedServer(t)).server
  for (const path of ['/web/authorize', '/web/authorize/', '/api/v1/tokens', '/api/v1/tokens/']) {
    assert.equal(provider.handles(path), true, path)
  }
  for (const path of ['/web/authorizefoo', '/api/v1/tokensfoo', '/api/v1/tokens//', '/api/v1']) {
    assert.equal(provider.handles(path), false, path)
  }
})

test('django-oauth2-server paths: a server without the profile has none of them, nor the password grant', async (t) => {
  const { server } = await startAuthorizationServer(t, { clients: [testclient] })
  assert.equal(server.provider.handles('/web/authorize/'), false)
  assert.equal(server.provider.handles('/api/v1/tokens/'), false)
  const form = { grant_type: 'password', username: 'john@doe.com', password: 'testpassword' }
  const answer = await server.post('/token', form, { client: ['testclient', 'testpassword'] })
  assert.equal(((await answer.json()) as { error: string }).error, 'unsupported_grant_type')
})
