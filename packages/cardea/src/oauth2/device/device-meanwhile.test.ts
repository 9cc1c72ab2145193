import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../core/ports/store.ts'
import { StorageUnavailable } from '../../core/spec/storage-error.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { alice, allow, decline } from '../../testing/authorization-visit.ts'
import {
  approveDevice,
  deviceGrantType,
  enterCode,
  newDevice,
  poll,
  startDevices,
  television,
  visitDevice,
  visitDeviceConsent,
} from '../../testing/device-flow.ts'
import { clientFrom, type TestServer } from '../../testing/index.ts'

const intervalIsFive = async (server: TestServer, device_code: string): Promise<boolean> => {
  await poll(server, device_code)
  server.clock.advance(5)
  return (await poll(server, device_code)).error === 'authorization_pending'
}

test('RFC 8628 §3.5, T-DEV-2: polls of another client, or without its proof, slow nobody down', async () => {
  const box = { ...television, client_id: 'box', secret: 'box secret' }
  const server = await startDevices({ clients: [television, { ...television, client_id: 'radio' }, box] })
  const { device_code } = await newDevice(server)
  const form = { grant_type: deviceGrantType, device_code, client_id: 'radio' }
  for (let count = 0; count < 3; count += 1) assert.equal((await server.post('/token', form)).status, 400)
  assert.ok(await intervalIsFive(server, device_code))
  const asked = await server.post('/device_authorization', {}, { client: ['box', 'box secret'] })
  const ofBox = { grant_type: deviceGrantType, ...((await asked.json()) as { device_code: string }) }
  const polled = async (secret: string) => {
    const { device_code } = ofBox
    const answer = await server.post(
      '/token',
      { grant_type: deviceGrantType, device_code },
      { client: ['box', secret] },
    )
    return ((await answer.json()) as { error: string }).error
  }
  assert.deepEqual(
    [await polled('box secret'), await polled('wrong'), await polled('wrong')],
    ['authorization_pending', 'invalid_client', 'invalid_client'],
  )
  server.clock.advance(5)
  assert.equal(await polled('box secret'), 'authorization_pending')
})

test('RFC 8628 §3.5, A2-DEV-06: a device that was declined hears so however often it asks, until its code has expired', async () => {
  const server = await startDevices()
  const { device_code, user_code } = await newDevice(server)
  await decline(await visitDeviceConsent(server, user_code))
  for (let count = 0; count < 5; count += 1) assert.equal((await poll(server, device_code)).error, 'access_denied')
  server.clock.advance(1800)
  assert.equal((await poll(server, device_code)).error, 'expired_token')
})

test('RFC 8628 §3.3: nobody who was disabled while the page was open allows anything', async () => {
  const server = await startDevices()
  const { device_code, user_code } = await newDevice(server)
  const page = await visitDeviceConsent(server, user_code)
  const user = await server.store.users.find(alice.id)
  assert.ok(user)
  await server.store.users.save({ ...user, disabled: true })
  assert.equal((await allow(page)).status, 403)
  assert.equal((await poll(server, device_code)).error, 'authorization_pending')
  assert.equal(server.events.filter(({ type }) => type === 'device_approved').length, 0)
})

test('RFC 8628 §3.5: what was allowed to a client that was deleted is nothing to a new one of its name', async () => {
  const server = await startDevices()
  const [waiting, allowed] = [await newDevice(server), await newDevice(server)]
  await approveDevice(server, allowed.user_code)
  await server.store.clients.delete('tv')
  assert.equal((await poll(server, allowed.device_code)).error, 'invalid_client')
  await server.store.clients.save(await clientFrom(television))
  for (const { device_code } of [waiting, allowed])
    assert.equal((await poll(server, device_code)).error, 'invalid_grant')
  assert.equal((await enterCode(server.agent(), waiting.user_code)).status, 400)
})

for (const [name, spell] of [
  ['Cyrillic', (code: string) => code.replace(/./, 'В')],
  ['Greek', (code: string) => code.replace(/./, 'Κ')],
  ['mathematical with a mark', (code: string) => code.replace(/./, '𝐁\u0307')],
  ['of twice the length', (code: string) => code.repeat(2)],
  ['of 100 kB', (code: string) => code.repeat(11_000)],
] as const) {
  test(`RFC 8628 §6.1, T-DEV-1: a code that is ${name} is none, and no guess`, async () => {
    const server = await startDevices({ limits: { userCode: { attempts: 1, window: 900 } } })
    const { user_code } = await newDevice(server)
    for (let count = 0; count < 3; count += 1)
      assert.ok([400, 413].includes((await enterCode(server.agent(), spell(user_code))).status))
    assert.equal((await enterCode(server.agent(), user_code)).status, 303)
  })
}

test('RFC 8628 §5.4, RFC 6749 §10.13: no page of the device grant can be framed, cached or scripted', async () => {
  const server = await startDevices()
  const { user_code } = await newDevice(server)
  const browser = server.agent()
  const pages = [
    await browser.get(`/device?user_code=${user_code}`),
    await enterCode(browser, 'BBBB-BBBB'),
    (await visitDevice(browser, user_code)).page,
  ]
  const consent = await visitDeviceConsent(server, user_code, alice, browser)
  pages.push(consent.page, await allow(consent))
  for (const { headers, status } of pages) {
    assert.ok([200, 400].includes(status))
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/)
    assert.equal(headers.get('x-frame-options'), 'DENY')
    assert.equal(headers.get('cache-control'), 'no-store')
  }
})

test('RFC 8628 §3.3.1: an address with two codes, or none that can be read, is a page and approves nothing', async () => {
  const server = await startDevices()
  const { device_code, user_code } = await newDevice(server)
  for (const query of [
    `user_code=${user_code}&user_code=BBBB-BBBB`,
    'user_code=%ff',
    `user_code=${'A'.repeat(5000)}`,
  ]) {
    const page = await server.agent().get(`/device?${query}`)
    assert.ok([200, 400].includes(page.status), query)
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
  }
  assert.equal((await poll(server, device_code)).error, 'authorization_pending')
})

test('RFC 8628 §3.3, ADR 1: a refusal that cannot be stored is a 503 that can be sent again, and then the device hears it', async () => {
  const inner = memoryStore()
  let isBroken = true
  const deviceRequests: Store['deviceRequests'] = {
    ...inner.deviceRequests,
    deny: async (...asked) => {
      if (!isBroken) return inner.deviceRequests.deny(...asked)
      throw new StorageUnavailable('the disk is full')
    },
  }
  const server = await startDevices({ store: { ...inner, deviceRequests } })
  const { device_code, user_code } = await newDevice(server)
  const page = await visitDeviceConsent(server, user_code)
  assert.equal((await decline(page)).status, 503)
  isBroken = false
  assert.equal((await decline(page)).status, 200)
  assert.equal((await poll(server, device_code)).error, 'access_denied')
})
