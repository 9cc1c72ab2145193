import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import {
  accessNamed,
  authorizationNamed,
  clientNamed,
  codeNamed,
  interactionNamed,
  isLiveAccess,
  isLiveRefresh,
  refreshNamed,
  saveCode,
  saveFamily,
  start,
  userNamed,
} from './nouns.ts'
import type { Rules } from './rules.ts'

export function spendRules(rule: Rules): void {
  rule(
    'RFC 6749 §4.1.2: a code comes back with every fact, buys once, and stays findable when spent',
    async (store) => {
      const code = codeNamed('code', {
        codeChallenge: 'challenge',
        codeChallengeMethod: 'S256',
        sessionId: 'session',
        redirectUriSent: false,
        scope: [],
      })
      await store.ledger.commit({ at: start, code })
      assert.deepEqual({ ...(await store.codes.find(code.digest)) }, code)
      const spend = { kind: 'code', digest: code.digest } as const
      const authorization = authorizationNamed(code.authorizationId)
      assert.equal(await store.ledger.commit({ at: start + 5, spend, authorization }), 'done')
      const again = {
        at: start + 6,
        spend,
        authorization: authorizationNamed('second'),
        accessToken: accessNamed('loot'),
      }
      assert.equal(await store.ledger.commit(again), 'spent')
      assert.equal(await store.authorizations.find('second'), undefined)
      assert.equal(await store.tokens.findAccess(digestOf('loot')), undefined)
      assert.equal((await store.codes.find(code.digest))?.spentAt, start + 5)
      assert.deepEqual({ ...(await store.authorizations.find(code.authorizationId)) }, authorization)
    },
  )

  rule('ledger: what is not there cannot be spent', async (store) => {
    const digest = digestOf('nothing')
    for (const spend of [
      { kind: 'code', digest },
      { kind: 'refresh_token', digest, successor: digestOf('next'), endAccessTokens: false },
      { kind: 'interaction', id: 'nothing' },
    ] as const) {
      const outcome = await store.ledger.commit({ at: start, spend, accessToken: accessNamed(spend.kind) })
      assert.equal(outcome, 'spent')
      assert.equal(await store.tokens.findAccess(digestOf(spend.kind)), undefined)
    }
  })

  rule('ledger: an interaction is spent together with the code and the consent it buys, once', async (store) => {
    await store.interactions.save(interactionNamed('asked'))
    const answer = (name: string, scope: string[]) =>
      store.ledger.commit({
        at: start + 3,
        spend: { kind: 'interaction', id: 'asked' },
        code: codeNamed(name),
        consent: { userId: 'user', clientId: 'client', scope, updatedAt: start },
      })
    assert.equal(await answer('first', ['read']), 'done')
    assert.equal(await answer('second', ['read', 'write']), 'spent')
    assert.equal((await store.interactions.find('asked'))?.takenAt, start + 3)
    assert.equal(await store.codes.find(digestOf('second')), undefined)
    assert.deepEqual((await store.consents.find('user', 'client'))?.scope, ['read'])
  })
}

export function rotationRules(rule: Rules): void {
  rule('RFC 9700 §4.14.2: a rotated refresh token buys nothing again, and names its successor', async (store) => {
    await saveFamily(store, 'family')
    const rotate = (to: string) =>
      store.ledger.commit({
        at: start + 7,
        under: 'family',
        spend: {
          kind: 'refresh_token',
          digest: digestOf('family refresh'),
          successor: digestOf(to),
          endAccessTokens: false,
        },
        refreshToken: refreshNamed(to, 'family'),
        accessToken: accessNamed(`${to} access`, { authorizationId: 'family' }),
      })
    assert.equal(await rotate('next'), 'done')
    assert.equal(await rotate('loot'), 'spent')
    const found = await store.tokens.findRefresh(digestOf('family refresh'))
    assert.equal(found?.token.spentAt, start + 7)
    assert.equal(found?.token.successor, digestOf('next'))
    assert.equal(await isLiveRefresh(store, 'next'), true)
    assert.equal(await isLiveAccess(store, 'family access'), true)
    assert.equal(await store.tokens.findRefresh(digestOf('loot')), undefined)
    assert.equal(await store.tokens.findAccess(digestOf('loot access')), undefined)
  })

  rule('ledger: a rotation that comes second to the same successor is told `spent`', async (store) => {
    await saveFamily(store, 'family')
    const spend = {
      kind: 'refresh_token',
      digest: digestOf('family refresh'),
      successor: digestOf('next'),
      endAccessTokens: false,
    } as const
    const rotate = () =>
      store.ledger.commit({ at: start, under: 'family', spend, refreshToken: refreshNamed('next', 'family') })
    assert.deepEqual(await Promise.all([rotate(), rotate()]), ['done', 'spent'])
    assert.equal(await rotate(), 'spent')
  })

  rule('ledger: a rotation can end the access tokens before it, of its own family only', async (store) => {
    await saveFamily(store, 'family')
    await saveFamily(store, 'foreign')
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
      accessToken: accessNamed('new access', { authorizationId: 'family' }),
    })
    assert.equal(await isLiveAccess(store, 'family access'), false)
    assert.equal(await isLiveAccess(store, 'new access'), true)
    assert.equal(await isLiveAccess(store, 'foreign access'), true)
    assert.equal(await isLiveRefresh(store, 'next'), true)
  })
}

export function refusalRules(rule: Rules): void {
  rule(
    'ledger: nothing can be saved under an authorization that is revoked, foreign to the token, or not there',
    async (store) => {
      await saveFamily(store, 'family')
      await saveFamily(store, 'living')
      await store.authorizations.revoke('family', start)
      const spend = {
        kind: 'refresh_token',
        digest: digestOf('family refresh'),
        successor: digestOf('loot'),
        endAccessTokens: false,
      } as const
      const accessToken = accessNamed('loot access', { authorizationId: 'family' })
      const refreshToken = refreshNamed('loot', 'family')
      assert.equal(await store.ledger.commit({ at: start, under: 'family', accessToken }), 'revoked')
      assert.equal(await store.ledger.commit({ at: start, under: 'family', spend, refreshToken }), 'revoked')
      assert.equal(await store.ledger.commit({ at: start, accessToken }), 'revoked')
      assert.equal(await store.ledger.commit({ at: start, under: 'absent', accessToken: accessNamed('x') }), 'revoked')
      await assert.rejects(store.ledger.commit({ at: start, under: 'living', accessToken }))
      await saveFamily(store, 'foreign')
      const foreign = { ...spend, digest: digestOf('foreign refresh') }
      const elsewhere = refreshNamed('loot', 'living')
      const mixed = { at: start, under: 'living', spend: foreign, refreshToken: elsewhere }
      assert.equal(await store.ledger.commit(mixed), 'spent')
      assert.equal(await isLiveRefresh(store, 'foreign refresh'), true)
      assert.equal(await store.tokens.findAccess(digestOf('loot access')), undefined)
      assert.equal(await store.tokens.findRefresh(digestOf('loot')), undefined)
      const found = await store.tokens.findRefresh(digestOf('family refresh'))
      assert.equal(found?.token.spentAt, undefined)
    },
  )

  rule('ledger: a commit that requires a client or user gets nothing once they are gone or disabled', async (store) => {
    await store.clients.save(clientNamed('client'))
    await store.users.save(userNamed('user'))
    await saveCode(store, 'code', { clientId: 'elsewhere', userId: 'elsewhere' })
    const attempt = (name: string, requireClient: string, requireUser: string) =>
      store.ledger.commit({
        at: start,
        requireClient,
        requireUser,
        spend: { kind: 'code', digest: digestOf('code') },
        accessToken: accessNamed(name),
      })
    assert.equal(await attempt('a', 'absent', 'user'), 'revoked')
    assert.equal(await attempt('b', 'client', 'absent'), 'revoked')
    await store.clients.save(clientNamed('client', { disabled: true }))
    assert.equal(await attempt('c', 'client', 'user'), 'revoked')
    await store.clients.save(clientNamed('client'))
    await store.users.save(userNamed('user', { disabled: true }))
    assert.equal(await attempt('d', 'client', 'user'), 'revoked')
    await store.users.save(userNamed('user'))
    assert.equal(await attempt('e', 'client', 'user'), 'done')
    for (const name of ['a', 'b', 'c', 'd']) assert.equal(await store.tokens.findAccess(digestOf(name)), undefined)
  })
}

export function faultRules(rule: Rules): void {
  rule('ledger: a commit whose key exists already fails alone and changes nothing', async (store) => {
    await saveCode(store, 'spendable')
    await store.ledger.commit({ at: start, accessToken: accessNamed('taken', { clientId: 'owner' }) })
    const [good, faulty, alsoGood] = await Promise.allSettled([
      store.ledger.commit({ at: start, accessToken: accessNamed('good') }),
      store.ledger.commit({
        at: start,
        spend: { kind: 'code', digest: digestOf('spendable') },
        accessToken: accessNamed('taken'),
      }),
      store.ledger.commit({ at: start, accessToken: accessNamed('also good') }),
    ])
    assert.deepEqual([good.status, faulty.status, alsoGood.status], ['fulfilled', 'rejected', 'fulfilled'])
    assert.equal(await isLiveAccess(store, 'good'), true)
    assert.equal(await isLiveAccess(store, 'also good'), true)
    assert.equal((await store.tokens.findAccess(digestOf('taken')))?.token.clientId, 'owner')
    assert.equal((await store.codes.find(digestOf('spendable')))?.spentAt, undefined)
  })
}
