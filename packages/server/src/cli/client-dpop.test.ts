import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const env = { CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa', CARDEA_ISSUER: 'http://localhost:8000' }

test('RFC 9449 §5.2: a client that is registered for bound tokens gets none without proof from the running server', async () => {
  const cli = new InProcessWorld()
  const created = await cli.run('client create job --grant client_credentials --dpop --json', { env })
  const { client_secret, dpop_bound_access_tokens } = created.json<Record<string, string>>()
  assert.equal(dpop_bound_access_tokens, true)
  const server = await cli.serve('serve --port 0', { env: { ...env, CARDEA_DPOP_ENABLED: 'true' } })
  const ask = async () => {
    const headers = { authorization: `Basic ${btoa(`job:${client_secret}`)}` }
    const body = new URLSearchParams({ grant_type: 'client_credentials' })
    return (await (await fetch(`${server.url}/token`, { method: 'POST', body, headers })).json()) as object
  }
  try {
    const metadata = await fetch(`${server.url}/.well-known/oauth-authorization-server`)
    assert.ok(
      ((await metadata.json()) as Record<string, string[]>).dpop_signing_alg_values_supported?.includes('ES256'),
    )
    assert.deepEqual(await ask(), { error: 'invalid_dpop_proof', error_description: 'This client needs a DPoP proof' })
    assert.equal((await cli.run('client update job --no-dpop', { env })).code, 0)
    assert.equal('access_token' in (await ask()), true)
  } finally {
    server.signal('SIGTERM')
    await server.done
  }
})
