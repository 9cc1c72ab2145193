import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import { accessNamed, authorizationNamed, isLiveAccess, refreshNamed, saveFamily, start } from './nouns.ts'
import type { Rules } from './rules.ts'

export function tokenRules(rule: Rules): void {
  rule('tokens: both kinds come back with every member they were saved with, and none besides', async (store) => {
    const authorization = authorizationNamed('family', { sessionId: 'session' })
    const accessToken = accessNamed('access', { authorizationId: 'family', userId: 'user', scope: ['a', 'b'] })
    const refreshToken = refreshNamed('refresh', 'family', { scope: [] })
    await store.ledger.commit({ at: start, authorization, accessToken, refreshToken })
    const { expiresAt: _none, ...endless } = accessNamed('endless')
    await store.ledger.commit({ at: start, accessToken: endless })
    const found = await store.tokens.findAccess(accessToken.digest)
    assert.deepEqual({ ...found, token: { ...found?.token } }, { token: accessToken, revoked: false })
    const foundEndless = await store.tokens.findAccess(endless.digest)
    assert.deepEqual({ ...foundEndless?.token }, endless)
    const foundRefresh = await store.tokens.findRefresh(refreshToken.digest)
    assert.deepEqual({ ...foundRefresh?.token }, refreshToken)
    assert.deepEqual({ ...foundRefresh?.authorization }, authorization)
    assert.equal(await store.tokens.findAccess(refreshToken.digest), undefined)
    assert.equal(await store.tokens.findRefresh(accessToken.digest), undefined)
  })

  rule('RFC 7009 §2.1: revoking an access token leaves its siblings alone, and is done once', async (store) => {
    await saveFamily(store, 'family')
    const accessToken = accessNamed('sibling', { authorizationId: 'family' })
    await store.ledger.commit({ at: start, under: 'family', accessToken })
    assert.equal(await store.tokens.revokeAccess(digestOf('family access'), start + 4), true)
    assert.equal(await store.tokens.revokeAccess(digestOf('family access'), start + 5), false)
    assert.equal(await store.tokens.revokeAccess(digestOf('nothing'), start + 5), false)
    const found = await store.tokens.findAccess(digestOf('family access'))
    assert.equal(found?.revoked, true)
    assert.equal(found?.token.revokedAt, start + 4)
    assert.equal(await isLiveAccess(store, 'sibling'), true)
  })

  rule(
    'tokens: listings filter by client, user and leading characters, page by page in the order of digests',
    async (store) => {
      const names = Array.from({ length: 12 }, (_, index) => `family ${index}`)
      for (const [index, name] of names.entries()) {
        await saveFamily(store, name, { clientId: index % 2 ? 'odd' : 'even', userId: index % 3 ? 'user' : 'third' })
      }
      const wanted = names.filter((_, index) => index % 2 && index % 3)
      for (const [list, kind] of [
        [store.tokens.listAccess, 'access'],
        [store.tokens.listRefresh, 'refresh'],
      ] as const) {
        const expected = wanted.map((name) => digestOf(`${name} ${kind}`)).sort()
        const filter = { clientId: 'odd', userId: 'user' }
        const first = await list(filter, { limit: 3 })
        const after = first.at(-1)?.token.digest ?? ''
        const rest = await list(filter, { limit: 100, after })
        assert.deepEqual(
          [...first, ...rest].map((found) => found.token.digest),
          expected,
        )
        assert.equal(first.length, 3)
        const digest = digestOf(`${wanted[0]} ${kind}`)
        const byPrefix = await list({ digestPrefix: digest.slice(0, 8) }, { limit: 100 })
        assert.deepEqual(
          byPrefix.map((found) => found.token.digest),
          [digest],
        )
        assert.deepEqual(await list({ digestPrefix: digest.slice(0, 8) }, { limit: 100, after: digest }), [])
      }
    },
  )
}
