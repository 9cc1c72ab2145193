import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client'
import {
  createMcpHandler,
  McpServer,
  OAuthError,
  OAuthErrorCode,
  requireBearerAuth,
} from '@modelcontextprotocol/server'
import { createProvider, outgoing, type ProviderOptions, protectedResource, scryptHasher } from 'cardea'
import { type McpTokenVerifierOptions, mcp, mcpTokenVerifier } from 'cardea/mcp'
import { nodeHandler } from 'cardea/node'
import { memoryStore } from 'cardea/stores/memory'
import { formsOf, UserAgent } from 'cardea/testing'
import { nodeBridge } from '../../examples/fetch/node-bridge.ts'
import { KeptByClient } from '../servers/kept-by-client.ts'
import { listen } from '../servers/listen.ts'

const redirectUrl = 'http://localhost:4455/callback'
const ada = { username: 'ada', password: 'correct horse' }

type Remote = Pick<McpTokenVerifierOptions, 'introspection' | 'jwt'>

/** An MCP server that knows nothing of the authorization server but its address. */
async function startMcpServer(
  t: TestContext,
  issuerOf: (resource: string) => Promise<{ issuer: string; remote: Remote }>,
) {
  const listening = await listen(async (port) => {
    const resource = `http://localhost:${port}/mcp`
    const { issuer, remote } = await issuerOf(resource)
    const verifier = mcpTokenVerifier({
      resource,
      ...remote,
      invalidToken: (message) => new OAuthError(OAuthErrorCode.InvalidToken, message),
    })
    const { metadata, metadataUrl } = protectedResource({ resource, authorizationServers: [issuer], scopes: ['notes'] })
    const authenticated = requireBearerAuth({ verifier, requiredScopes: ['notes'], resourceMetadataUrl: metadataUrl })
    const handler = createMcpHandler(() => {
      const server = new McpServer({ name: 'notes', version: '1.0.0' })
      server.registerTool('read_notes', { description: 'Reads your notes' }, async ({ http }) => ({
        content: [{ type: 'text', text: `notes of ${http?.authInfo?.extra?.userId}` }],
      }))
      return server
    })
    return nodeBridge(async (request) => {
      if (new URL(request.url).pathname === new URL(metadataUrl).pathname) return Response.json(metadata)
      const auth = await authenticated(request)
      return auth instanceof Response ? auth : handler.fetch(request, { authInfo: auth })
    }, `http://localhost:${port}`)
  })
  t.after(() => listening.close())
  return `http://localhost:${listening.port}/mcp`
}

async function startIssuer(t: TestContext, resource: string, options: Partial<ProviderOptions>) {
  const store = memoryStore()
  await store.scopes.save({ name: 'notes', description: 'Read your notes', is_default: true })
  const password_hash = await scryptHasher.hash(ada.password)
  await store.users.save({ id: 'user-ada', username: ada.username, password_hash, created_at: 0 })
  await store.clients.save({
    client_id: 'notes-server',
    client_name: 'The MCP server',
    client_secret_hash: await scryptHasher.hash('a secret'),
    client_id_issued_at: 0,
    application_type: 'web',
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    introspect_any: true,
  })
  const listening = await listen(async (port) => {
    const secrets = [crypto.randomUUID()]
    const preset = mcp({ resources: [resource], registration: true })
    return nodeHandler(createProvider({ issuer: `http://localhost:${port}`, store, secrets, preset, ...options }))
  })
  t.after(() => listening.close())
  return `http://localhost:${listening.port}`
}

/** Ada signs in and allows it, in a browser without script. */
async function allow(url: URL): Promise<URL> {
  const browser = new UserAgent((request) => fetch(request, { redirect: 'manual' }), url.origin)
  const signIn = await browser.follow(await browser.get(url.pathname + url.search))
  const consent = await browser.follow(await browser.submit(signIn, { ...ada, action: 'sign_in' }))
  const form = formsOf(await consent.text()).at(-1)
  const answer = await browser.post(form?.action ?? '', [...(form?.fields ?? []), ['decision', 'allow']])
  return new URL(answer.headers.get('location') ?? '')
}

const door = outgoing({ allowHosts: ['localhost'] })
const ways: Readonly<Record<string, (issuer: string) => Remote>> = {
  'asks about tokens': (issuer) => ({
    introspection: { issuer, clientId: 'notes-server', clientSecret: 'a secret', outgoing: door },
  }),
  'checks JWTs by itself': (issuer) => ({ jwt: { issuer, outgoing: door } }),
}

for (const [way, remoteOf] of Object.entries(ways)) {
  test(`MCP 2026-07-28: the SDK's client signs in to an MCP server elsewhere that ${way}`, async (t) => {
    const accessTokenFormat = way === 'asks about tokens' ? 'opaque' : 'jwt'
    const resource = await startMcpServer(t, async (address) => {
      const issuer = await startIssuer(t, address, { accessTokenFormat })
      return { issuer, remote: remoteOf(issuer) }
    })
    const kept = new KeptByClient(redirectUrl)
    const connect = async () => {
      const transport = new StreamableHTTPClientTransport(new URL(resource), { authProvider: kept })
      const client = new Client({ name: 'terminal', version: '1.0.0' })
      t.after(() => client.close())
      return { client, transport, connected: client.connect(transport) }
    }
    const first = await connect()
    await assert.rejects(first.connected, UnauthorizedError)
    assert.equal(kept.sentTo?.searchParams.get('resource'), resource)
    await first.transport.finishAuth((await allow(kept.sentTo as URL)).searchParams)
    const { client, connected } = await connect()
    await connected
    const { content } = await client.callTool({ name: 'read_notes', arguments: {} })
    assert.deepEqual(content, [{ type: 'text', text: 'notes of user-ada' }])
    assert.equal(kept.granted?.access_token.startsWith('eyJ'), accessTokenFormat === 'jwt')
  })
}
