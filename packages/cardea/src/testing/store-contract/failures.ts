import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import type { Store } from '../../core/ports/store.ts'
import { StorageUnavailable } from '../../core/spec/storage-error.ts'
import { clientNamed, isLiveRefresh, saveCode, saveFamily, sessionNamed, start, userNamed } from './nouns.ts'
import { approve, exchange, saveApproved, saveSigner, temporaryNamed } from './oauth1-nouns.ts'
import { redeem, rotate } from './races.ts'
import type { Rules } from './rules.ts'

export function failureRules(rule: Rules, breakStorage: (store: Store) => Promise<() => Promise<void> | void>): void {
  rule(
    'store: broken storage is StorageUnavailable on every write, changes nothing, and is over when mended',
    async (store) => {
      await saveCode(store, 'code')
      await saveFamily(store, 'family')
      await saveSigner(store, 'signer')
      await saveApproved(store, 'approved')
      await store.temporaryCredentials.save(temporaryNamed('asked'))
      const mend = await breakStorage(store)
      const results = await Promise.allSettled([
        redeem(store, 'code', 1),
        rotate(store, 'family', 1),
        store.clients.save(clientNamed('client')),
        store.users.save(userNamed('user')),
        store.scopes.save({ name: 'read', description: '', is_default: true }),
        store.sessions.save(sessionNamed('session'), false),
        store.authorizations.revoke('family', start),
        store.attempts.add('key', 60, start),
        store.temporaryCredentials.save(temporaryNamed('late')),
        store.temporaryCredentials.remove(digestOf('asked')),
        approve(store, 'asked'),
        exchange(store, 'approved', 1),
        store.tokenCredentials.revoke(digestOf('signer token'), start),
        store.tokenCredentials.touch(digestOf('signer token'), start),
        store.replay.claim('key', start, start),
        store.check(),
      ])
      await mend()
      for (const result of results) {
        assert.equal(result.status, 'rejected')
        assert.ok(result.reason instanceof StorageUnavailable, String(result.reason))
        assert.ok(result.reason.retryAfter > 0)
      }
      assert.equal((await store.codes.find(digestOf('code')))?.spentAt, undefined)
      assert.equal(await isLiveRefresh(store, 'family refresh'), true)
      assert.equal(await store.clients.find('client'), undefined)
      assert.deepEqual(await store.scopes.all(), [])
      await store.check()
      assert.equal(await redeem(store, 'code', 2), 'done')
      assert.equal(await rotate(store, 'family', 2), 'done')
      assert.equal((await store.attempts.add('key', 60, start)).count, 1)
      assert.equal(await approve(store, 'asked'), 'done')
      assert.equal(await exchange(store, 'approved', 2), 'done')
      const signer = await store.tokenCredentials.find(digestOf('signer token'))
      assert.equal(signer?.revoked, false)
      assert.equal(signer.credential.lastUsedAt, undefined)
      assert.equal(await store.replay.claim('key', start, start), 'first')
    },
  )
}
