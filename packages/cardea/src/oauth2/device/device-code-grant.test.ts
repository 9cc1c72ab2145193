import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alice, bob, decline } from '../../testing/authorization-visit.ts'
import {
  approveDevice,
  deviceGrantType,
  newDevice,
  poll,
  startDevices,
  television,
  visitDeviceConsent,
} from '../../testing/device-flow.ts'
import { clientFrom, type TestServer } from '../../testing/index.ts'

test('RFC 8628 §3.5: pending until the person allows, then tokens of that person with the scope they left', async () => {
  const api = { client_id: 'api', secret: 'api secret', introspect_any: true }
  const server = await startDevices({ clients: [television, api] })
  const { device_code, user_code } = await newDevice(server, { scope: 'read write' })
  const pending = await poll(server, device_code)
  assert.deepEqual([pending.status, pending.error], [400, 'authorization_pending'])
  assert.equal((await approveDevice(server, user_code, ['read'])).status, 200)
  const { access_token = '', refresh_token, scope, status } = await poll(server, device_code)
  assert.deepEqual([status, scope, typeof refresh_token], [200, 'read', 'string'])
  const asked = await server.post('/introspect', { token: access_token }, { client: ['api', 'api secret'] })
  const { active, client_id, sub } = (await asked.json()) as Record<string, unknown>
  assert.deepEqual([active, client_id, sub], [true, 'tv', alice.id])
  const issued = server.events.find(({ type }) => type === 'token_issued')
  assert.ok(issued?.type === 'token_issued')
  assert.deepEqual([issued.grantType, issued.userId], [deviceGrantType, alice.id])
})

test('RFC 8628 §3.5, A2-DEV-09: every poll within the interval makes it five seconds longer', async () => {
  const server = await startDevices()
  const { device_code } = await newDevice(server)
  const after = async (seconds: number) => {
    server.clock.advance(seconds)
    return (await poll(server, device_code)).error
  }
  assert.deepEqual(
    [await after(0), await after(5), await after(4), await after(9), await after(15), await after(14)],
    ['authorization_pending', 'authorization_pending', 'slow_down', 'slow_down', 'authorization_pending', 'slow_down'],
  )
})

test('RFC 8628 §3.5, A2-DEV-06: access_denied after Decline, with the status of a token error', async () => {
  const server = await startDevices()
  const { device_code, user_code } = await newDevice(server)
  assert.equal((await decline(await visitDeviceConsent(server, user_code))).status, 200)
  const { error, status } = await poll(server, device_code)
  assert.deepEqual([status, error], [400, 'access_denied'])
  assert.ok(server.events.some(({ type }) => type === 'device_denied'))
})

test('RFC 8628 §3.5, A2-DEV-06: expired_token after its lifetime, allowed or not', async () => {
  const server = await startDevices()
  const [left, allowed] = [await newDevice(server), await newDevice(server)]
  await approveDevice(server, allowed.user_code)
  server.clock.advance(1800)
  assert.equal((await poll(server, left.device_code)).error, 'expired_token')
  assert.equal((await poll(server, allowed.device_code)).error, 'expired_token')
})

test('RFC 8628 §3.5, A2-DEV-06: expired_token also once the sweep has been there, for an hour', async () => {
  const server = await startDevices()
  const { device_code, user_code } = await newDevice(server)
  await approveDevice(server, user_code)
  const after = async (seconds: number) => {
    server.clock.advance(seconds)
    await server.store.housekeeping.sweep(server.clock.now(), 1000)
    return (await poll(server, device_code)).error
  }
  assert.deepEqual(
    [await after(1801), await after(3599), await after(1)],
    ['expired_token', 'expired_token', 'invalid_grant'],
  )
})

test('RFC 8628 §3.4, A2-DEV-06: the client authenticates before anything is said of the code', async () => {
  const box = { ...television, client_id: 'box', secret: 'box secret' }
  const server = await startDevices({ clients: [television, box, { client_id: 'web' }] })
  const { device_code } = await newDevice(server)
  const form = { grant_type: deviceGrantType, device_code }
  const errorOf = async (answer: Response) => ((await answer.json()) as { error: string }).error
  assert.equal(await errorOf(await server.post('/token', form)), 'invalid_client')
  assert.equal(await errorOf(await server.post('/token', form, { client: ['box', 'wrong'] })), 'invalid_client')
  assert.equal(await errorOf(await server.post('/token', { ...form, client_id: 'web' })), 'unauthorized_client')
  const missing = await server.post('/token', { grant_type: deviceGrantType, client_id: 'tv' })
  assert.equal(await errorOf(missing), 'invalid_request')
})

test('RFC 8628 §3.5, A2-DEV-07, T-DEV-2: unknown, malformed and foreign codes are invalid_grant in the same words', async () => {
  const server = await startDevices({ clients: [television, { ...television, client_id: 'radio' }] })
  const { device_code } = await newDevice(server)
  const form = { grant_type: deviceGrantType, client_id: 'radio' }
  const foreign = await (await server.post('/token', { ...form, device_code })).text()
  const malformed = await (await server.post('/token', { ...form, device_code: 'x' })).text()
  assert.equal(foreign, malformed)
  assert.equal(JSON.parse(foreign).error, 'invalid_grant')
})

test('RFC 8628 §3.5, A2-DEV-08, T-DEV-2: a device code buys tokens once', async () => {
  const server = await startDevices()
  const { device_code, user_code } = await newDevice(server)
  await approveDevice(server, user_code)
  assert.equal((await poll(server, device_code)).status, 200)
  assert.equal((await poll(server, device_code)).error, 'invalid_grant')
  server.clock.advance(1800)
  assert.equal((await poll(server, device_code)).error, 'invalid_grant')
})

test('RFC 8628 §3.5, A2-DEV-11: a refresh token goes to clients that may refresh, and works', async () => {
  const once = { ...television, client_id: 'tv', grant_types: [deviceGrantType] }
  const without = await startDevices({ clients: [once] })
  const first = await newDevice(without)
  await approveDevice(without, first.user_code)
  assert.equal((await poll(without, first.device_code)).refresh_token, undefined)
  const server = await startDevices()
  const second = await newDevice(server)
  await approveDevice(server, second.user_code)
  const { refresh_token = '' } = await poll(server, second.device_code)
  const refreshed = await server.post('/token', { grant_type: 'refresh_token', refresh_token, client_id: 'tv' })
  assert.equal(refreshed.status, 200)
})

test('RFC 8628 §3.5, T-DEV-4: the tokens belong to whoever allowed', async () => {
  const server = await startDevices({ users: [alice, bob] })
  const { device_code, user_code } = await newDevice(server)
  await approveDevice(server, user_code)
  await poll(server, device_code)
  const [authorization] = await server.store.authorizations.list({}, { limit: 10 })
  assert.deepEqual([authorization?.userId, authorization?.clientId], [alice.id, 'tv'])
})

async function disableAlice(server: TestServer): Promise<void> {
  const user = await server.store.users.find(alice.id)
  assert.ok(user)
  await server.store.users.save({ ...user, disabled: true })
}

for (const [name, end] of [
  ['the user was deleted', (server) => server.store.users.delete(alice.id)],
  ['the user was disabled', disableAlice],
  ['the user was revoked', (server) => server.store.authorizations.revokeByUser(alice.id, server.clock.now())],
] as readonly (readonly [string, (server: TestServer) => Promise<unknown>])[]) {
  test(`RFC 8628 §3.5: nothing is issued where ${name} after the approval`, async () => {
    const server = await startDevices()
    const { device_code, user_code } = await newDevice(server)
    await approveDevice(server, user_code)
    await end(server)
    assert.equal((await poll(server, device_code)).error, 'invalid_grant')
    assert.equal(server.events.filter(({ type }) => type === 'token_issued').length, 0)
  })
}

test('RFC 8628 §3.5: nothing is issued to a client that was disabled after the approval, nor when it comes back', async () => {
  const server = await startDevices()
  const { device_code, user_code } = await newDevice(server)
  await approveDevice(server, user_code)
  await server.store.clients.save(await clientFrom({ ...television, disabled: true }))
  assert.equal((await poll(server, device_code)).error, 'invalid_client')
  await server.store.clients.save(await clientFrom(television))
  assert.equal((await poll(server, device_code)).error, 'invalid_grant')
})

test('RFC 6749 §3.3, RFC 8628 §3.5: scope that was taken from the client after the approval is not in the token', async () => {
  const server = await startDevices()
  const { device_code, user_code } = await newDevice(server, { scope: 'read write' })
  await approveDevice(server, user_code, ['read', 'write'])
  await server.store.clients.save(await clientFrom({ ...television, scope: 'read' }))
  assert.equal((await poll(server, device_code)).scope, 'read')
})

test('RFC 8628 §3.5, A2-DEV-11: the hooks of every grant and endpoint are called for this one', async () => {
  const called: string[] = []
  const note = (name: string) => ({
    grantType: deviceGrantType,
    hook: () => {
      called.push(name)
    },
  })
  const server = await startDevices({
    hooks: {
      beforeValidateTokenRequest: note('before validate'),
      afterValidateTokenRequest: note('after validate'),
      beforeIssueToken: { grantType: deviceGrantType, hook: () => ({ lifetime: 60, members: { shelf: 3 } }) },
      afterCreateTokenResponse: note('after create'),
      beforeEndpointResponse: ({ endpoint, client }) => {
        called.push(`${endpoint} ${client?.client_id ?? '-'}`)
      },
    },
  })
  const { device_code, user_code } = await newDevice(server)
  await approveDevice(server, user_code)
  called.splice(0, called.length, ...called.filter((name) => name.startsWith('device')))
  const answer = (await poll(server, device_code)) as object
  assert.ok('expires_in' in answer && 'shelf' in answer)
  assert.deepEqual([answer.expires_in, answer.shelf], [60, 3])
  assert.deepEqual(called, [
    'device-authorization tv',
    'device -',
    'device -',
    'token -',
    'before validate',
    'after validate',
    'after create',
  ])
})

test('RFC 8707 §2, RFC 8628 §3.4: resources asked for at first are those of the tokens', async () => {
  const server = await startDevices({ resources: [{ identifier: 'https://api.example', name: 'API' }] })
  const { device_code, user_code } = await newDevice(server, { resource: 'https://api.example' })
  await approveDevice(server, user_code)
  assert.equal((await poll(server, device_code)).status, 200)
  const [authorization] = await server.store.authorizations.list({}, { limit: 10 })
  assert.deepEqual(authorization?.facts?.resources, ['https://api.example'])
  assert.ok(!JSON.stringify(authorization).includes('203.0.113')) // where it was asked from stays with the request
})
