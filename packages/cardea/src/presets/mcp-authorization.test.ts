import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchProtector } from '../adapters/fetch.ts'
import { mcpTokenVerifier } from '../mcp/token-verifier.ts'
import { alice, requestPath, visitConsent } from '../testing/authorization-visit.ts'
import { authorize, codeFor, pkcePair } from '../testing/code-flow.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../testing/test-server.ts'
import { mcp } from './mcp.ts'

const resource = 'https://auth.example/mcp'
const other = 'https://api.example/mcp'
const redirect_uri = 'https://client.example/cb'

const start = (options: TestServerOptions = {}) =>
  startTestServer({
    preset: mcp({ resources: [resource, other], registration: true }),
    users: [alice],
    clients: [{ client_id: 'app', grant_types: ['authorization_code', 'refresh_token'] }],
    ...options,
  })

const form = (code: string, more: Record<string, string> = {}) => ({
  grant_type: 'authorization_code',
  client_id: 'app',
  code,
  redirect_uri,
  code_verifier: pkcePair.verifier,
  ...more,
})

const tokensOf = async (server: TestServer, query: Record<string, string> = {}, more: Record<string, string> = {}) => {
  const code = await codeFor(server, alice, { client_id: 'app', redirect_uri, ...query })
  const answer = await server.post('/token', form(code, more))
  return (await answer.json()) as { access_token: string; refresh_token: string; error?: string }
}

const verifierOf = ({ provider }: TestServer, of = resource) =>
  mcpTokenVerifier({ provider, resource: of, invalidToken: (message) => new Error(message) })

function ask({ provider }: TestServer, init: RequestInit = {}, query = '') {
  const guarded = fetchProtector(provider).requireOAuth('write', () => Response.json({ in: true }))
  return guarded(new Request(`${resource}${query}`, init))
}

test('MCP Overview 1: OAuth 2.1 for both kinds of clients: S256 or nothing, whatever they are registered for', async () => {
  const pkce = ['none', 'plain'] as const
  for (const secret of [undefined, 'a secret'])
    for (const query of [
      { code_challenge: undefined, code_challenge_method: undefined },
      { code_challenge_method: 'plain' },
    ]) {
      const client = { client_id: 'app', pkce, ...(secret !== undefined && { secret }) }
      const server = await start({ clients: [client] })
      const answer = await server.agent().get(requestPath(query))
      assert.match(answer.headers.get('location') ?? '', /error=invalid_request/)
    }
})

test('MCP Discovery: the metadata of the MCP server name its authorization server, and challenges lead there', async () => {
  const server = await start()
  const refused = await ask(server)
  assert.equal(refused.status, 401)
  const [, address = ''] = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '') ?? []
  assert.equal(address, 'https://auth.example/.well-known/oauth-protected-resource/mcp')
  const said = await (await server.agent().get(new URL(address).pathname)).json()
  assert.deepEqual([said.resource, said.authorization_servers], [resource, ['https://auth.example']])
})

test('MCP Scope Selection: the challenge of 401 and 403 says the scope that is needed', async () => {
  const server = await start()
  assert.match((await ask(server)).headers.get('www-authenticate') ?? '', /scope="write"/)
  const { access_token } = await tokensOf(server, { resource, scope: 'read' })
  const beyond = await ask(server, { headers: { authorization: `Bearer ${access_token}` } })
  assert.equal(beyond.status, 403)
  const challenge = beyond.headers.get('www-authenticate') ?? ''
  for (const part of ['error="insufficient_scope"', 'scope="write"', 'resource_metadata='])
    assert.ok(challenge.includes(part), `${part} in ${challenge}`)
})

test('MCP Response Validation, A2-ISS-01: iss comes with codes and with errors, and the metadata say so', async () => {
  const server = await start()
  const sent = await authorize(server, alice, {
    client_id: 'app',
    redirect_uri,
    response_type: 'code',
    code_challenge: pkcePair.challenge,
    code_challenge_method: 'S256',
  })
  assert.equal(sent.searchParams.get('iss'), 'https://auth.example')
  const refused = await server.agent().get(requestPath({ code_challenge_method: 'plain' }))
  assert.equal(new URL(refused.headers.get('location') ?? '').searchParams.get('iss'), 'https://auth.example')
})

test('MCP Resource Parameter, ASK-22: a token is for the server that request and token request name, in any spelling of its host', async () => {
  const server = await start()
  for (const named of [resource, 'HTTPS://AUTH.EXAMPLE/mcp', 'https://auth.example:443/mcp']) {
    const { access_token } = await tokensOf(server, { resource: named }, { resource: named })
    assert.equal((await verifierOf(server).verifyAccessToken(access_token)).clientId, 'app', named)
    await assert.rejects(verifierOf(server, other).verifyAccessToken(access_token))
  }
  const { error } = await tokensOf(server, { resource }, { resource: other })
  assert.equal(error, 'invalid_target')
})

test('MCP Resource Parameter: an address that is none, or of no server here, is invalid_target', async () => {
  const server = await start()
  for (const named of ['mcp.example.com', `${resource}#x`, 'https://evil.example/mcp', `${resource}/`]) {
    const answer = await server.agent().get(requestPath({ resource: named }))
    const location = answer.headers.get('location') ?? ''
    assert.match(location, /error=invalid_target/, named)
  }
})

test('MCP Token Requirements: a token in the query or in a form is none', async () => {
  const server = await start()
  const { access_token } = await tokensOf(server, { resource, scope: 'write' })
  assert.equal((await ask(server, { headers: { authorization: `Bearer ${access_token}` } })).status, 200)
  assert.equal((await ask(server, {}, `?access_token=${access_token}`)).status, 401)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  assert.equal((await ask(server, { method: 'POST', headers, body: `access_token=${access_token}` })).status, 401)
})

test('MCP Token Theft: refresh tokens of public clients are replaced, and a used one ends all', async () => {
  const server = await start()
  const { refresh_token } = await tokensOf(server, { resource })
  const refresh = (token: string) =>
    server.post('/token', { grant_type: 'refresh_token', client_id: 'app', refresh_token: token })
  const second = await (await refresh(refresh_token)).json()
  assert.notEqual(second.refresh_token, refresh_token)
  await verifierOf(server).verifyAccessToken(second.access_token)
  server.clock.advance(60)
  assert.equal((await (await refresh(refresh_token)).json()).error, 'invalid_grant')
  assert.equal((await (await refresh(second.refresh_token)).json()).error, 'invalid_grant')
  await assert.rejects(verifierOf(server).verifyAccessToken(second.access_token))
})

test('MCP Communication Security 2: redirect URIs are https or loopback; all others are refused at registration', async () => {
  const server = await start()
  const register = async (uri: string) => {
    const body = JSON.stringify({ redirect_uris: [uri], token_endpoint_auth_method: 'none' })
    const headers = { 'content-type': 'application/json' }
    return (await server.send(new Request('https://auth.example/register', { method: 'POST', headers, body }))).status
  }
  for (const uri of [
    'http://evil.example/cb',
    'javascript:alert(1)',
    'http://localhost.evil.example/cb',
    'http://10.0.0.1/cb',
  ])
    assert.equal(await register(uri), 400, uri)
  for (const uri of ['https://app.example/cb', 'http://localhost:3000/cb', 'http://127.0.0.1/cb', 'http://[::1]:1/cb'])
    assert.equal(await register(uri), 201, uri)
})

test('MCP Open Redirection: a redirect URI that is not the registered one is shown as an error, never followed', async () => {
  const server = await start()
  for (const uri of [
    'https://client.example/cb2',
    'https://client.example/cb?x=1',
    'https://client.example.evil.example/cb',
  ]) {
    const answer = await server.agent().get(requestPath({ redirect_uri: uri }))
    assert.deepEqual([answer.status, answer.headers.has('location')], [400, false], uri)
  }
})

test('MCP Localhost Redirect URI Risks: the consent page shows where people are sent', async () => {
  const { text } = await visitConsent(await start(), alice)
  assert.ok(text.includes('client.example'))
})

test('MCP Registration: what the host says of it is added to what MCP clients need', async () => {
  const registration = { mode: 'initial-access-token' } as const
  const server = await startTestServer({ preset: mcp({ resources: [resource] }), registration })
  const said = await (await server.agent().get('/.well-known/oauth-authorization-server')).json()
  assert.equal(said.registration_endpoint, 'https://auth.example/register')
  assert.deepEqual(mcp({ resources: [resource] }).complete({ registration } as never).registration, {
    mode: 'initial-access-token',
    inferApplicationType: true,
    localhostAnyPort: true,
  })
  const off = await startTestServer({ preset: mcp({ resources: [resource], registration: true }), registration: false })
  const saidThen = await (await off.agent().get('/.well-known/oauth-authorization-server')).json()
  assert.equal(saidThen.registration_endpoint, undefined)
})
