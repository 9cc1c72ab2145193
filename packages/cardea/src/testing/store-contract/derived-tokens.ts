import assert from 'node:assert/strict'
import { accessNamed, clientNamed, isLiveAccess, saveFamily, start } from './nouns.ts'
import type { Rules } from './rules.ts'

/** A token of one client under the authorization of another, as exchanges make them. */
const derived = (name: string) => accessNamed(name, { clientId: 'other', userId: 'user', authorizationId: 'family' })

export function derivedTokenRules(rule: Rules): void {
  rule(
    'RFC 8693 §2.2: what was exchanged for another client ends with the authorization it comes from',
    async (store) => {
      await saveFamily(store, 'family')
      assert.equal(await store.ledger.commit({ at: start, under: 'family', accessToken: derived('derived') }), 'done')
      assert.equal(await isLiveAccess(store, 'derived'), true)
      await store.authorizations.revoke('family', start)
      assert.equal(await isLiveAccess(store, 'derived'), false)
      assert.equal(await store.ledger.commit({ at: start, under: 'family', accessToken: derived('late') }), 'revoked')
    },
  )

  rule('RFC 8693 §2.2: and with the client it was made for, which leaves the authorization alone', async (store) => {
    await saveFamily(store, 'family')
    await store.ledger.commit({ at: start, under: 'family', accessToken: derived('derived') })
    await store.authorizations.revokeByClient('other', start)
    assert.equal(await isLiveAccess(store, 'derived'), false)
    assert.equal(await isLiveAccess(store, 'family access'), true)
  })

  rule('RFC 8693 §2.2: and when the user ends what that client has, or the client is deleted', async (store) => {
    for (const id of ['client', 'other']) await store.clients.save(clientNamed(id))
    await saveFamily(store, 'family')
    await store.ledger.commit({ at: start, under: 'family', accessToken: derived('first') })
    await store.authorizations.revokeByUser('user', start, 'other')
    assert.equal(await isLiveAccess(store, 'first'), false)
    await store.ledger.commit({ at: start, under: 'family', accessToken: derived('second') })
    await store.clients.delete('other')
    assert.equal(await isLiveAccess(store, 'second'), false)
    assert.equal(await isLiveAccess(store, 'family access'), true)
  })
}
