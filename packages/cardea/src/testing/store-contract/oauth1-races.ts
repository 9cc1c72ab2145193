import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import type { Store } from '../../core/ports/store.ts'
import { clientNamed, start, userNamed } from './nouns.ts'
import { approve, exchange, isLiveSigner, saveApproved, temporaryNamed } from './oauth1-nouns.ts'
import { onlyWinner } from './races.ts'
import type { Rules } from './rules.ts'

const crowd = Array.from({ length: 100 }, (_, index) => index)

export function oauth1RaceRules(rule: Rules): void {
  rule(
    'RFC 5849 §3.3: of 100 parallel claims of a nonce one is the first, and again once it has ended',
    async (store) => {
      for (const at of [start, start + 11]) {
        const claims = await Promise.all(crowd.map(() => store.replay.claim('key', at + 10, at)))
        assert.equal(claims.filter((claim) => claim === 'first').length, 1)
      }
    },
  )

  rule('RFC 5849 §2.3: of 100 parallel exchanges of a temporary credential one gets a token', async (store) => {
    await saveApproved(store, 'asked')
    const winner = onlyWinner(await Promise.all(crowd.map((number) => exchange(store, 'asked', number))))
    const tokens = await store.tokenCredentials.list({}, { limit: 1000 })
    assert.deepEqual(
      tokens.map(({ credential }) => credential.digest),
      [digestOf(`asked token ${winner}`)],
    )
    assert.equal((await store.authorizations.list({}, { limit: 1000 })).length, 1)
  })

  rule('RFC 5849 §2.2: of 100 parallel approvals of a temporary credential one is kept', async (store) => {
    await store.temporaryCredentials.save(temporaryNamed('asked'))
    const approveAs = (number: number) => {
      const approval = { userId: `user ${number}`, scope: [], verifier: digestOf(`verifier ${number}`) }
      return store.ledger.commit({ at: start, approve: { digest: digestOf('asked'), approval } })
    }
    const winner = onlyWinner(await Promise.all(crowd.map(approveAs)))
    const found = await store.temporaryCredentials.find(digestOf('asked'))
    assert.equal(found?.approval?.userId, `user ${winner}`)
  })

  rule('temporary credentials: one that is removed amid its approval is gone, whoever came first', async (store) => {
    for (const removalFirst of [true, false]) {
      const name = `asked ${removalFirst}`
      await store.temporaryCredentials.save(temporaryNamed(name))
      const removal = () => store.temporaryCredentials.remove(digestOf(name))
      const approval = () => approve(store, name)
      const steps: (() => Promise<unknown>)[] = removalFirst ? [removal, approval] : [approval, removal]
      await Promise.all(steps.map((step) => step()))
      assert.equal(await store.temporaryCredentials.find(digestOf(name)), undefined)
      assert.equal(await exchange(store, name), 'spent')
    }
  })

  rule('authorizations: whoever ends amid exchanges leaves no token credential that works', async (store) => {
    const endings: ((store: Store) => Promise<unknown>)[] = [
      ({ authorizations }) => authorizations.revokeByUser('user', start),
      ({ authorizations }) => authorizations.revokeByUser('user', start, 'client'),
      ({ authorizations }) => authorizations.revokeByClient('client', start),
      ({ clients }) => clients.save(clientNamed('client', { disabled: true })),
      ({ clients }) => clients.delete('client'),
      ({ users }) => users.save(userNamed('user', { disabled: true })),
      ({ users }) => users.save(userNamed('user', { password_hash: 'new' })),
      ({ users }) => users.delete('user'),
    ]
    await store.users.save(userNamed('user'))
    for (const [round, end] of endings.entries()) {
      await store.clients.save(clientNamed('client'))
      await store.users.save(userNamed('user'))
      const names = [0, 1, 2, 3].map((number) => `round ${round} ${number}`)
      for (const name of names) await saveApproved(store, name)
      const early = names.slice(0, 2).map((name) => exchange(store, name))
      const ended = end(store)
      const late = names.slice(2).map((name) => exchange(store, name))
      await ended
      assert.deepEqual(await Promise.all(early), ['done', 'done'])
      assert.deepEqual(await Promise.all(late), ['spent', 'spent'])
      for (const name of names) assert.equal(await isLiveSigner(store, `${name} token 0`), false)
    }
  })
}

export function answerRaceRules(rule: Rules): void {
  rule('RFC 5849 §2.2: of 100 parallel answers, declines and approvals, one is done', async (store) => {
    for (const declineFirst of [true, false]) {
      const name = `asked ${declineFirst}`
      await store.temporaryCredentials.save(temporaryNamed(name))
      const answers = crowd.map(async (number) =>
        (number % 2 === 0) === declineFirst
          ? store.temporaryCredentials.decline(digestOf(name))
          : (await approve(store, name)) === 'done',
      )
      const won = (await Promise.all(answers)).flatMap((done, number) => (done ? [number] : []))
      assert.equal(won.length, 1)
      const approved = ((won[0] ?? 0) % 2 === 0) !== declineFirst
      const found = await store.temporaryCredentials.find(digestOf(name))
      assert.deepEqual([found !== undefined, found?.approval !== undefined], [approved, approved])
      assert.equal(await exchange(store, name), approved ? 'done' : 'spent')
    }
  })
}
