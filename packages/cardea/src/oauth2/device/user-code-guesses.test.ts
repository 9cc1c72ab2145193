import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf } from '../../core/crypto/digest.ts'
import { alice } from '../../testing/authorization-visit.ts'
import { enterCode, newDevice, startDevices, visitDeviceConsent } from '../../testing/device-flow.ts'
import type { TestServer } from '../../testing/test-server.ts'

test('RFC 8628 §5.1, T-DEV-1: wrong codes from one network are limited, right ones are not counted', async () => {
  const server = await startDevices({ limits: { userCode: { attempts: 3, window: 900 } } })
  for (let count = 0; count < 5; count += 1)
    assert.equal((await enterCode(server.agent(), (await newDevice(server)).user_code)).status, 303)
  const statuses = []
  for (let count = 0; count < 4; count += 1) statuses.push((await enterCode(server.agent(), 'BBBB-BBBB')).status)
  assert.deepEqual(statuses, [400, 400, 400, 429])
  const { user_code } = await newDevice(server)
  const refused = await enterCode(server.agent(), user_code)
  assert.equal(refused.status, 429)
  assert.equal(refused.headers.get('retry-after'), '900')
  assert.match(await refused.text(), /Please try again in 15 minutes/)
  assert.equal((await enterCode(server.agent('198.51.100.20'), user_code)).status, 303)
  server.clock.advance(900)
  assert.equal((await enterCode(server.agent(), user_code)).status, 303)
})

test('RFC 8628 §5.1, T-DEV-1: wrong codes of one user are limited wherever they come from', async () => {
  const server = await startDevices({ limits: { userCode: { attempts: 3, window: 900 } } })
  const first = await visitDeviceConsent(server, (await newDevice(server)).user_code)
  for (let count = 0; count < 3; count += 1) await enterCode(first.browser, 'BBBB-BBBB')
  const elsewhere = await visitDeviceConsent(
    server,
    (await newDevice(server)).user_code,
    alice,
    server.agent('198.51.100.20'),
  )
  assert.equal((await enterCode(elsewhere.browser, 'BBBB-BBBB')).status, 429)
})

test('RFC 8628 §5.1, T-DEV-1: wrong codes are limited altogether, from however many networks', async () => {
  const server = await startDevices({ limits: { everyUserCode: { attempts: 5, window: 900 } } })
  const statuses = []
  for (let count = 0; count < 6; count += 1)
    statuses.push((await enterCode(server.agent(`198.51.100.${count}`), 'BBBB-BBBB')).status)
  assert.deepEqual(statuses, [400, 400, 400, 400, 400, 429])
  const refusals = server.events.filter(({ type }) => type === 'user_code_refused')
  assert.deepEqual(refusals.at(-1), {
    type: 'user_code_refused',
    reason: 'too_many_attempts',
    remoteAddress: '198.51.100.5',
  })
})

async function exhausted(server: TestServer): Promise<TestServer> {
  for (let count = 0; count < 5; count += 1) await enterCode(server.agent(`198.51.100.${count}`), 'BBBB-BBBB')
  return server
}

test('RFC 8628 §5.1, T-DEV-1: guesses of strangers from many networks lock out neither who is signed in nor who sits by the device', async () => {
  const server = await startDevices({ limits: { everyUserCode: { attempts: 5, window: 900 } } })
  const member = (await visitDeviceConsent(server, (await newDevice(server)).user_code)).browser
  await exhausted(server)
  const { user_code } = await newDevice(server) // from 203.0.113.7, as every request that does not say
  assert.equal((await enterCode(server.agent('198.51.100.77'), user_code)).status, 429)
  assert.equal((await enterCode(server.agent('198.51.100.77'), 'BBBB-BBBB')).status, 429)
  assert.equal((await enterCode(server.agent('203.0.113.7'), 'BBBB-BBBB')).status, 429)
  assert.equal((await enterCode(server.agent('203.0.113.7'), user_code)).status, 303)
  const elsewhere = server.agent('198.51.100.78')
  for (const [name, value] of member.cookies) elsewhere.cookies.set(name, value)
  assert.equal((await enterCode(elsewhere, user_code)).status, 303)
})

test('RFC 8628 §5.1, T-DEV-1: wrong codes of all who are signed in are limited altogether as well', async () => {
  const server = await startDevices({ limits: { everyUserCode: { attempts: 5, window: 900 } } })
  const { browser } = await visitDeviceConsent(server, (await newDevice(server)).user_code)
  const statuses = []
  for (let count = 0; count < 6; count += 1) {
    const elsewhere = server.agent(`198.51.100.${count}`)
    for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value)
    statuses.push((await enterCode(elsewhere, 'BBBB-BBBB')).status)
  }
  assert.deepEqual(statuses, [400, 400, 400, 400, 400, 429])
  assert.equal((await enterCode(server.agent('198.51.100.9'), 'BBBB-BBBB')).status, 400)
})

test('RFC 8628 §5.1: neither code stands in the store as it is, nor as a digest that can be guessed', async () => {
  const saved: object[] = []
  const server = await startDevices()
  const { save } = server.store.deviceRequests
  server.store.deviceRequests.save = async (request) => {
    saved.push(request)
    return save(request)
  }
  const { device_code, user_code } = await newDevice(server)
  const kept = JSON.stringify(saved)
  const bare = user_code.replace('-', '')
  for (const secret of [device_code, user_code, bare, digestOf(bare), digestOf(user_code)])
    assert.ok(saved.length === 1 && !kept.includes(secret))
})

test('RFC 8628 §6.1: codes still work after the secrets were rotated', async () => {
  const [old, fresh] = ['o'.repeat(32), 'n'.repeat(32)]
  const before = await startDevices({ secrets: [old] })
  const { user_code } = await newDevice(before)
  const { store } = before
  const after = await startDevices({ secrets: [fresh, old], store, clients: [], users: [] })
  assert.equal((await enterCode(after.agent(), user_code)).status, 303)
})
