import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import type { LedgerEntry, LedgerOutcome, Use } from '../../core/ports/ledger.ts'
import type { Store } from '../../core/ports/store.ts'
import { accessNamed, start } from './nouns.ts'
import type { Rules } from './rules.ts'

const mark = (key: string): Use => ({ kind: 'mark', key, until: start + 10 })
const pushed = (name: string): Use => ({ kind: 'pushed_request', digest: digestOf(name) })

const push = (store: Store, name: string): Promise<void> =>
  store.pushedRequests.save({
    digest: digestOf(name),
    clientId: 'client',
    parameters: [],
    createdAt: start,
    expiresAt: start + 60,
  })

const buy = (
  store: Store,
  name: string,
  uses: readonly Use[],
  more: Partial<LedgerEntry> = {},
): Promise<LedgerOutcome> => store.ledger.commit({ at: start, accessToken: accessNamed(name), uses, ...more })

const wasBought = async (store: Store, name: string): Promise<boolean> =>
  (await store.tokens.findAccess(digestOf(name))) !== undefined

const crowd = Array.from({ length: 100 }, (_, number) => number)

/** For a ledger that uses up itself what a request was made with (`Ledger.usesUp`); others have none to hold. */
export function useRules(rule: Rules): void {
  const useRule: Rules = (title, body) =>
    rule(title, async (store) => {
      if (store.ledger.usesUp !== undefined) await body(store)
    })

  useRule('RFC 7523 §3: an assertion buys once, and is told by its place what was used before', async (store) => {
    assert.equal(await buy(store, 'first', [mark('a'), mark('b')]), 'done')
    assert.deepEqual(await buy(store, 'second', [mark('c'), mark('b')]), { used: 1 })
    assert.deepEqual(await buy(store, 'third', [mark('a'), mark('d')]), { used: 0 })
    const bought = await Promise.all(['first', 'second', 'third'].map((name) => wasBought(store, name)))
    assert.deepEqual(bought, [true, false, false])
  })

  useRule('ledger: a mark of a commit and one made by itself are the same mark', async (store) => {
    await buy(store, 'first', [mark('in a commit')])
    assert.equal(await store.replay.claim('in a commit', start + 10, start), 'seen')
    await store.replay.claim('by itself', start + 10, start)
    assert.deepEqual(await buy(store, 'second', [mark('by itself')]), { used: 0 })
    assert.equal(await buy(store, 'later', [mark('by itself')], { at: start + 11 }), 'done')
  })

  useRule('RFC 9126 §4: a pushed request buys once, by a commit or taken by itself', async (store) => {
    await push(store, 'one')
    await push(store, 'two')
    assert.equal(await buy(store, 'first', [pushed('one')]), 'done')
    assert.equal(await store.pushedRequests.take(digestOf('one'), start), false)
    assert.equal((await store.pushedRequests.find(digestOf('one')))?.takenAt, start)
    assert.equal(await store.pushedRequests.take(digestOf('two'), start), true)
    assert.deepEqual(await buy(store, 'second', [pushed('two')]), { used: 0 })
    assert.deepEqual(await buy(store, 'third', [pushed('never pushed')]), { used: 0 })
  })

  useRule('ledger: what a request was made with is used up by it, also where it buys nothing', async (store) => {
    const spend = { kind: 'code', digest: digestOf('no code') } as const
    assert.equal(await buy(store, 'spent', [mark('a')], { spend }), 'spent')
    assert.equal(await buy(store, 'revoked', [mark('b')], { requireClient: 'nobody' }), 'revoked')
    assert.equal(await buy(store, 'revoked', [mark('c')], { under: 'nothing' }), 'revoked')
    for (const key of ['a', 'b', 'c']) assert.deepEqual(await buy(store, 'again', [mark(key)]), { used: 0 })
  })

  useRule('RFC 9449 §11.1: of 100 commits at once with the same proof one buys', async (store) => {
    const outcomes = await Promise.all(
      crowd.map((number) => buy(store, `token ${number}`, [mark(`assertion ${number}`), mark('proof')])),
    )
    const winner = outcomes.indexOf('done')
    assert.deepEqual(
      outcomes.filter((_, number) => number !== winner),
      crowd.slice(1).map(() => ({ used: 1 })),
    )
    const tokens = await store.tokens.listAccess({}, { limit: 1000 })
    assert.deepEqual(
      tokens.map(({ token }) => token.digest),
      [digestOf(`token ${winner}`)],
    )
  })
}
