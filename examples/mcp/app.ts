import {
  createMcpHandler,
  McpServer,
  OAuthError,
  OAuthErrorCode,
  requireBearerAuth,
} from '@modelcontextprotocol/server'
import { createProvider, type ProviderOptions, scryptHasher } from 'cardea'
import { fetchHandler } from 'cardea/fetch'
import { mcp, mcpTokenVerifier } from 'cardea/mcp'
import { memoryStore } from 'cardea/stores/memory'
import type { App } from '../fetch/app.ts'

async function seededStore() {
  const store = memoryStore()
  await store.scopes.save({ name: 'notes', description: 'Read your notes', is_default: true })
  await store.users.save({
    id: 'user-ada',
    username: 'ada',
    password_hash: await scryptHasher.hash('correct horse'),
    created_at: 0,
  })
  return store
}

/** A server of the MCP SDK with one tool, which knows whose notes it reads. */
function notesServer(): McpServer {
  const server = new McpServer({ name: 'notes', version: '1.0.0' })
  server.registerTool('read_notes', { description: 'Reads your notes' }, async ({ http }) => {
    const { clientId, extra } = http?.authInfo ?? { clientId: 'nobody' }
    return { content: [{ type: 'text', text: `notes of ${extra?.userId}, read by ${clientId}` }] }
  })
  return server
}

/** The authorization server and, at `/mcp`, the MCP server that takes its tokens. */
export async function createApp(origin: string, more: Partial<ProviderOptions> = {}): Promise<App> {
  const resource = `${origin}/mcp`
  const provider = createProvider({
    issuer: origin,
    store: await seededStore(),
    secrets: [crypto.randomUUID()],
    preset: mcp({ resources: [resource], registration: true }),
    ...more,
  })
  const authorizationServer = fetchHandler(provider)
  const handler = createMcpHandler(notesServer)
  const authenticated = requireBearerAuth({
    verifier: mcpTokenVerifier({
      provider,
      resource,
      invalidToken: (message) => new OAuthError(OAuthErrorCode.InvalidToken, message),
    }),
    requiredScopes: ['notes'],
    resourceMetadataUrl: `${origin}/.well-known/oauth-protected-resource/mcp`,
  })
  return async (request, info) => {
    const { pathname } = new URL(request.url)
    if (provider.handles(pathname)) return authorizationServer(request, info)
    if (pathname !== '/mcp') return Response.json({ error: 'not found' }, { status: 404 })
    const auth = await authenticated(request)
    return auth instanceof Response ? auth : handler.fetch(request, { authInfo: auth })
  }
}
