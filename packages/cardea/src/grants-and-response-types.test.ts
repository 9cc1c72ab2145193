import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientCredentials } from './index.ts'
import { startTestServer } from './testing/index.ts'

test('RFC 8414 §2: without the authorization code grant, no code is promised or issued', async () => {
  const grants = [clientCredentials()]
  const server = await startTestServer({ grants, clients: [{ client_id: 'app', secret: 's', pkce: ['none'] }] })
  const metadata = await (await server.agent().get('/.well-known/oauth-authorization-server')).json()
  assert.deepEqual((metadata as { response_types_supported: unknown }).response_types_supported, [])
  const answer = await server.agent().get('/authorize?response_type=code&client_id=app')
  assert.match(answer.headers.get('location') ?? '', /error=unsupported_response_type/)
  await assert.rejects(startTestServer({ grants, responseTypes: ['code'] }), /responseTypes: code needs/)
})
