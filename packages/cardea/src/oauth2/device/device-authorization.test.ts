import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askForDevice, deviceGrantType, newDevice, startDevices, television } from '../../testing/device-flow.ts'
import { clientFrom, startTestServer } from '../../testing/index.ts'

const errorOf = async (answer: Response): Promise<readonly [number, string]> => [
  answer.status,
  ((await answer.json()) as { error: string }).error,
]

test('RFC 8628 §3.2, A2-DEV-02: the answer has both codes, both addresses, 1800 seconds and an interval of 5', async () => {
  const server = await startDevices()
  const answer = await askForDevice(server, { scope: 'read' })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  const { device_code, user_code, ...rest } = (await answer.json()) as Record<string, unknown>
  assert.match(String(device_code), /^cdc_[\w-]{49}$/)
  assert.deepEqual(rest, {
    verification_uri: 'https://auth.example/device',
    verification_uri_complete: `https://auth.example/device?user_code=${user_code}`,
    expires_in: 1800,
    interval: 5,
  })
})

test('RFC 8628 §6.1, A2-DEV-03, T-DEV-1: codes are drawn from the letters of the RFC, in two groups of four', async () => {
  const server = await startDevices({ limits: { interaction: { attempts: 10_000, window: 600 } } })
  const codes = new Set<string>()
  for (let count = 0; count < 300; count += 1) codes.add((await newDevice(server)).user_code)
  assert.equal(codes.size, 300)
  for (const code of codes) assert.match(code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
  assert.equal(new Set([...codes].join('').replaceAll('-', '')).size, 20)
})

test('RFC 8628 §6.1, A2-DEV-03, T-DEV-1: codes of digits are in groups of three, twelve of them for more than 34 bits', async () => {
  const server = await startDevices({ deviceGrant: { userCode: 'digits', lifetime: 600, interval: 10 } })
  const { expires_in, interval, user_code } = await newDevice(server)
  assert.match(user_code, /^\d{3}-\d{3}-\d{3}-\d{3}$/)
  assert.deepEqual([expires_in, interval], [600, 10])
})

test('RFC 8628 §3.1, A2-DEV-01: the client must authenticate as it is registered, and name itself', async () => {
  const box = { ...television, client_id: 'box', secret: 'box secret' }
  const server = await startDevices({ clients: [television, box] })
  assert.deepEqual(await errorOf(await server.post('/device_authorization', {})), [401, 'invalid_client'])
  assert.deepEqual(await errorOf(await askForDevice(server, { client_id: 'box' })), [401, 'invalid_client'])
  assert.deepEqual(await errorOf(await askForDevice(server, { client_id: 'nobody' })), [401, 'invalid_client'])
  const wrong = await server.post('/device_authorization', {}, { client: ['box', 'wrong'] })
  assert.deepEqual(await errorOf(wrong), [401, 'invalid_client'])
  assert.equal((await server.post('/device_authorization', {}, { client: ['box', 'box secret'] })).status, 200)
})

test('RFC 8628 §3.1, A2-DEV-04: the code belongs to the client that authenticated, where the body names none', async () => {
  const box = { ...television, client_id: 'box', secret: 'box secret' }
  const server = await startDevices({ clients: [television, box] })
  const answer = await server.post('/device_authorization', {}, { client: ['box', 'box secret'] })
  const { device_code } = (await answer.json()) as { device_code: string }
  const form = { grant_type: deviceGrantType, device_code }
  const ours = await server.post('/token', form, { client: ['box', 'box secret'] })
  assert.deepEqual(await errorOf(ours), [400, 'authorization_pending'])
  assert.deepEqual(await errorOf(await server.post('/token', { ...form, client_id: 'tv' })), [400, 'invalid_grant'])
})

test('RFC 8628 §3.1: no parameter comes twice, one without a value was not sent, and an unknown one is ignored', async () => {
  const server = await startDevices()
  const twice = await server.post('/device_authorization', 'client_id=tv&scope=read&scope=read')
  assert.deepEqual(await errorOf(twice), [400, 'invalid_request'])
  const form = { grant_type: deviceGrantType, client_id: 'tv', device_code: '' }
  const empty = await server.post('/token', form)
  assert.deepEqual(await errorOf(empty), [400, 'invalid_request'])
  assert.equal((await server.post('/device_authorization', 'client_id=tv&scope=&other=1')).status, 200)
})

test('RFC 8628 §3.1, A2-DEV-05: a client without the grant is refused before anything is kept', async () => {
  const server = await startDevices({ clients: [television, { client_id: 'web' }] })
  assert.deepEqual(await errorOf(await askForDevice(server, { client_id: 'web' })), [400, 'unauthorized_client'])
  assert.equal(server.events.filter(({ type }) => type === 'device_requested').length, 0)
})

test('RFC 8628 §3.1, A2-DEV-01: scope is checked as at the authorization endpoint', async () => {
  const server = await startDevices({ clients: [{ ...television, scope: 'read' }] })
  assert.deepEqual(await errorOf(await askForDevice(server, { scope: 'read unknown' })), [400, 'invalid_scope'])
  assert.deepEqual(await errorOf(await askForDevice(server, { scope: 'write' })), [400, 'invalid_scope'])
  await newDevice(server, { scope: 'read write' })
  assert.deepEqual(server.events.at(-1), { type: 'device_requested', clientId: 'tv', scope: ['read'] })
})

test('RFC 8707 §2, RFC 8628 §3.1: resources are asked for as at the authorization endpoint', async () => {
  const server = await startDevices({ resources: [{ identifier: 'https://api.example', name: 'API' }] })
  const unknown = await askForDevice(server, { resource: 'https://other.example' })
  assert.deepEqual(await errorOf(unknown), [400, 'invalid_target'])
  assert.equal((await askForDevice(server, { resource: 'https://api.example' })).status, 200)
})

test('RFC 8628 §4: metadata names the endpoint and the grant where it is on, and there is neither where it is off', async () => {
  const metadata = async (server: Awaited<ReturnType<typeof startDevices>>) =>
    (await (await server.send(new Request('https://auth.example/.well-known/oauth-authorization-server'))).json()) as {
      device_authorization_endpoint?: string
      grant_types_supported: string[]
    }
  const on = await metadata(await startDevices())
  assert.equal(on.device_authorization_endpoint, 'https://auth.example/device_authorization')
  assert.ok(on.grant_types_supported.includes(deviceGrantType))
  const server = await startTestServer({ clients: [television] })
  const off = await metadata(server)
  assert.equal(off.device_authorization_endpoint, undefined)
  assert.ok(!off.grant_types_supported.includes(deviceGrantType))
  assert.equal((await askForDevice(server)).status, 404)
  assert.equal((await server.agent().get('/device')).status, 404)
})

test('RFC 8628 §5.1: requests in the name of a public client are limited by network', async () => {
  const server = await startDevices({ limits: { interaction: { attempts: 3, window: 600 } } })
  for (let count = 0; count < 3; count += 1) await newDevice(server)
  const refused = await askForDevice(server)
  assert.equal(refused.status, 429)
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
})

test('RFC 8628 §3.1: an issuer with a path has its pages and addresses below it', async () => {
  const server = await startDevices({ issuer: 'https://auth.example/tenant' })
  const answer = await server.post('/tenant/device_authorization', { client_id: 'tv' })
  const { verification_uri } = (await answer.json()) as { verification_uri: string }
  assert.equal(verification_uri, 'https://auth.example/tenant/device')
  assert.equal((await server.agent().get('/tenant/device')).status, 200)
})

test('RFC 8628 §3.1: a client that was disabled gets no codes', async () => {
  const server = await startDevices()
  await server.store.clients.save(await clientFrom({ ...television, disabled: true }))
  assert.deepEqual(await errorOf(await askForDevice(server)), [401, 'invalid_client'])
})

for (const [deviceGrant, message] of [
  [{ lifetime: 3600 }, /deviceGrant\.lifetime: must be whole seconds from 60 to 1800, got 3600/],
  [{ interval: 0 }, /deviceGrant\.interval: must be whole seconds from 1 to 60, got 0/],
  [{ userCode: 'words' }, /deviceGrant\.userCode: must be one of letters, digits, got "words"/],
  [{ usercode: 'digits' }, /deviceGrant: there is no "usercode"; valid are userCode, lifetime, interval/],
] as const) {
  test(`RFC 8628 §6.1: options are checked: ${JSON.stringify(deviceGrant)}`, async () => {
    await assert.rejects(startDevices({ deviceGrant: deviceGrant as object }), message)
  })
}
