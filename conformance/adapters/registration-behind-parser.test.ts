import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { mount } from 'cardea/express'
import express from 'express'
import { startRegistering, webMetadata } from '../../packages/cardea/test-support/registering.ts'

test('RFC 7591 §3.1, RFC 7592 §2.2: clients register and update behind the body parsers of a host', async (t) => {
  const { provider } = await startRegistering()
  const app = express().use(express.json(), express.urlencoded({ extended: true }), mount(provider))
  const server = createServer(app).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await new Promise((listening) => server.once('listening', listening))
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const send = async (path: string, method: string, body: object, token?: string) => {
    const answer = await fetch(`http://127.0.0.1:${address.port}${path}`, {
      method,
      body: JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        'x-forwarded-proto': 'https',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    })
    return [answer.status, (await answer.json()) as Record<string, string>] as const
  }
  const [status, client] = await send('/register', 'POST', webMetadata)
  assert.equal(status, 201, JSON.stringify(client))
  const { client_id = '', registration_access_token: token = '', registration_client_uri = '' } = client
  const path = new URL(registration_client_uri).pathname
  const [updated, now] = await send(path, 'PUT', { ...webMetadata, client_id, client_name: 'Another' }, token)
  assert.deepEqual([updated, now.client_name], [200, 'Another'])
})
