import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import { saveFamily } from './nouns.ts'
import type { Rules } from './rules.ts'

export function grantTypeRules(rule: Rules): void {
  rule('authorizations: what one came from is remembered, and found with its refresh tokens', async (store) => {
    await saveFamily(store, 'known', { grantType: 'authorization_code' })
    await saveFamily(store, 'older')
    assert.equal((await store.authorizations.find('known'))?.grantType, 'authorization_code')
    const found = await store.tokens.findRefresh(digestOf('known refresh'))
    assert.equal(found?.authorization.grantType, 'authorization_code')
    assert.equal('grantType' in ((await store.authorizations.find('older')) ?? {}), false)
  })
}
