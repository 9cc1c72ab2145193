import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import { accessNamed, authorizationNamed, interactionNamed, saveCode, start } from './nouns.ts'
import { approvalNamed, approve, exchange, saveApproved, temporaryNamed, tokenCredentialNamed } from './oauth1-nouns.ts'
import type { Rules } from './rules.ts'

export function temporaryCredentialRules(rule: Rules): void {
  rule('RFC 5849 §2.1: a temporary credential comes back with every member, and none besides', async (store) => {
    const bare = temporaryNamed('bare', { scope: [] })
    const approval = approvalNamed('full', { scope: [], sessionId: digestOf('session') })
    const full = temporaryNamed('full', { callback: 'oob', approval, takenAt: start + 3 })
    for (const credential of [bare, full]) await store.temporaryCredentials.save(credential)
    assert.deepEqual({ ...(await store.temporaryCredentials.find(bare.digest)) }, bare)
    const found = await store.temporaryCredentials.find(full.digest)
    assert.deepEqual({ ...found, approval: { ...found?.approval } }, full)
    assert.equal(await store.temporaryCredentials.find(digestOf('absent')), undefined)
  })

  rule('temporary credentials: saving a digest again does not bring a taken one back', async (store) => {
    await saveApproved(store, 'asked')
    await exchange(store, 'asked')
    await assert.rejects(store.temporaryCredentials.save(temporaryNamed('asked')))
    assert.equal((await store.temporaryCredentials.find(digestOf('asked')))?.takenAt, start)
  })

  rule('temporary credentials: a removed one is gone, and can be neither approved nor exchanged', async (store) => {
    await store.temporaryCredentials.save(temporaryNamed('asked'))
    await saveApproved(store, 'approved')
    for (const name of ['asked', 'approved']) {
      assert.equal(await store.temporaryCredentials.remove(digestOf(name)), true)
      assert.equal(await store.temporaryCredentials.remove(digestOf(name)), false)
      assert.equal(await store.temporaryCredentials.find(digestOf(name)), undefined)
      assert.equal(await approve(store, name), 'spent')
      assert.equal(await exchange(store, name), 'spent')
    }
  })
}

export function approvalRules(rule: Rules): void {
  rule('RFC 5849 §2.2: an approval is kept with the interaction and the consent it came with, once', async (store) => {
    await store.temporaryCredentials.save(temporaryNamed('asked'))
    await store.interactions.save(interactionNamed('page'))
    const consent = { userId: 'user', clientId: 'client', scope: ['read'], updatedAt: start }
    const spend = { kind: 'interaction', id: 'page' } as const
    assert.equal(await approve(store, 'asked', { spend, consent }), 'done')
    const found = await store.temporaryCredentials.find(digestOf('asked'))
    assert.deepEqual({ ...found?.approval }, approvalNamed('asked'))
    assert.notEqual((await store.interactions.find('page'))?.takenAt, undefined)
    assert.deepEqual((await store.consents.find('user', 'client'))?.scope, ['read'])
    const other = { digest: digestOf('asked'), approval: approvalNamed('other', { userId: 'somebody' }) }
    assert.equal(await store.ledger.commit({ at: start, approve: other }), 'spent')
    assert.equal((await store.temporaryCredentials.find(digestOf('asked')))?.approval?.userId, 'user')
  })

  rule('ledger: of an approval that is refused nothing is written, and the interaction stays open', async (store) => {
    await saveApproved(store, 'approved')
    await saveApproved(store, 'taken')
    await exchange(store, 'taken')
    await store.temporaryCredentials.save(temporaryNamed('expired', { expiresAt: start }))
    await store.interactions.save(interactionNamed('page'))
    for (const name of ['absent', 'approved', 'taken', 'expired']) {
      const outcome = await approve(store, name, {
        spend: { kind: 'interaction', id: 'page' },
        accessToken: accessNamed(name),
        consent: { userId: 'user', clientId: 'client', scope: [], updatedAt: start },
      })
      assert.equal(outcome, 'spent')
      assert.equal(await store.tokens.findAccess(digestOf(name)), undefined)
    }
    assert.equal((await store.interactions.find('page'))?.takenAt, undefined)
    assert.equal(await store.consents.find('user', 'client'), undefined)
    assert.equal((await store.temporaryCredentials.find(digestOf('expired')))?.approval, undefined)
  })

  rule('ledger: an interaction answered before, or a user who is gone, approves nothing', async (store) => {
    await store.temporaryCredentials.save(temporaryNamed('asked'))
    await store.interactions.save(interactionNamed('page', { takenAt: start }))
    assert.equal(await approve(store, 'asked', { spend: { kind: 'interaction', id: 'page' } }), 'spent')
    assert.equal(await approve(store, 'asked', { requireUser: 'user' }), 'revoked')
    assert.equal(await approve(store, 'asked', { requireClient: 'client' }), 'revoked')
    assert.equal(await approve(store, 'asked', { under: 'absent' }), 'revoked')
    assert.equal((await store.temporaryCredentials.find(digestOf('asked')))?.approval, undefined)
  })

  rule(
    'ledger: an approval together with another spend is a fault of the caller, and spends nothing',
    async (store) => {
      await store.temporaryCredentials.save(temporaryNamed('asked'))
      await saveCode(store, 'code')
      await assert.rejects(approve(store, 'asked', { spend: { kind: 'code', digest: digestOf('code') } }), TypeError)
      assert.equal((await store.codes.find(digestOf('code')))?.spentAt, undefined)
      assert.equal((await store.temporaryCredentials.find(digestOf('asked')))?.approval, undefined)
    },
  )
}

export function exchangeRules(rule: Rules): void {
  rule('RFC 5849 §2.3: an approved temporary credential buys once, and stays findable when taken', async (store) => {
    await saveApproved(store, 'asked')
    assert.equal(await exchange(store, 'asked', 1, start + 5), 'done')
    assert.equal(await exchange(store, 'asked', 2, start + 6), 'spent')
    // A repeated request brings the very ids that the first one saved.
    assert.equal(await exchange(store, 'asked', 1, start + 6), 'spent')
    assert.equal((await store.temporaryCredentials.find(digestOf('asked')))?.takenAt, start + 5)
    assert.notEqual(await store.tokenCredentials.find(digestOf('asked token 1')), undefined)
    assert.equal(await store.tokenCredentials.find(digestOf('asked token 2')), undefined)
    assert.equal(await store.authorizations.find('asked 2'), undefined)
  })

  rule('ledger: a temporary credential unapproved, expired or unknown buys nothing', async (store) => {
    await store.temporaryCredentials.save(temporaryNamed('unapproved'))
    await saveApproved(store, 'expiring')
    for (const [name, at] of [
      ['unapproved', start],
      ['expiring', start + 600],
      ['unknown', start],
    ] as const) {
      assert.equal(await exchange(store, name, 0, at), 'spent')
      assert.equal(await store.authorizations.find(`${name} 0`), undefined)
    }
    assert.equal((await store.temporaryCredentials.find(digestOf('unapproved')))?.takenAt, undefined)
    assert.equal(await exchange(store, 'expiring', 0, start + 599), 'done')
  })

  rule('ledger: a faulty exchange neither takes the temporary credential nor saves anything', async (store) => {
    await saveApproved(store, 'asked')
    await saveApproved(store, 'earlier')
    await exchange(store, 'earlier')
    const spend = { kind: 'temporary_credential', digest: digestOf('asked') } as const
    const authorization = authorizationNamed('new')
    const attempt = (name: string, family: string) =>
      store.ledger.commit({ at: start, spend, authorization, tokenCredential: tokenCredentialNamed(name, family) })
    await assert.rejects(attempt('earlier token 0', 'new'))
    assert.equal(await attempt('elsewhere', 'absent'), 'revoked')
    assert.equal((await store.temporaryCredentials.find(digestOf('asked')))?.takenAt, undefined)
    assert.equal(await store.authorizations.find('new'), undefined)
    assert.equal(await store.tokenCredentials.find(digestOf('elsewhere')), undefined)
    assert.equal(await exchange(store, 'asked'), 'done')
  })
}

export function declineRules(rule: Rules): void {
  rule(
    'RFC 5849 §2.2: one that was not approved is declined, once; one that was approved or taken is left',
    async (store) => {
      for (const name of ['asked', 'approved', 'taken']) await store.temporaryCredentials.save(temporaryNamed(name))
      for (const name of ['approved', 'taken']) await approve(store, name)
      await exchange(store, 'taken')
      const decline = (name: string) => store.temporaryCredentials.decline(digestOf(name))
      const outcomes = [
        await decline('asked'),
        await decline('asked'),
        await decline('approved'),
        await decline('taken'),
      ]
      assert.deepEqual(outcomes, [true, false, false, false])
      assert.equal(await store.temporaryCredentials.find(digestOf('asked')), undefined)
      assert.equal(await approve(store, 'asked'), 'spent')
      assert.equal(await exchange(store, 'approved'), 'done')
      assert.equal(await decline('absent'), false)
    },
  )
}
