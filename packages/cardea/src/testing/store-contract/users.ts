import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import type { Store } from '../../core/ports/store.ts'
import {
  accessNamed,
  isLiveAccess,
  isLiveRefresh,
  saveCode,
  saveFamily,
  sessionNamed,
  start,
  userNamed,
} from './nouns.ts'
import { isLiveSigner, saveApproved, saveSigner } from './oauth1-nouns.ts'
import type { Rules } from './rules.ts'

export function userRules(rule: Rules): void {
  rule(
    'users: a user comes back with every member it was saved with, by id and by any spelling of the name',
    async (store) => {
      const full = userNamed('full', {
        username: 'John@Doe.example',
        email: 'john@doe.example',
        name: 'John Doe',
        disabled: false,
        password_hash: '$scrypt$x',
      })
      assert.equal(await store.users.save(full), 'saved')
      assert.equal(await store.users.save(userNamed('bare')), 'saved')
      assert.deepEqual({ ...(await store.users.find('full')) }, full)
      assert.deepEqual({ ...(await store.users.findByUsername(' john@doe.EXAMPLE ')) }, full)
      assert.deepEqual({ ...(await store.users.find('bare')) }, userNamed('bare'))
      assert.equal(await store.users.findByUsername('nobody'), undefined)
    },
  )

  rule('users: a name is taken whatever its case or Unicode form, until its holder gives it up', async (store) => {
    await store.users.save(userNamed('first', { username: 'Ångström' }))
    assert.equal(await store.users.save(userNamed('second', { username: 'A\u030angstro\u0308m' })), 'username_taken')
    assert.equal(await store.users.find('second'), undefined)
    assert.equal(await store.users.save(userNamed('first', { username: 'other' })), 'saved')
    assert.equal(await store.users.save(userNamed('second', { username: 'ångström' })), 'saved')
    assert.equal((await store.users.findByUsername('Ångström'))?.id, 'second')
  })

  rule('users: a listing goes through all of them page by page in the order of their ids', async (store) => {
    for (const id of ['c', 'a', 'b']) await store.users.save(userNamed(id))
    const pages = [await store.users.list({ limit: 2 }), await store.users.list({ limit: 2, after: 'b' })]
    assert.deepEqual(
      pages.map((page) => page.map((user) => user.id)),
      [['a', 'b'], ['c']],
    )
  })
}

/** All that a user can have, for one round. */
async function fill(store: Store, round: string): Promise<void> {
  await store.sessions.save(sessionNamed(`session ${round}`), true)
  await saveFamily(store, `family ${round}`)
  await saveCode(store, `code ${round}`)
  await saveSigner(store, `signer ${round}`)
  await saveApproved(store, `approved ${round}`)
  await store.ledger.commit({
    at: start,
    accessToken: accessNamed(`alone ${round}`, { userId: 'user' }),
    consent: { userId: 'user', clientId: 'client', scope: ['read'], updatedAt: start },
  })
}

const everything = ['session', 'access', 'refresh', 'alone', 'code', 'signer', 'approved']

/** What of it still works. */
async function remaining(store: Store, round: string): Promise<string[]> {
  const alive = [
    (await store.sessions.find(digestOf(`session ${round}`))) !== undefined,
    await isLiveAccess(store, `family ${round} access`),
    await isLiveRefresh(store, `family ${round} refresh`),
    await isLiveAccess(store, `alone ${round}`),
    (await store.codes.find(digestOf(`code ${round}`))) !== undefined,
    await isLiveSigner(store, `signer ${round} token`),
    (await store.temporaryCredentials.find(digestOf(`approved ${round}`))) !== undefined,
  ]
  return everything.filter((_, index) => alive[index])
}

export function passwordRules(rule: Rules): void {
  rule('RFC 9700 §4.14.2: another password, or none, ends what a user has; another name does not', async (store) => {
    await store.sessions.save(sessionNamed('kept', { userId: 'other' }), false)
    await saveFamily(store, 'foreign', { userId: 'other' })
    await saveCode(store, 'foreign code', { userId: 'other' })
    for (const [round, hash] of (['new', undefined, 'newer'] as const).entries()) {
      const before = (await store.users.find('user')) ?? userNamed('user', { password_hash: 'old' })
      await store.users.save(before)
      await fill(store, `${round}`)
      await store.users.save({ ...before, name: `Renamed ${round}` })
      assert.deepEqual(await remaining(store, `${round}`), everything)
      await store.users.save(userNamed('user', hash === undefined ? {} : { password_hash: hash }))
      assert.deepEqual(await remaining(store, `${round}`), [])
    }
    assert.notEqual(await store.consents.find('user', 'client'), undefined)
    assert.notEqual(await store.sessions.find(digestOf('kept')), undefined)
    assert.equal(await isLiveRefresh(store, 'foreign refresh'), true)
    assert.notEqual(await store.codes.find(digestOf('foreign code')), undefined)
  })

  rule('RFC 9700 §4.14.2: what a password buys needs that password to stand at the commit', async (store) => {
    const verified = digestOf('old')
    await store.users.save(userNamed('user', { password_hash: 'old' }))
    const buys = (name: string) =>
      store.ledger.commit({ at: start, requireUser: 'user', requirePassword: verified, accessToken: accessNamed(name) })
    const signsIn = (name: string) => store.sessions.save(sessionNamed(name), true, verified)
    assert.deepEqual([await buys('first'), await signsIn('first')], ['done', true])
    assert.equal(await store.users.renewHash('user', 'old', 'anew'), true)
    assert.deepEqual([await buys('second'), await signsIn('second')], ['revoked', false])
    for (const [round, hash] of (['new', undefined] as const).entries()) {
      await store.users.save(userNamed('user', hash === undefined ? {} : { password_hash: hash }))
      assert.deepEqual([await buys(`late ${round}`), await signsIn(`late ${round}`)], ['revoked', false])
    }
    for (const name of ['second', 'late 0', 'late 1']) {
      assert.equal(await store.tokens.findAccess(digestOf(name)), undefined)
      assert.equal(await store.sessions.find(digestOf(name)), undefined)
    }
  })
}

export function passwordRaceRules(rule: Rules): void {
  rule(
    'RFC 9700 §4.14.2: of what races a change of the password, nothing is left that the old one bought',
    async (store) => {
      for (let round = 0; round < 20; round += 1) {
        await store.users.save(userNamed('user', { password_hash: `old ${round}` }))
        const requirePassword = digestOf(`old ${round}`)
        const entry = (name: string) => ({
          at: start,
          requireUser: 'user',
          requirePassword,
          accessToken: accessNamed(name, { userId: 'user' }),
        })
        const names = Array.from({ length: 6 }, (_, index) => `raced ${round} ${index}`)
        await Promise.all(
          names.flatMap((name, index) => [
            ...(index === 3 ? [store.users.save(userNamed('user', { password_hash: `new ${round}` }))] : []),
            store.ledger.commit(entry(name)),
            store.sessions.save(sessionNamed(name), true, requirePassword),
          ]),
        )
        for (const name of names) {
          assert.equal(await isLiveAccess(store, name), false)
          assert.equal(await store.sessions.find(digestOf(name)), undefined)
        }
      }
    },
  )

  rule('users: a hash made anew replaces only the one it was made from, and ends nothing', async (store) => {
    await store.users.save(userNamed('user', { password_hash: 'old', name: 'Ada' }))
    await fill(store, '')
    const renewed = await Promise.all(['new', 'newer'].map((after) => store.users.renewHash('user', 'old', after)))
    assert.deepEqual(renewed, [true, false])
    assert.equal(await store.users.renewHash('nobody', 'old', 'new'), false)
    const user = await store.users.find('user')
    assert.deepEqual([user?.password_hash, user?.name], ['new', 'Ada'])
    assert.deepEqual(await remaining(store, ''), everything)
    await store.users.save(userNamed('bare'))
    assert.equal(await store.users.renewHash('bare', '', 'new'), false)
  })
}

export function userEndingRules(rule: Rules): void {
  rule('users: disabling one ends sessions, authorizations and codes in the same step', async (store) => {
    await store.users.save(userNamed('user'))
    await store.sessions.save(sessionNamed('session'), true)
    await saveFamily(store, 'family')
    await saveFamily(store, 'foreign', { userId: 'other' })
    await saveCode(store, 'code')
    await store.users.save(userNamed('user', { disabled: true }))
    assert.equal(await store.sessions.find(digestOf('session')), undefined)
    assert.equal(await isLiveAccess(store, 'family access'), false)
    assert.equal(await isLiveRefresh(store, 'family refresh'), false)
    assert.equal(await store.codes.find(digestOf('code')), undefined)
    assert.equal(await isLiveRefresh(store, 'foreign refresh'), true)
  })

  rule('users: with a deleted user everything of theirs is gone', async (store) => {
    await store.users.save(userNamed('user'))
    await store.sessions.save(sessionNamed('session'), true)
    await saveFamily(store, 'family')
    await saveFamily(store, 'foreign', { userId: 'other' })
    await saveCode(store, 'code')
    await store.ledger.commit({
      at: start,
      consent: { userId: 'user', clientId: 'client', scope: ['read'], updatedAt: start },
    })
    assert.equal(await store.users.delete('user'), true)
    assert.equal(await store.users.delete('user'), false)
    assert.equal(await store.users.find('user'), undefined)
    assert.equal(await store.users.findByUsername('user@example.org'), undefined)
    assert.equal(await store.sessions.find(digestOf('session')), undefined)
    assert.equal(await store.consents.find('user', 'client'), undefined)
    assert.equal(await store.codes.find(digestOf('code')), undefined)
    assert.equal(await store.authorizations.find('family'), undefined)
    assert.equal(await store.tokens.findAccess(digestOf('family access')), undefined)
    assert.equal(await store.tokens.findRefresh(digestOf('family refresh')), undefined)
    assert.deepEqual(await store.tokens.listRefresh({ userId: 'user' }, { limit: 10 }), [])
    assert.equal(await isLiveAccess(store, 'foreign access'), true)
    assert.equal(await store.users.save(userNamed('heir', { username: 'user@example.org' })), 'saved')
  })
}
