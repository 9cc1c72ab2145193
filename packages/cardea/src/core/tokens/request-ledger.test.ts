import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from '../../stores/memory/index.ts'
import { fakeClock } from '../../testing/fake-clock.ts'
import { accessNamed, start } from '../../testing/store-contract/nouns.ts'
import { digestOf } from '../crypto/digest.ts'
import type { Ledger } from '../ports/ledger.ts'
import { type PendingUse, RequestLedger } from './request-ledger.ts'

const pending = (key: string, told: string[] = []): PendingUse => ({
  use: { kind: 'mark', key, until: start + 10 },
  refusal: () => new Error(`${key} was used before`),
  first: () => void told.push(key),
})

/** A store whose marks are made by its ledger, or apart from it, as where a host keeps them in a cache. */
const places = {
  'in the ledger': () => memoryStore(),
  'apart from the ledger': () => ({ ...memoryStore(), replay: memoryStore().replay }),
}

for (const [place, newStore] of Object.entries(places)) {
  const begin = () => {
    const store = newStore()
    const parts = { store, clock: fakeClock(start) }
    const entry = (name: string) => ({ at: start, accessToken: accessNamed(name) })
    const found = async (name: string) => (await store.tokens.findAccess(digestOf(name))) !== undefined
    return { store, entry, found, of: (...uses: PendingUse[]) => new RequestLedger(parts, uses) }
  }

  test(`RFC 7523 §3: with marks ${place}, an assertion buys once, for one request as often as it commits`, async () => {
    const { entry, found, of } = begin()
    const told: string[] = []
    const ledger = of(pending('assertion', told))
    assert.equal(await ledger.commit(entry('one')), 'done')
    assert.equal(await ledger.commit(entry('two')), 'done')
    assert.deepEqual(told, ['assertion'])
    await assert.rejects(of(pending('assertion', told)).commit(entry('loot')), /assertion was used before/)
    assert.deepEqual(await Promise.all(['one', 'two', 'loot'].map(found)), [true, true, false])
  })

  test(`RFC 9449 §11.1: with marks ${place}, a request that commits twice at once buys nothing with a used proof`, async () => {
    const { entry, found, of } = begin()
    await of(pending('proof')).settle()
    const ledger = of()
    ledger.add([pending('proof')])
    const outcomes = await Promise.allSettled([ledger.commit(entry('one')), ledger.commit(entry('two'))])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    assert.deepEqual(await Promise.all(['one', 'two'].map(found)), [false, false])
  })

  test(`RFC 7523 §3: with marks ${place}, a refused request has used its assertion up, and its proof not`, async () => {
    const { entry, of } = begin()
    const ledger = of(pending('assertion'))
    ledger.add([pending('proof')])
    await assert.rejects(
      ledger.through(() => Promise.reject(new Error('no such scope'))),
      /no such scope/,
    )
    await assert.rejects(of(pending('assertion')).commit(entry('loot')), /assertion was used before/)
    assert.equal(await of(pending('proof')).commit(entry('bought')), 'done')
  })

  test(`RFC 7523 §3: with marks ${place}, of a used assertion nothing is told but that, whatever else is wrong`, async () => {
    const { of } = begin()
    await of(pending('assertion')).settle()
    await assert.rejects(
      of(pending('assertion')).through(() => Promise.reject(new Error('no such scope'))),
      /assertion was used before/,
    )
  })
}

test('RFC 9449 §11.1: what was used up for something else buys no second time, and the request goes on', async () => {
  const store = memoryStore()
  const of = (...uses: PendingUse[]) => new RequestLedger({ store, clock: fakeClock(start) }, uses)
  const told: string[] = []
  const ledger = of(pending('assertion', told))
  ledger.add([pending('proof', told)])
  await Promise.all([ledger.settleAll(), ledger.settleAll()])
  assert.deepEqual(told, ['assertion', 'proof'])
  assert.equal(await ledger.commit({ at: start }), 'done')
  const again = of()
  again.add([pending('proof')])
  await assert.rejects(again.settleAll(), /proof was used before/)
  await assert.rejects(again.commit({ at: start, accessToken: accessNamed('loot') }), /proof was used before/)
})

test('ledger: one that names a use that there is none of is told so, and buys nothing', async () => {
  const store = memoryStore()
  const ledger: Ledger = { ...store.ledger, commit: async () => ({ used: 7 }) }
  const request = new RequestLedger({ store: { ...store, ledger }, clock: fakeClock(start) }, [pending('assertion')])
  await assert.rejects(request.commit({ at: start }), { name: 'TypeError', message: /of 1 uses none is 7/ })
})

test('ledger: one that uses nothing up itself is handed no uses', async () => {
  const { ledger: _, ...others } = memoryStore()
  const seen: string[] = []
  const ledger: Ledger = {
    async commit(entry) {
      seen.push(...Object.keys(entry))
      return 'done'
    },
  }
  const request = new RequestLedger({ store: { ...others, ledger }, clock: fakeClock(start) }, [pending('assertion')])
  assert.equal(await request.commit({ at: start }), 'done')
  assert.deepEqual(seen, ['at'])
})
