import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DpopClient, dpopClient, machine, startDpop } from '../test-support/dpop-client.ts'
import { asked, shopSecret } from '../test-support/pushing.ts'
import type { TestServerOptions } from './testing/test-server.ts'

const mtls = 'https://mtls.auth.example'

const start = (mutualTls: TestServerOptions['mutualTls']) =>
  startDpop({ mutualTls: mutualTls ?? false, pushedRequests: true })

async function posted(path: string, origin: string, mutualTls: TestServerOptions['mutualTls']): Promise<number> {
  const server = await start(mutualTls)
  const holder: DpopClient = await dpopClient(server.clock)
  const headers = { dpop: holder.proof({ htu: origin + path }) }
  const form = path === '/par' ? asked : machine
  return (await server.post(path, form, { client: shopSecret, headers })).status
}

for (const [path, created] of [
  ['/token', 200],
  ['/par', 201],
] as const) {
  test(`RFC 8705 §5, RFC 9449 §4.3: a proof names ${path} at the issuer, or at the origin for certificates`, async () => {
    const other = { endpointOrigin: mtls }
    assert.equal(await posted(path, 'https://auth.example', other), created)
    assert.equal(await posted(path, mtls, other), created)
    assert.equal(await posted(path, mtls, true), 400, 'not where there is no such origin')
    assert.equal(await posted(path, 'https://evil.example', other), 400)
  })
}
