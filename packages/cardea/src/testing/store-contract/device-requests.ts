import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import { type DeviceApproval, type DeviceRequest, deviceRequestKept } from '../../core/model/device-request.ts'
import type { LedgerEntry, LedgerOutcome } from '../../core/ports/ledger.ts'
import type { Store } from '../../core/ports/store.ts'
import { accessNamed, authorizationNamed, clientNamed, interactionNamed, start, userNamed } from './nouns.ts'
import { onlyWinner } from './races.ts'
import type { Rules } from './rules.ts'

const crowd = Array.from({ length: 100 }, (_, index) => index)

const deviceNamed = (name: string, more: Partial<DeviceRequest> = {}): DeviceRequest => ({
  digest: digestOf(name),
  userCode: digestOf(`code of ${name}`),
  clientId: 'client',
  scope: ['read', 'write'],
  interval: 5,
  createdAt: start,
  expiresAt: start + 600,
  ...more,
})

const approve = (
  store: Store,
  name: string,
  more: Partial<DeviceApproval> = {},
  entry: Partial<LedgerEntry> = {},
): Promise<LedgerOutcome> => {
  const approval = { userId: 'user', scope: ['read'], ...more }
  return store.ledger.commit({ at: start, approveDevice: { digest: digestOf(name), approval }, ...entry })
}

const redeem = (store: Store, name: string, number = 0, at = start): Promise<LedgerOutcome> => {
  const family = `${name} ${number}`
  return store.ledger.commit({
    at,
    spend: { kind: 'device_request', digest: digestOf(name) },
    authorization: authorizationNamed(family),
    accessToken: accessNamed(`${family} access`, { authorizationId: family }),
  })
}

export function deviceRequestRules(rule: Rules): void {
  rule('RFC 8628 §3.2: a device request comes back with every member, and none besides', async (store) => {
    const facts = { resources: ['https://api.example'], authTime: start }
    const approval = { userId: 'user', scope: [], sessionId: digestOf('session'), facts }
    const bare = deviceNamed('bare', { scope: [] })
    const full = deviceNamed('full', { facts, claimedBy: 'user', polledAt: start + 1, approval, spentAt: start + 2 })
    const denied = deviceNamed('denied', { deniedAt: start + 1 })
    for (const request of [bare, full, denied]) {
      assert.equal(await store.deviceRequests.save(request), true)
      assert.deepEqual(await store.deviceRequests.find(request.digest), request)
      assert.deepEqual(await store.deviceRequests.findByUserCode(request.userCode), request)
    }
    assert.equal(await store.deviceRequests.find(digestOf('absent')), undefined)
    assert.equal(await store.deviceRequests.findByUserCode(digestOf('absent')), undefined)
  })

  rule('RFC 8628 §6.1: a user code in use is not given to a second device', async (store) => {
    await store.deviceRequests.save(deviceNamed('first'))
    assert.equal(await store.deviceRequests.save(deviceNamed('second', { userCode: digestOf('code of first') })), false)
    assert.equal(await store.deviceRequests.find(digestOf('second')), undefined)
    await assert.rejects(store.deviceRequests.save(deviceNamed('first', { userCode: digestOf('other') })))
  })

  rule('RFC 8628 §3.5: polls inside the interval are told to slow down, and the interval grows', async (store) => {
    await store.deviceRequests.save(deviceNamed('device'))
    const poll = (at: number) => store.deviceRequests.poll(digestOf('device'), start + at, 5)
    assert.deepEqual(
      [await poll(0), await poll(5), await poll(9), await poll(18), await poll(33)],
      ['ok', 'ok', 'slow_down', 'slow_down', 'ok'],
    )
    assert.equal((await store.deviceRequests.find(digestOf('device')))?.interval, 15)
    assert.equal(await store.deviceRequests.poll(digestOf('absent'), start, 5), undefined)
  })

  rule('T-DEV-4: whoever claims a device first keeps it; nobody else can decide it', async (store) => {
    await store.deviceRequests.save(deviceNamed('device'))
    const claims = await Promise.all(
      crowd.map((number) => store.deviceRequests.claim(digestOf('device'), `u${number}`)),
    )
    assert.equal(claims.filter(Boolean).length, 1)
    const holder = `u${claims.indexOf(true)}`
    assert.equal(await store.deviceRequests.claim(digestOf('device'), holder), true)
    assert.equal(await approve(store, 'device', { userId: 'other' }), 'spent')
    assert.equal(await store.deviceRequests.deny(digestOf('device'), 'other', start), false)
    assert.equal(await approve(store, 'device', { userId: holder }), 'done')
    assert.equal(await store.deviceRequests.claim(digestOf('absent'), 'user'), false)
  })
}

export function deviceSweepRules(rule: Rules): void {
  rule(
    'RFC 8628 §3.5: an expired device request is kept for an hour, and its user code is free after that',
    async (store) => {
      const endsAt = start + 600
      await store.deviceRequests.save(deviceNamed('device', { expiresAt: endsAt }))
      assert.equal(await store.housekeeping.sweep(endsAt + deviceRequestKept, 100), 0)
      assert.notEqual(await store.deviceRequests.find(digestOf('device')), undefined)
      assert.equal(await store.housekeeping.sweep(endsAt + deviceRequestKept + 1, 100), 1)
      assert.equal(await store.deviceRequests.find(digestOf('device')), undefined)
      assert.equal(await store.deviceRequests.save(deviceNamed('device')), true)
    },
  )
}

export function deviceDecisionRules(rule: Rules): void {
  rule(
    'RFC 8628 §3.3: an approval comes with its interaction and consent; a refused one writes nothing',
    async (store) => {
      await store.deviceRequests.save(deviceNamed('device'))
      await store.deviceRequests.save(deviceNamed('expired', { expiresAt: start }))
      await store.deviceRequests.save(deviceNamed('denied', { deniedAt: start }))
      await store.interactions.save(interactionNamed('page'))
      const consent = { userId: 'user', clientId: 'client', scope: ['read'], updatedAt: start }
      const entry = { spend: { kind: 'interaction', id: 'page' }, consent } as const
      for (const name of ['expired', 'denied', 'absent']) assert.equal(await approve(store, name, {}, entry), 'spent')
      assert.equal(await store.consents.find('user', 'client'), undefined)
      assert.equal(await approve(store, 'device', {}, entry), 'done')
      assert.deepEqual((await store.deviceRequests.find(digestOf('device')))?.approval?.scope, ['read'])
      assert.notEqual((await store.interactions.find('page'))?.takenAt, undefined)
      await assert.rejects(
        approve(store, 'device', {}, { spend: { kind: 'code', digest: digestOf('code') } }),
        TypeError,
      )
    },
  )

  rule('RFC 8628 §3.5: a device request buys tokens once, and only when it is approved and fresh', async (store) => {
    for (const name of ['pending', 'denied', 'late', 'good']) await store.deviceRequests.save(deviceNamed(name))
    await store.deviceRequests.deny(digestOf('denied'), 'user', start)
    await approve(store, 'late')
    await approve(store, 'good')
    assert.equal(await redeem(store, 'pending'), 'spent')
    assert.equal(await redeem(store, 'denied'), 'spent')
    assert.equal(await redeem(store, 'late', 0, start + 600), 'spent')
    assert.equal(await store.authorizations.find('late 0'), undefined)
    onlyWinner(await Promise.all(crowd.map((number) => redeem(store, 'good', number))))
    assert.equal((await store.authorizations.list({}, { limit: 1000 })).length, 1)
  })

  rule('RFC 8628 §3.3: of 100 parallel decisions about a device one counts', async (store) => {
    for (const round of ['a', 'b', 'c']) {
      await store.deviceRequests.save(deviceNamed(round))
      const decisions = crowd.map(async (number) =>
        number % 2 === 0
          ? (await approve(store, round)) === 'done'
          : store.deviceRequests.deny(digestOf(round), 'user', start),
      )
      assert.equal((await Promise.all(decisions)).filter(Boolean).length, 1)
    }
  })

  rule('authorizations: what a user approved or a client asked for ends with them', async (store) => {
    const endings: ((store: Store) => Promise<unknown>)[] = [
      ({ authorizations }) => authorizations.revokeByUser('user', start),
      ({ clients }) => clients.save(clientNamed('client', { disabled: true })),
      ({ clients }) => clients.delete('client'),
      ({ users }) => users.delete('user'),
    ]
    for (const [round, end] of endings.entries()) {
      await store.clients.save(clientNamed('client'))
      await store.users.save(userNamed('user'))
      await store.deviceRequests.save(deviceNamed(`device ${round}`))
      await approve(store, `device ${round}`)
      await end(store)
      assert.equal(await redeem(store, `device ${round}`), 'spent')
    }
  })
}
