import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import type { LedgerOutcome } from '../../core/ports/ledger.ts'
import type { Store } from '../../core/ports/store.ts'
import { accessNamed, authorizationNamed, start } from './nouns.ts'
import { isLiveSigner, saveSigner, tokenCredentialNamed } from './oauth1-nouns.ts'
import { onlyWinner } from './races.ts'
import type { Rules } from './rules.ts'

const hour = 3600

export function tokenCredentialRules(rule: Rules): void {
  rule('RFC 5849 §2.3: a token credential comes back with every member, and none besides', async (store) => {
    const bare = tokenCredentialNamed('bare', 'family')
    const full = tokenCredentialNamed('full', 'family', { scope: [], expiresAt: start + 50, lastUsedAt: start })
    await store.ledger.commit({ at: start, authorization: authorizationNamed('family'), tokenCredential: bare })
    assert.equal(await store.ledger.commit({ at: start, tokenCredential: full }), 'done')
    for (const credential of [bare, full]) {
      const found = await store.tokenCredentials.find(credential.digest)
      assert.deepEqual({ ...found, credential: { ...found?.credential } }, { credential, revoked: false })
    }
    assert.equal(await store.tokenCredentials.find(digestOf('absent')), undefined)
  })

  rule('ledger: no token credential is saved under an authorization that is revoked or not there', async (store) => {
    await saveSigner(store, 'family')
    await store.authorizations.revoke('family', start)
    for (const family of ['family', 'absent']) {
      const tokenCredential = tokenCredentialNamed('loot', family)
      assert.equal(await store.ledger.commit({ at: start, tokenCredential }), 'revoked')
      assert.equal(await store.tokenCredentials.find(digestOf('loot')), undefined)
    }
  })

  rule('token credentials: one is revoked by itself, once, or with its authorization', async (store) => {
    for (const family of ['own', 'whole', 'kept']) await saveSigner(store, family)
    const tokenCredential = tokenCredentialNamed('sibling', 'own')
    await store.ledger.commit({ at: start, tokenCredential })
    assert.equal(await store.tokenCredentials.revoke(digestOf('own token'), start + 4), true)
    assert.equal(await store.tokenCredentials.revoke(digestOf('own token'), start + 5), false)
    assert.equal(await store.tokenCredentials.revoke(digestOf('absent'), start + 5), false)
    await store.authorizations.revoke('whole', start)
    const found = await store.tokenCredentials.find(digestOf('own token'))
    assert.equal(found?.credential.revokedAt, start + 4)
    assert.equal(found?.revoked, true)
    assert.equal((await store.tokenCredentials.find(digestOf('whole token')))?.revoked, true)
    assert.equal(await isLiveSigner(store, 'sibling'), true)
    assert.equal(await isLiveSigner(store, 'kept token'), true)
  })
}

export function tokenCredentialUseRules(rule: Rules): void {
  rule('token credentials: the last use is remembered to the hour and never moves back', async (store) => {
    await saveSigner(store, 'family')
    const digest = digestOf('family token')
    const lastUse = async () => (await store.tokenCredentials.find(digest))?.credential.lastUsedAt
    assert.equal(await lastUse(), undefined)
    for (const [at, expected] of [
      [start + 2 * hour + 7, start + 2 * hour],
      [start + 3 * hour - 1, start + 2 * hour],
      [start + hour, start + 2 * hour],
      [start + 3 * hour, start + 3 * hour],
    ] as const) {
      await store.tokenCredentials.touch(digest, at)
      assert.equal(await lastUse(), expected)
    }
    await store.tokenCredentials.touch(digestOf('absent'), start)
    assert.equal(await store.tokenCredentials.find(digestOf('absent')), undefined)
  })

  rule(
    'token credentials: listings filter by client, user and leading characters, page by page in the order of digests',
    async (store) => {
      const names = Array.from({ length: 12 }, (_, index) => `family ${index}`)
      for (const [index, name] of names.entries()) {
        await saveSigner(store, name, { clientId: index % 2 ? 'odd' : 'even', userId: index % 3 ? 'user' : 'third' })
      }
      await store.authorizations.revoke('family 1', start)
      const digests = names.filter((_, index) => index % 2 && index % 3).map((name) => digestOf(`${name} token`))
      const filter = { clientId: 'odd', userId: 'user' }
      const first = await store.tokenCredentials.list(filter, { limit: 3 })
      const after = first.at(-1)?.credential.digest ?? ''
      const rest = await store.tokenCredentials.list(filter, { limit: 100, after })
      const listed = [...first, ...rest].map(({ credential, revoked }) => [credential.digest, revoked])
      const revoked = digestOf('family 1 token')
      assert.deepEqual(
        listed,
        digests.sort().map((digest) => [digest, digest === revoked]),
      )
      assert.equal(first.length, 3)
      const byPrefix = await store.tokenCredentials.list({ digestPrefix: revoked.slice(0, 8) }, { limit: 100 })
      assert.deepEqual(
        byPrefix.map(({ credential }) => credential.digest),
        [revoked],
      )
    },
  )

  rule('token credentials: the report counts what lives per client and tells the latest use', async (store) => {
    assert.deepEqual(await store.tokenCredentials.usage(start), [])
    await saveSigner(store, 'b one', { clientId: 'b', lastUsedAt: start + hour })
    await saveSigner(store, 'b two', { clientId: 'b', lastUsedAt: start + 2 * hour })
    await saveSigner(store, 'b expiring', { clientId: 'b', expiresAt: start + 100 })
    await saveSigner(store, 'a revoked', { clientId: 'a' })
    await saveSigner(store, 'a ended', { clientId: 'a' })
    await saveSigner(store, 'c', { clientId: 'c' })
    await store.tokenCredentials.revoke(digestOf('a revoked token'), start)
    await store.authorizations.revoke('a ended', start)
    const report = async (at: number) => (await store.tokenCredentials.usage(at)).map((usage) => ({ ...usage }))
    const b = { clientId: 'b', lastUsedAt: start + 2 * hour }
    const [a, c] = [
      { clientId: 'a', live: 0 },
      { clientId: 'c', live: 1 },
    ]
    assert.deepEqual(await report(start + 99), [a, { ...b, live: 3 }, c])
    assert.deepEqual(await report(start + 100), [a, { ...b, live: 2 }, c])
    // Nothing outlives its authorization.
    assert.deepEqual(await report(start + 10_000), [a, { ...b, live: 0 }, { ...c, live: 0 }])
  })
}

export function resealRules(rule: Rules): void {
  rule('token credentials: a secret is sealed anew where it still is the one that was read', async (store) => {
    await saveSigner(store, 'family', { expiresAt: start + 50 })
    await saveSigner(store, 'other')
    const digest = digestOf('family token')
    const before = await store.tokenCredentials.find(digest)
    const reseal = (from: string, to: string) => store.tokenCredentials.reseal(digest, from, to)
    assert.equal(await reseal('another', 'lost'), false)
    const from = before?.credential.sealedSecret ?? ''
    const many = await Promise.all(['a', 'b', 'c', 'd'].map((to) => reseal(from, to)))
    assert.deepEqual(many.filter(Boolean), [true])
    const found = await store.tokenCredentials.find(digest)
    const sealedSecret = ['a', 'b', 'c', 'd'][many.indexOf(true)]
    assert.deepEqual({ ...found?.credential }, { ...before?.credential, sealedSecret })
    const other = await store.tokenCredentials.find(digestOf('other token'))
    assert.equal(other?.credential.sealedSecret, 'sealed other token')
    assert.equal(await store.tokenCredentials.reseal(digestOf('absent'), from, 'x'), false)
  })
}

const exchangeFor = (store: Store, name: string, ends: boolean, bought: string): Promise<LedgerOutcome> =>
  store.ledger.commit({
    at: start + 7,
    spend: { kind: 'token_credential', digest: digestOf(name), ends },
    authorization: authorizationNamed(bought),
    accessToken: accessNamed(`${bought} access`, { authorizationId: bought }),
  })

export function exchangedRules(rule: Rules): void {
  rule(
    'RFC 8693 §2.1: a token credential is exchanged once, and goes on working unless it ends with that',
    async (store) => {
      for (const family of ['kept', 'ended', 'revoked', 'whole']) await saveSigner(store, family)
      assert.equal(await exchangeFor(store, 'kept token', false, 'first'), 'done')
      assert.equal(await exchangeFor(store, 'kept token', false, 'second'), 'spent')
      assert.equal(await isLiveSigner(store, 'kept token'), true)
      assert.equal(await exchangeFor(store, 'ended token', true, 'third'), 'done')
      assert.equal(await exchangeFor(store, 'ended token', true, 'fourth'), 'spent')
      const ended = await store.tokenCredentials.find(digestOf('ended token'))
      assert.deepEqual([ended?.revoked, ended?.credential.revokedAt], [true, start + 7])
      await store.tokenCredentials.revoke(digestOf('revoked token'), start)
      await store.authorizations.revoke('whole', start)
      for (const [number, name] of ['revoked token', 'whole token', 'absent'].entries()) {
        for (const ends of [true, false])
          assert.equal(await exchangeFor(store, name, ends, `none ${number} ${ends}`), 'spent')
      }
      const bought = await store.tokens.listAccess({}, { limit: 100 })
      assert.deepEqual(
        bought.map(({ token }) => token.digest).sort(),
        [digestOf('first access'), digestOf('third access')].sort(),
      )
    },
  )

  rule('RFC 8693 §2.1: of 100 parallel exchanges of a token credential one buys something', async (store) => {
    for (const ends of [true, false]) {
      await saveSigner(store, `family ${ends}`)
      const crowd = Array.from({ length: 100 }, (_, number) => `${ends} ${number}`)
      const winner = onlyWinner(
        await Promise.all(crowd.map((bought) => exchangeFor(store, `family ${ends} token`, ends, bought))),
      )
      const found = await Promise.all(crowd.map((bought) => store.authorizations.find(bought)))
      assert.deepEqual(
        found.flatMap((authorization) => authorization?.id ?? []),
        [`${ends} ${winner}`],
      )
    }
  })
}
