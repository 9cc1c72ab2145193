import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideOn, john } from '../servers/resource-owner.ts'
import { type SeedServer, startSeedServer, testclient } from './seed-server.ts'

// The web tests of django-oauth2-server by what they are about. It shows every error on a page with status 200; here a
// page has 400, and what RFC 6749 §4.1.2.1 sends to the client is sent to the client.

const request = 'client_id=testclient&redirect_uri=https://www.example.com&state=somestate'
const html = { accept: 'text/html' }

const issuedCodes = (server: SeedServer): number =>
  server.server.events.filter(({ type }) => type === 'code_issued').length

async function shownAt(server: SeedServer, path: string): Promise<string> {
  const answer = await server.agent().get(path, html)
  assert.equal(answer.status, 400)
  assert.match(answer.headers.get('content-type') ?? '', /^text\/html/)
  assert.equal(issuedCodes(server), 0)
  return answer.text()
}

async function sentTo(server: SeedServer, path: string): Promise<URL> {
  const answer = await server.agent().get(path, html)
  assert.equal(answer.status, 303)
  assert.equal(issuedCodes(server), 0)
  const url = new URL(answer.headers.get('location') ?? '')
  assert.equal(url.origin, 'https://www.example.com')
  return url
}

test('django-oauth2-server, authorization code: no client id', async (t) => {
  const page = await shownAt(await startSeedServer(t), '/web/authorize/')
  assert.match(page, /No client id supplied/)
})

test('django-oauth2-server, authorization code: an invalid client id', async (t) => {
  const page = await shownAt(await startSeedServer(t), '/web/authorize/?client_id=bogus')
  assert.match(page, /invalid_client/)
  assert.match(page, /The client id supplied is invalid/)
})

test('django-oauth2-server, authorization code: a missing response type', async (t) => {
  const { searchParams } = await sentTo(await startSeedServer(t), '/web/authorize/?client_id=testclient')
  assert.equal(searchParams.get('error'), 'invalid_request')
  assert.equal(searchParams.get('error_description'), 'Invalid or missing response type')
})

test('django-oauth2-server, authorization code: an invalid response type', async (t) => {
  const server = await startSeedServer(t)
  const { searchParams } = await sentTo(server, '/web/authorize/?client_id=testclient&response_type=bogus')
  assert.equal(searchParams.get('error'), 'unsupported_response_type')
  assert.equal(searchParams.get('error_description'), 'Invalid or missing response type')
})

test('django-oauth2-server, authorization code: no redirect URI supplied or stored', async (t) => {
  const server = await startSeedServer(t, { clients: [{ ...testclient, redirect_uris: [] }] })
  const page = await shownAt(server, '/web/authorize/?client_id=testclient&response_type=code')
  assert.match(page, /No redirect URI was supplied or stored/)
})

test('django-oauth2-server, authorization code: a missing state, where states are required', async (t) => {
  const server = await startSeedServer(t, { compatibility: { stateRequired: true } })
  const path = '/web/authorize/?client_id=testclient&response_type=code&redirect_uri=https://www.example.com'
  const { searchParams } = await sentTo(server, path)
  assert.equal(searchParams.get('error'), 'invalid_request')
  assert.equal(searchParams.get('error_description'), 'The state parameter is required')
})

test('django-oauth2-server, authorization code: success, and the code is worth tokens once', async (t) => {
  const server = await startSeedServer(t)
  const callback = await decideOn(server, `/web/authorize/?response_type=code&${request}`, 'allow')
  assert.equal(callback.origin, 'https://www.example.com')
  assert.equal(callback.searchParams.get('state'), 'somestate')
  const code = callback.searchParams.get('code') ?? ''
  assert.deepEqual(await server.counts(), [0, 0])
  const reply = await server.tokens({ grant_type: 'authorization_code', code })
  assert.equal(reply.status, 200)
  assert.deepEqual(await server.counts(), [1, 1])
  const { id, access_token, refresh_token, ...rest } = reply.body
  assert.ok(Number.isSafeInteger(id) && access_token !== '' && refresh_token !== '')
  assert.deepEqual(rest, { expires_in: 3600, token_type: 'Bearer', scope: 'foo bar qux' })
  const answer = await fetch(server.resource, { headers: { authorization: `Bearer ${access_token}` } })
  assert.equal(((await answer.json()) as { userId: string }).userId, john.id)
  assert.equal((await server.tokens({ grant_type: 'authorization_code', code })).body.error, 'invalid_grant')
})

test('django-oauth2-server, authorization code: an expired code is worth nothing', async (t) => {
  const server = await startSeedServer(t)
  const callback = await decideOn(server, `/web/authorize/?response_type=code&${request}`, 'allow')
  const code = callback.searchParams.get('code') ?? ''
  server.clock.advance(600)
  const { status, body } = await server.tokens({ grant_type: 'authorization_code', code })
  assert.equal(status, 400)
  assert.equal(body.error, 'invalid_grant')
  assert.equal(body.error_description, 'Authorization code has expired')
  assert.deepEqual(await server.counts(), [0, 0])
})

test('django-oauth2-server, implicit: success, in the fragment and without a code or refresh token', async (t) => {
  const server = await startSeedServer(t)
  const { origin, search, hash } = await decideOn(server, `/web/authorize/?response_type=token&${request}`, 'allow')
  assert.equal(origin, 'https://www.example.com')
  assert.equal(search, '')
  const answer = Object.fromEntries(new URLSearchParams(hash.slice(1)))
  assert.equal(answer.expires_in, '3600')
  assert.equal(answer.token_type, 'Bearer')
  assert.equal(answer.state, 'somestate')
  assert.equal(answer.scope, 'foo bar qux')
  assert.equal(answer.refresh_token, undefined)
  assert.equal(issuedCodes(server), 0)
  assert.deepEqual(await server.counts(), [1, 0])
  const authorization = `Bearer ${answer.access_token}`
  assert.equal((await fetch(server.resource, { headers: { authorization } })).status, 200)
})

for (const [responseType, part] of [
  ['code', 'search'],
  ['token', 'hash'],
] as const) {
  test(`django-oauth2-server, Decline: response_type=${responseType} is denied, and nothing is issued`, async (t) => {
    const server = await startSeedServer(t)
    const url = await decideOn(server, `/web/authorize/?response_type=${responseType}&${request}`, 'deny')
    const answer = new URLSearchParams(url[part].slice(1))
    assert.equal(answer.get('error'), 'access_denied')
    assert.equal(answer.get('error_description'), 'The user denied access to your application')
    assert.equal(answer.get('state'), 'somestate')
    assert.equal(issuedCodes(server), 0)
    assert.deepEqual(await server.counts(), [0, 0])
  })
}
