import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client'
import {
  createMcpHandler,
  McpServer,
  OAuthError,
  OAuthErrorCode,
  requireBearerAuth,
} from '@modelcontextprotocol/server'
import { outgoing, protectedResource } from 'cardea'
import { mcpTokenVerifier } from 'cardea/mcp'
import { nodeBridge } from '../../../examples/fetch/node-bridge.ts'
import { KeptByClient } from '../../servers/kept-by-client.ts'
import { listen } from '../../servers/listen.ts'
import { apiClient } from '../../servers/shipped/api.ts'
import { startOnly } from '../../servers/shipped/everything.ts'
import { newPerson } from '../../servers/shipped/person.ts'

const notes = [{ name: 'notes', description: 'Read your notes', is_default: true }]
const redirectUri = 'http://localhost:4455/callback'
const ways = ['asks about tokens', 'checks JWTs by itself'] as const
const mcpServers = await Promise.all(ways.map(startMcpServer))

/** The configuration of docs/how-to/mcp.md, for two MCP servers. */
const { documents, issuer } = await startOnly(
  ({ documents }) => ({
    preset: 'mcp',
    resources: mcpServers.map(({ resource }, at) => ({
      identifier: resource,
      name: 'Notes',
      scopes: ['notes'],
      token_format: at === 0 ? 'opaque' : 'jwt',
    })),
    scopes: notes,
    registration: { mode: 'open' },
    outgoing: { allowHosts: [new URL(documents.origin).host], caFile: 'cert.pem' },
  }),
  { isTls: false },
)
for (const { protect } of mcpServers) protect(issuer)

/** An MCP server that knows nothing of the authorization server but its address, which it is told later. */
async function startMcpServer(way: (typeof ways)[number]) {
  let app: (request: Request) => Promise<Response>
  const listening = await listen((port) => nodeBridge((request) => app(request), `http://localhost:${port}`))
  after(() => listening.close())
  const resource = `http://localhost:${listening.port}/mcp`
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'notes', version: '1.0.0' })
    server.registerTool('read_notes', { description: 'Reads your notes' }, async ({ http }) => ({
      content: [{ type: 'text', text: `notes for ${http?.authInfo?.clientId}` }],
    }))
    return server
  })
  return {
    resource,
    protect(issuer: string) {
      const door = outgoing({ allowHosts: [new URL(issuer).host] })
      const { client_id: clientId, client_secret: clientSecret } = apiClient
      const remote =
        way === 'asks about tokens'
          ? { introspection: { issuer, clientId, clientSecret, outgoing: door } }
          : { jwt: { issuer, outgoing: door } }
      const invalidToken = (message: string) => new OAuthError(OAuthErrorCode.InvalidToken, message)
      const verifier = mcpTokenVerifier({ resource, ...remote, invalidToken })
      const about = { resource, authorizationServers: [issuer], scopes: ['notes'] }
      const { metadata, metadataUrl: resourceMetadataUrl } = protectedResource(about)
      const authenticated = requireBearerAuth({ verifier, requiredScopes: ['notes'], resourceMetadataUrl })
      app = async (request) => {
        if (request.url === resourceMetadataUrl) return Response.json(metadata)
        const auth = await authenticated(request)
        return auth instanceof Response ? auth : handler.fetch(request, { authInfo: auth })
      }
    },
  }
}

async function readNotes(resource: string, kept: KeptByClient): Promise<unknown> {
  const client = new Client({ name: 'terminal', version: '1.0.0' })
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(resource), { authProvider: kept }))
    return (await client.callTool({ name: 'read_notes', arguments: {} })).content
  } finally {
    await client.close()
  }
}

/** What the SDK does when it has no token: it finds the server, sends its user there, and redeems the code. */
async function signIn(resource: string, kept: KeptByClient): Promise<void> {
  await assert.rejects(readNotes(resource, kept), UnauthorizedError)
  assert.equal(kept.sentTo?.searchParams.get('resource'), resource)
  const sentBack = await newPerson(issuer).sentTo(kept.sentTo ?? '')
  const transport = new StreamableHTTPClientTransport(new URL(resource), { authProvider: kept })
  await transport.finishAuth(sentBack.searchParams)
}

for (const [at, { resource }] of mcpServers.entries()) {
  test(`MCP 2026-07-28: the SDK's client, known by its document, signs in at cardea serve for an MCP server that ${ways[at]}`, async () => {
    const client_id = `${documents.origin}/client-${at}.json`
    const said = { client_id, client_name: 'Notes in the terminal', redirect_uris: ['http://localhost/callback'] }
    documents.put(`client-${at}.json`, said)
    const kept = new KeptByClient(redirectUri, client_id)
    await signIn(resource, kept)
    assert.deepEqual(await readNotes(resource, kept), [{ type: 'text', text: `notes for ${client_id}` }])
    const other = mcpServers.find((one) => one.resource !== resource)?.resource ?? ''
    await assert.rejects(readNotes(other, kept))
  })

  test(`MCP 2026-07-28: the SDK's client registers itself at cardea serve for an MCP server that ${ways[at]}, and renews its token`, async () => {
    const kept = new KeptByClient(redirectUri)
    await signIn(resource, kept)
    const id = kept.information?.client_id
    assert.deepEqual(await readNotes(resource, kept), [{ type: 'text', text: `notes for ${id}` }])
    const before = kept.granted
    kept.granted = before && { ...before, access_token: 'lost' }
    assert.deepEqual(await readNotes(resource, kept), [{ type: 'text', text: `notes for ${id}` }])
    assert.notEqual(kept.granted?.refresh_token, before?.refresh_token)
  })
}
