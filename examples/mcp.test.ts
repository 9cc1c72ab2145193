import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startExample } from './started-example.ts'

test('example mcp: without a token, the MCP server leads to its metadata, and these to the authorization server', async () => {
  const { origin, stop } = await startExample('mcp/server.ts')
  try {
    const refused = await fetch(`${origin}/mcp`, { method: 'POST', body: '{}' })
    assert.equal(refused.status, 401)
    const [, address = ''] = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '') ?? []
    const described = (await (await fetch(address)).json()) as Record<string, unknown>
    assert.deepEqual([described.resource, described.authorization_servers], [`${origin}/mcp`, [origin]])
    const metadata = await (await fetch(`${origin}/.well-known/oauth-authorization-server`)).json()
    assert.equal((metadata as Record<string, unknown>).client_id_metadata_document_supported, true)
  } finally {
    assert.equal(await stop(), 0)
  }
})
