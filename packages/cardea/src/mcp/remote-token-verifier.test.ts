import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startIssuer } from '../../test-support/remote-issuer.ts'
import { nodeHandler } from '../adapters/node.ts'
import { outgoing } from '../http/outgoing/outgoing.ts'
import { mcp } from '../presets/mcp.ts'
import { alice } from '../testing/authorization-visit.ts'
import { codeFor, pkcePair } from '../testing/code-flow.ts'
import { listenOnLoopback } from '../testing/loopback.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'
import { type McpTokenVerifier, mcpTokenVerifier } from './token-verifier.ts'

const resource = 'https://auth.example/mcp'
const other = 'https://api.example/mcp'
const redirect_uri = 'https://client.example/cb'

class Invalid extends Error {}
const invalidToken = (message: string): Error => new Invalid(message)
const door = outgoing({ allowHosts: ['127.0.0.1'] })

/** An authorization server in another process, as far as the MCP server can tell. */
async function start(t: TestContext, format: 'opaque' | 'jwt') {
  const server = await startTestServer({
    preset: mcp({
      resources: [resource, other].map((identifier) => ({ identifier, name: identifier, token_format: format })),
    }),
    users: [alice],
    dpop: true,
    clients: [
      { client_id: 'app', redirect_uris: [redirect_uri], grant_types: ['authorization_code'] },
      { client_id: 'api', secret: 'api secret', introspect_any: true },
    ],
  })
  const { origin, close } = await listenOnLoopback(nodeHandler(server.provider))
  t.after(close)
  return { server, origin }
}

const redeemed = async (server: TestServer, query: Record<string, string> = {}): Promise<string> => {
  const code = await codeFor(server, alice, { client_id: 'app', redirect_uri, ...query })
  const form = { grant_type: 'authorization_code', client_id: 'app', code, code_verifier: pkcePair.verifier }
  return (await (await server.post('/token', form)).json()).access_token
}

async function check({ verifyAccessToken }: McpTokenVerifier, server: TestServer): Promise<void> {
  const token = await redeemed(server, { resource })
  const { extra, ...info } = await verifyAccessToken(token)
  const expiresAt = server.clock.now() + 3600
  assert.deepEqual(info, { token, clientId: 'app', scopes: ['read'], expiresAt, resource: new URL(resource) })
  assert.equal(extra.userId, alice.id)
  await assert.rejects(verifyAccessToken(await redeemed(server, { resource: other })), Invalid)
  for (const made of ['made up', '', 'a b', `${token}x`, 'eyJ.eyJ.x', '\u0000'])
    await assert.rejects(verifyAccessToken(made), Invalid, JSON.stringify(made))
  server.clock.advance(3700)
  await assert.rejects(verifyAccessToken(token), Invalid)
}

test('RFC 7662, RFC 8707 §2: an MCP server elsewhere asks about each token, and takes those for itself only', async (t) => {
  for (const format of ['opaque', 'jwt'] as const) {
    const { origin, server } = await start(t, format)
    const introspection = {
      endpoint: `${origin}/introspect`,
      clientId: 'api',
      clientSecret: 'api secret',
      cacheSeconds: 0,
      outgoing: door,
      clock: server.clock,
    }
    await check(mcpTokenVerifier({ resource, invalidToken, introspection }), server)
  }
})

test('RFC 9068 §4, RFC 8707 §2: an MCP server elsewhere checks JWTs by itself, and takes those for itself only', async (t) => {
  const { origin, server } = await start(t, 'jwt')
  const jwt = {
    issuer: server.provider.issuer,
    jwksUri: `${origin}/jwks`,
    outgoing: door,
    clock: server.clock,
  }
  await check(mcpTokenVerifier({ resource, invalidToken, jwt }), server)
})

test('RFC 7009: a token that was revoked is refused at once where nothing is kept', async (t) => {
  const { origin, server } = await start(t, 'opaque')
  const introspection = {
    endpoint: `${origin}/introspect`,
    clientId: 'api',
    clientSecret: 'api secret',
    cacheSeconds: 0,
    outgoing: door,
    clock: server.clock,
  }
  const { verifyAccessToken } = mcpTokenVerifier({ resource, invalidToken, introspection })
  const token = await redeemed(server)
  await verifyAccessToken(token)
  await server.post('/revoke', { token, client_id: 'app' })
  await assert.rejects(verifyAccessToken(token), Invalid)
})

test('MCP Token Handling: what cannot be checked is a failure of the server, and no invalid token', async (t) => {
  const { server } = await start(t, 'opaque')
  const endpoint = 'http://127.0.0.1:9/introspect'
  const introspection = { endpoint, clientId: 'api', clientSecret: 'x', outgoing: door, clock: server.clock }
  const { verifyAccessToken } = mcpTokenVerifier({ resource, invalidToken, introspection })
  await assert.rejects(verifyAccessToken(await redeemed(server)), (error) => !(error instanceof Invalid))
})

test('RFC 9449 §7.2: a token that is bound to a key is refused, since the SDK hands over no proof', async (t) => {
  const remote = await startIssuer(t)
  const jwt = { issuer: remote.issuer, ...remote.remote }
  const { verifyAccessToken } = mcpTokenVerifier({ resource, invalidToken, jwt })
  assert.equal((await verifyAccessToken(remote.token({ aud: resource }))).clientId, 'app')
  for (const cnf of [{ jkt: 'x' }, { 'x5t#S256': 'x' }])
    await assert.rejects(verifyAccessToken(remote.token({ aud: resource, cnf })), Invalid)
  await assert.rejects(verifyAccessToken(remote.token({ aud: resource }, 'JWT')), Invalid)
  await assert.rejects(verifyAccessToken(remote.token({ aud: [other] })), Invalid)
  assert.ok(await verifyAccessToken(remote.token({ aud: [other, resource] })))
})
