import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mcp } from '../presets/mcp.ts'
import { alice } from '../testing/authorization-visit.ts'
import { codeFor, pkcePair } from '../testing/code-flow.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'
import { type McpTokenVerifierOptions, mcpTokenVerifier } from './token-verifier.ts'

const resource = 'https://auth.example/mcp'
const other = 'https://api.example/mcp'
const redirect_uri = 'https://client.example/cb'

class Invalid extends Error {}
const invalidToken = (message: string): Error => new Invalid(message)

const start = () =>
  startTestServer({
    preset: mcp({ resources: [resource, other] }),
    users: [alice],
    clients: [{ client_id: 'app', redirect_uris: [redirect_uri], grant_types: ['authorization_code'] }],
  })

async function tokenFor(server: TestServer, query: Record<string, string> = {}): Promise<string> {
  const code = await codeFor(server, alice, { client_id: 'app', redirect_uri, ...query })
  const form = { grant_type: 'authorization_code', client_id: 'app', code, code_verifier: pkcePair.verifier }
  return (await (await server.post('/token', form)).json()).access_token
}

const verifier = (more: Partial<McpTokenVerifierOptions>) => mcpTokenVerifier({ resource, invalidToken, ...more })

test('RFC 8707 §2: a token of the MCP server is told as the SDK wants it, where the request names it or nothing', async () => {
  const server = await start()
  const { verifyAccessToken } = verifier({ provider: server.provider })
  for (const query of [{ resource }, {}]) {
    const token = await tokenFor(server, query)
    const { extra, ...info } = await verifyAccessToken(token)
    assert.deepEqual(info, {
      token,
      clientId: 'app',
      scopes: ['read'],
      expiresAt: server.clock.now() + 3600,
      resource: new URL(resource),
    })
    assert.equal(extra.userId, alice.id)
  }
})

test('RFC 8707 §2: a token for another resource, a made-up and an expired one are refused by the error of the SDK', async () => {
  const server = await start()
  const { verifyAccessToken } = verifier({ provider: server.provider })
  await assert.rejects(verifyAccessToken(await tokenFor(server, { resource: other })), Invalid)
  await assert.rejects(verifyAccessToken('made up'), Invalid)
  const token = await tokenFor(server)
  server.clock.advance(3601)
  await assert.rejects(verifyAccessToken(token), Invalid)
})

test('mcpTokenVerifier: options that say too little or too much are refused at once', async () => {
  const { provider } = await start()
  const introspection = { issuer: 'https://a.example', clientId: 'x', clientSecret: 'y' } as never
  assert.throws(() => verifier({}), /one of provider, jwt and introspection/)
  assert.throws(() => verifier({ provider, introspection }), /one of provider, jwt and introspection/)
  assert.throws(() => verifier({ provider, resource: 'mcp' }), /resource must be/)
  assert.throws(() => verifier({ provider, invalidToken: undefined as never }), /invalidToken must/)
})
