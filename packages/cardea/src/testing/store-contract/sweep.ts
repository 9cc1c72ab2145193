import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import {
  accessNamed,
  authorizationNamed,
  interactionNamed,
  refreshNamed,
  saveCode,
  saveFamily,
  sessionNamed,
  start,
} from './nouns.ts'
import type { Rules } from './rules.ts'

const later = start + 100_000

export function sweepRules(rule: Rules): void {
  rule('housekeeping: a sweep takes what has expired, of every kind, and nothing else', async (store) => {
    const { expiresAt: _none, ...endless } = accessNamed('endless')
    await store.ledger.commit({ at: start, accessToken: endless })
    await saveFamily(store, 'short', { expiresAt: start + 50 })
    await store.ledger.commit({
      at: start,
      authorization: authorizationNamed('long', { expiresAt: later + 1000 }),
      accessToken: accessNamed('long access', { authorizationId: 'long', expiresAt: later + 1000 }),
      refreshToken: refreshNamed('long refresh', 'long', { expiresAt: later + 1000 }),
      code: { ...codeKept },
    })
    await saveCode(store, 'gone code')
    await store.interactions.save(interactionNamed('gone'))
    await store.interactions.save(interactionNamed('kept', { expiresAt: later + 1000 }))
    await store.sessions.save(sessionNamed('gone'), false)
    await store.sessions.save(sessionNamed('kept', { expiresAt: later + 1000 }), false)
    await store.attempts.add('gone', 60, start)
    await store.attempts.add('kept', 1000, later)

    const removed = await store.housekeeping.sweep(later, 100)
    assert.equal(removed, 7)
    assert.equal(await store.housekeeping.sweep(later, 100), 0)
    assert.equal(await store.authorizations.find('short'), undefined)
    assert.equal(await store.tokens.findAccess(digestOf('short access')), undefined)
    assert.equal(await store.tokens.findRefresh(digestOf('short refresh')), undefined)
    assert.equal(await store.codes.find(digestOf('gone code')), undefined)
    assert.equal(await store.interactions.find('gone'), undefined)
    assert.equal(await store.sessions.find(digestOf('gone')), undefined)
    assert.notEqual(await store.tokens.findAccess(endless.digest), undefined)
    assert.notEqual(await store.tokens.findAccess(digestOf('long access')), undefined)
    assert.notEqual(await store.tokens.findRefresh(digestOf('long refresh')), undefined)
    assert.notEqual(await store.codes.find(codeKept.digest), undefined)
    assert.notEqual(await store.interactions.find('kept'), undefined)
    assert.notEqual(await store.sessions.find(digestOf('kept')), undefined)
    assert.equal((await store.attempts.add('kept', 1000, later)).count, 2)
  })
}

export function sweepLimitRules(rule: Rules): void {
  rule('housekeeping: spent, rotated, taken and revoked rows stay until they expire', async (store) => {
    await saveFamily(store, 'family')
    await saveCode(store, 'code')
    await store.interactions.save(interactionNamed('asked'))
    await store.ledger.commit({ at: start, spend: { kind: 'code', digest: digestOf('code') } })
    await store.ledger.commit({
      at: start,
      under: 'family',
      spend: {
        kind: 'refresh_token',
        digest: digestOf('family refresh'),
        successor: digestOf('next'),
        endAccessTokens: true,
      },
      refreshToken: refreshNamed('next', 'family'),
    })
    await store.interactions.take('asked', start)
    await store.authorizations.revoke('family', start)
    assert.equal(await store.housekeeping.sweep(start + 59, 100), 0)
    assert.equal((await store.codes.find(digestOf('code')))?.spentAt, start)
    assert.equal((await store.tokens.findRefresh(digestOf('family refresh')))?.token.spentAt, start)
    assert.equal((await store.tokens.findAccess(digestOf('family access')))?.revoked, true)
    assert.equal((await store.interactions.find('asked'))?.takenAt, start)
  })

  rule('housekeeping: a token without an end of its own goes with its authorization', async (store) => {
    const { expiresAt: _none, ...endless } = accessNamed('endless', { authorizationId: 'family' })
    await store.ledger.commit({ at: start, authorization: authorizationNamed('family'), accessToken: endless })
    assert.notEqual(await store.tokens.findAccess(endless.digest), undefined)
    await store.housekeeping.sweep(later, 100)
    assert.equal(await store.tokens.findAccess(endless.digest), undefined)
  })

  rule('housekeeping: sweeping goes in steps of the given size until nothing is left', async (store) => {
    for (let index = 0; index < 25; index += 1) {
      await store.ledger.commit({ at: start, accessToken: accessNamed(`token ${index}`) })
    }
    const steps: number[] = []
    do steps.push(await store.housekeeping.sweep(later, 10))
    while (steps.at(-1) !== 0)
    assert.deepEqual(steps, [10, 10, 5, 0])
  })
}

const codeKept = {
  digest: digestOf('kept code'),
  authorizationId: 'none yet',
  clientId: 'client',
  userId: 'user',
  scope: ['read'],
  redirectUri: 'https://client.example/cb',
  redirectUriSent: true,
  authTime: start,
  issuedAt: start,
  expiresAt: later + 1000,
} as const
