import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { TestClient } from 'cardea/testing'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { startAuthorizationServer } from '../servers/authorization-server.ts'
import { john } from '../servers/resource-owner.ts'
import { decideOnDevice, deviceGrantType, television } from '../servers/television.ts'

const box: TestClient = { ...television, client_id: 'box', secret: 'secret of the box', grant_types: [deviceGrantType] }

const start = (t: TestContext) =>
  startAuthorizationServer(t, {
    // The clients wait by the clock of the machine.
    deviceGrant: { interval: 1 },
    clients: [television, box],
    users: [john],
  })

for (const [id, auth, refreshes] of [
  ['television', client.None(), true],
  ['box', client.ClientSecretBasic('secret of the box'), false],
] as const) {
  test(`RFC 8628: openid-client starts, polls and gets tokens as ${id}`, async (t) => {
    const server = await start(t)
    const config = await client.discovery(new URL(server.issuer), id, undefined, auth, {
      algorithm: 'oauth2',
      execute: [client.allowInsecureRequests],
    })
    const device = await client.initiateDeviceAuthorization(config, { scope: 'read' })
    await decideOnDevice(server, device.verification_uri, device.user_code, 'allow')
    const tokens = await client.pollDeviceAuthorizationGrant(config, device)
    assert.equal(tokens.scope, 'read')
    assert.equal(tokens.refresh_token !== undefined, refreshes)
    const answer = await client.fetchProtectedResource(config, tokens.access_token, new URL(server.resource), 'GET')
    assert.equal(((await answer.json()) as { userId: string }).userId, john.id)
  })
}

test('RFC 8628 §3.5: openid-client goes on after authorization_pending, and reads a denial', async (t) => {
  const server = await start(t)
  const config = await client.discovery(new URL(server.issuer), 'television', undefined, client.None(), {
    algorithm: 'oauth2',
    execute: [client.allowInsecureRequests],
  })
  const device = await client.initiateDeviceAuthorization(config, {})
  const waits = new Promise<void>((resolve) => {
    server.server.provider.on('request_refused', ({ code }) => {
      if (code === 'authorization_pending') resolve()
    })
  })
  const polling = client.pollDeviceAuthorizationGrant(config, device)
  const denied = assert.rejects(
    polling,
    (error: client.ResponseBodyError) => error.error === 'access_denied' && error.status === 400,
  )
  await waits
  server.clock.advance(device.interval ?? 5)
  await decideOnDevice(server, device.verification_uri_complete ?? '', device.user_code, 'deny')
  await denied
})

test('RFC 8628 §3.5: oauth4webapi reads pending, slow_down, the tokens, and that the code is used up', async (t) => {
  const server = await start(t)
  const insecure = { [oauth.allowInsecureRequests]: true }
  const issuer = new URL(server.issuer)
  const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
  const as = await oauth.processDiscoveryResponse(issuer, answer)
  const tv = { client_id: 'television' }
  const device = await oauth.processDeviceAuthorizationResponse(
    as,
    tv,
    await oauth.deviceAuthorizationRequest(as, tv, oauth.None(), { scope: 'read write' }, insecure),
  )
  const poll = async () =>
    oauth.processDeviceCodeResponse(
      as,
      tv,
      await oauth.deviceCodeGrantRequest(as, tv, oauth.None(), device.device_code, insecure),
    )
  const refusedWith = (code: string) => assert.rejects(poll(), (error: oauth.ResponseBodyError) => error.error === code)
  await refusedWith('authorization_pending')
  await refusedWith('slow_down')
  await decideOnDevice(server, device.verification_uri, device.user_code, 'allow')
  assert.equal((await poll()).scope, 'read write')
  await refusedWith('invalid_grant')
})
