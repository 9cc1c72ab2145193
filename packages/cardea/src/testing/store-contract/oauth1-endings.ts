import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import type { Store } from '../../core/ports/store.ts'
import { clientNamed, start, userNamed } from './nouns.ts'
import { approvalNamed, exchange, isLiveSigner, saveApproved, saveSigner, temporaryNamed } from './oauth1-nouns.ts'
import type { Rules } from './rules.ts'

/**
 * A client and a user with all that OAuth 1 can have of them, taken and not, and the same of others: their client is
 * `other`, their user `somebody`.
 */
async function fill(store: Store): Promise<void> {
  await store.clients.save(clientNamed('client'))
  await store.users.save(userNamed('user'))
  const temporary = (name: string) => store.temporaryCredentials.save(temporaryNamed(name))
  await temporary('asked')
  await saveApproved(store, 'approved')
  await saveApproved(store, 'taken')
  await exchange(store, 'taken')
  await store.temporaryCredentials.save(temporaryNamed('asked of other', { clientId: 'other' }))
  await saveApproved(store, 'approved at other', { clientId: 'other' })
  await saveApproved(store, 'approved by other', { approval: approvalNamed('x', { userId: 'somebody' }) })
  await saveSigner(store, 'family')
  await saveSigner(store, 'at other', { clientId: 'other' })
  await saveSigner(store, 'by other', { userId: 'somebody' })
}

const requests = ['asked', 'approved', 'taken', 'asked of other', 'approved at other', 'approved by other']

/** Names of the temporary credentials that can be found. */
async function remaining(store: Store): Promise<string[]> {
  const found = await Promise.all(requests.map((name) => store.temporaryCredentials.find(digestOf(name))))
  return requests.filter((_, index) => found[index] !== undefined)
}

/** Names of the token credentials that still work. */
async function live(store: Store): Promise<string[]> {
  const names = ['taken token 0', 'family token', 'at other token', 'by other token']
  const alive = await Promise.all(names.map((name) => isLiveSigner(store, name)))
  return names.filter((_, index) => alive[index])
}

export function oauth1EndingRules(rule: Rules): void {
  rule('authorizations: a user can end what OAuth 1 has at one client, or everywhere', async (store) => {
    await fill(store)
    assert.equal(await store.authorizations.revokeByUser('user', start, 'client'), 2)
    assert.deepEqual(await live(store), ['at other token', 'by other token'])
    assert.deepEqual(await remaining(store), [
      'asked',
      'taken',
      'asked of other',
      'approved at other',
      'approved by other',
    ])
    assert.equal(await store.authorizations.revokeByUser('user', start), 1)
    assert.deepEqual(await live(store), ['by other token'])
    assert.deepEqual(await remaining(store), ['asked', 'taken', 'asked of other', 'approved by other'])
  })

  rule('clients: disabling one ends its OAuth 1 credentials, and enabling it brings none back', async (store) => {
    await fill(store)
    await store.clients.save(clientNamed('client', { disabled: true }))
    await store.clients.save(clientNamed('client'))
    assert.deepEqual(await live(store), ['at other token'])
    assert.deepEqual(await remaining(store), ['taken', 'asked of other', 'approved at other'])
  })

  rule('clients: with a deleted client its OAuth 1 credentials are gone', async (store) => {
    await fill(store)
    await store.clients.delete('client')
    assert.deepEqual(await remaining(store), ['asked of other', 'approved at other'])
    const kept = await store.tokenCredentials.list({}, { limit: 10 })
    assert.deepEqual(
      kept.map(({ credential }) => credential.clientId),
      ['other'],
    )
    assert.equal((await store.tokenCredentials.usage(start)).length, 1)
  })

  rule('users: disabling one ends the OAuth 1 credentials of theirs and what they approved', async (store) => {
    await fill(store)
    await store.users.save(userNamed('user', { disabled: true }))
    assert.deepEqual(await live(store), ['by other token'])
    assert.deepEqual(await remaining(store), ['asked', 'taken', 'asked of other', 'approved by other'])
  })

  rule('users: with a deleted user their OAuth 1 credentials are gone', async (store) => {
    await fill(store)
    await store.users.delete('user')
    assert.deepEqual(await remaining(store), ['asked', 'asked of other', 'approved by other'])
    const kept = await store.tokenCredentials.list({}, { limit: 10 })
    assert.deepEqual(
      kept.map(({ credential }) => credential.userId),
      ['somebody'],
    )
  })
}

export function oauth1SweepRules(rule: Rules): void {
  rule('housekeeping: a sweep takes what has expired of OAuth 1, and marks that have ended', async (store) => {
    const later = start + 600
    await saveApproved(store, 'taken')
    await exchange(store, 'taken')
    await store.temporaryCredentials.save(temporaryNamed('kept', { expiresAt: later + 2 }))
    await saveSigner(store, 'short', { expiresAt: later })
    await saveSigner(store, 'endless')
    await store.replay.claim('gone', later, start)
    await store.replay.claim('kept', later + 1, start)
    assert.equal(await store.housekeeping.sweep(later, 100), 0)
    assert.notEqual((await store.temporaryCredentials.find(digestOf('taken')))?.takenAt, undefined)
    assert.equal(await store.housekeeping.sweep(later + 1, 100), 3)
    assert.equal(await store.housekeeping.sweep(later + 1, 100), 0)
    assert.equal(await store.temporaryCredentials.find(digestOf('taken')), undefined)
    assert.notEqual(await store.temporaryCredentials.find(digestOf('kept')), undefined)
    assert.equal(await store.tokenCredentials.find(digestOf('short token')), undefined)
    assert.equal(await isLiveSigner(store, 'endless token'), true)
    assert.equal(await store.replay.claim('gone', later, start), 'first')
    assert.equal(await store.replay.claim('kept', later, start), 'seen')
  })

  rule('housekeeping: a token credential without an end of its own goes with its authorization', async (store) => {
    await saveSigner(store, 'endless')
    await saveSigner(store, 'longer', { expiresAt: start + 20_000 })
    await store.housekeeping.sweep(start + 10_001, 100)
    assert.equal(await store.authorizations.find('endless'), undefined)
    assert.deepEqual(await store.tokenCredentials.list({}, { limit: 10 }), [])
    assert.deepEqual(await store.tokenCredentials.usage(start), [])
    assert.equal(await store.housekeeping.sweep(start + 30_000, 100), 0)
  })
}
