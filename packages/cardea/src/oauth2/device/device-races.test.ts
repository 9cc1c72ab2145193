import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Store } from '../../core/ports/store.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { sqliteStore } from '../../stores/sqlite/index.ts'
import { alice, allow, bob, decline } from '../../testing/authorization-visit.ts'
import { approveDevice, newDevice, poll, startDevices, visitDeviceConsent } from '../../testing/device-flow.ts'

async function onDisk(t: TestContext): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-device-races-'))
  const store = await sqliteStore({ file: join(folder, 'cardea.db') })
  t.after(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })
  return store
}

const stores: readonly (readonly [name: string, open: (t: TestContext) => Promise<Store>])[] = [
  ['memory', async () => memoryStore()],
  ['sqlite', onDisk],
]

const hundred = <T>(action: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 100 }, (_, n) => action(n)))

for (const [name, open] of stores) {
  test(`RFC 8628 §3.5, T-DEV-2, A2-DEV-08, ${name}: of 100 polls at once one gets the tokens`, async (t) => {
    const server = await startDevices({ store: await open(t) })
    const { device_code, user_code } = await newDevice(server)
    await approveDevice(server, user_code)
    const answers = await hundred(() => poll(server, device_code))
    assert.equal(answers.filter(({ status }) => status === 200).length, 1)
    assert.equal(answers.filter(({ error }) => error === 'invalid_grant').length, 99)
    assert.equal((await server.store.authorizations.list({}, { limit: 200 })).length, 1)
  })

  test(`RFC 8628 §3.3, ${name}: of 100 answers at once one counts, and the device hears that one`, async (t) => {
    const server = await startDevices({ store: await open(t) })
    const { device_code, user_code } = await newDevice(server)
    const page = await visitDeviceConsent(server, user_code)
    const answers = await hundred((n) => (n % 2 === 0 ? allow(page) : decline(page)))
    assert.equal(answers.filter(({ status }) => status === 200).length, 1)
    const told = server.events.filter(({ type }) => type === 'device_approved' || type === 'device_denied')
    assert.equal(told.length, 1)
    const { error } = await poll(server, device_code)
    assert.equal(error === 'access_denied', told[0]?.type === 'device_denied')
  })

  test(`T-DEV-4, ${name}: of two users who enter one code at once one is asked`, async (t) => {
    const server = await startDevices({ store: await open(t), users: [alice, bob] })
    const { user_code } = await newDevice(server)
    const visits = await Promise.allSettled([
      visitDeviceConsent(server, user_code, alice),
      visitDeviceConsent(server, user_code, bob),
    ])
    assert.deepEqual(visits.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  })
}
