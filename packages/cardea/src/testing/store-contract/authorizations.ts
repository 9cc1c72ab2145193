import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import {
  accessNamed,
  authorizationNamed,
  clientNamed,
  isLiveAccess,
  isLiveRefresh,
  saveCode,
  saveFamily,
  start,
} from './nouns.ts'
import { isLiveSigner, saveApproved, saveSigner, temporaryNamed } from './oauth1-nouns.ts'
import type { Rules } from './rules.ts'

export function authorizationRules(rule: Rules): void {
  rule('authorizations: revoking one ends every token below it at once, and is done once', async (store) => {
    await saveFamily(store, 'family')
    await saveFamily(store, 'sibling')
    assert.equal(await store.authorizations.revoke('family', start + 9), true)
    assert.equal(await store.authorizations.revoke('family', start + 10), false)
    assert.equal((await store.authorizations.find('family'))?.revokedAt, start + 9)
    assert.equal((await store.tokens.findAccess(digestOf('family access')))?.revoked, true)
    assert.equal(await isLiveRefresh(store, 'family refresh'), false)
    assert.equal(await isLiveAccess(store, 'sibling access'), true)
  })

  rule('authorizations: revoking what does not exist is remembered by nobody', async (store) => {
    assert.equal(await store.authorizations.revoke('family', start), false)
    await saveFamily(store, 'family')
    assert.equal(await isLiveAccess(store, 'family access'), true)
  })

  rule('authorizations: a user can end everything at one client, consent and codes included', async (store) => {
    await saveFamily(store, 'here')
    await saveFamily(store, 'here too')
    await saveFamily(store, 'there', { clientId: 'other' })
    await saveFamily(store, 'foreign', { userId: 'somebody' })
    await saveCode(store, 'code')
    await saveCode(store, 'code there', { clientId: 'other' })
    await store.ledger.commit({ at: start, accessToken: accessNamed('alone', { userId: 'user' }) })
    for (const clientId of ['client', 'other']) {
      const consent = { userId: 'user', clientId, scope: ['read'], updatedAt: start }
      await store.ledger.commit({ at: start, consent })
    }
    assert.equal(await store.authorizations.revokeByUser('user', start, 'client'), 2)
    assert.equal(await isLiveAccess(store, 'here access'), false)
    assert.equal(await isLiveAccess(store, 'alone'), false)
    assert.equal(await store.codes.find(digestOf('code')), undefined)
    assert.equal(await store.consents.find('user', 'client'), undefined)
    assert.equal(await isLiveAccess(store, 'there access'), true)
    assert.notEqual(await store.codes.find(digestOf('code there')), undefined)
    assert.equal(await store.authorizations.revokeByUser('user', start), 1)
    assert.equal(await isLiveRefresh(store, 'there refresh'), false)
    assert.equal(await store.consents.find('user', 'other'), undefined)
    assert.equal(await isLiveRefresh(store, 'foreign refresh'), true)
  })

  rule('RFC 6749 §4.1.2: a redeemed code stays findable when its user ends everything', async (store) => {
    await saveCode(store, 'code')
    await store.ledger.commit({ at: start, spend: { kind: 'code', digest: digestOf('code') } })
    await store.authorizations.revokeByUser('user', start)
    assert.equal((await store.codes.find(digestOf('code')))?.spentAt, start)
  })

  rule(
    'authorizations: a listing filters by client and user, page by page in the order of their ids',
    async (store) => {
      await saveFamily(store, 'd')
      await saveFamily(store, 'b', { userId: 'somebody' })
      await saveFamily(store, 'c', { clientId: 'other' })
      await saveFamily(store, 'a')
      const ids = async (filter: { clientId?: string; userId?: string }, after?: string) => {
        const page = after === undefined ? { limit: 3 } : { limit: 3, after }
        return (await store.authorizations.list(filter, page)).map((authorization) => authorization.id)
      }
      assert.deepEqual(await ids({}), ['a', 'b', 'c'])
      assert.deepEqual(await ids({}, 'c'), ['d'])
      assert.deepEqual(await ids({ clientId: 'client' }), ['a', 'b', 'd'])
      assert.deepEqual(await ids({ userId: 'user' }), ['a', 'c', 'd'])
      assert.deepEqual(await ids({ userId: 'user', clientId: 'client' }, 'a'), ['d'])
    },
  )
}

export function clientRevocationRules(rule: Rules): void {
  rule(
    'authorizations: all of a client ends at once, what stands alone included; client and consents stay',
    async (store) => {
      await store.clients.save(clientNamed('client'))
      await saveFamily(store, 'one')
      await saveFamily(store, 'two', { userId: 'somebody' })
      await store.ledger.commit({ at: start, authorization: authorizationNamed('ended', { revokedAt: start }) })
      await saveSigner(store, 'signer')
      await saveCode(store, 'code')
      await store.temporaryCredentials.save(temporaryNamed('asked'))
      await saveApproved(store, 'approved')
      const consent = { userId: 'user', clientId: 'client', scope: ['read'], updatedAt: start }
      await store.ledger.commit({ at: start, accessToken: accessNamed('machine'), consent })
      assert.equal(await store.authorizations.revokeByClient('client', start + 5), 3)
      assert.equal(await store.authorizations.revokeByClient('client', start + 6), 0)
      assert.equal((await store.authorizations.find('two'))?.revokedAt, start + 5)
      assert.equal(await isLiveRefresh(store, 'one refresh'), false)
      for (const name of ['one access', 'two access', 'machine']) assert.equal(await isLiveAccess(store, name), false)
      assert.equal(await isLiveSigner(store, 'signer token'), false)
      assert.equal(await store.codes.find(digestOf('code')), undefined)
      for (const name of ['asked', 'approved'])
        assert.equal(await store.temporaryCredentials.find(digestOf(name)), undefined)
      assert.deepEqual({ ...(await store.consents.find('user', 'client')) }, consent)
      assert.notEqual(await store.clients.find('client'), undefined)
    },
  )

  rule('authorizations: what ends of one client leaves others alone, and redeemed codes findable', async (store) => {
    await saveFamily(store, 'there', { clientId: 'other' })
    await saveSigner(store, 'signer there', { clientId: 'other' })
    await saveCode(store, 'code there', { clientId: 'other' })
    await saveApproved(store, 'approved there', { clientId: 'other' })
    await store.ledger.commit({ at: start, accessToken: accessNamed('machine there', { clientId: 'other' }) })
    await saveCode(store, 'code')
    await store.ledger.commit({ at: start, spend: { kind: 'code', digest: digestOf('code') } })
    assert.equal(await store.authorizations.revokeByClient('client', start), 0)
    assert.equal(await store.authorizations.revokeByClient('nobody', start), 0)
    assert.equal((await store.codes.find(digestOf('code')))?.spentAt, start)
    for (const name of ['there access', 'machine there']) assert.equal(await isLiveAccess(store, name), true)
    assert.equal(await isLiveSigner(store, 'signer there token'), true)
    assert.notEqual(await store.codes.find(digestOf('code there')), undefined)
    assert.notEqual(await store.temporaryCredentials.find(digestOf('approved there')), undefined)
  })
}
