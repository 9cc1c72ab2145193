import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import type { Store } from '../../core/ports/store.ts'
import { generationKeptFor } from '../../core/ports/unkept-tokens.ts'
import { clientNamed, start } from './nouns.ts'
import type { Rules } from './rules.ts'

const crowd = Array.from({ length: 100 }, (_, index) => index)
const one = digestOf('one')

const ends: readonly (readonly [title: string, end: (store: Store) => Promise<unknown>])[] = [
  ['saved as disabled', ({ clients }) => clients.save(clientNamed('client', { disabled: true }))],
  [
    'replaced by itself disabled',
    ({ clients }) => clients.replace(clientNamed('client'), clientNamed('client', { disabled: true })),
  ],
  ['deleted', ({ clients }) => clients.delete('client')],
  ['revoked', ({ authorizations }) => authorizations.revokeByClient('client', start)],
]

export function unkeptTokenRules(rule: Rules): void {
  for (const [title, end] of ends) {
    rule(`unkept tokens: a client that is ${title} begins a generation greater than every other`, async (store) => {
      const { unkeptTokens } = store
      assert.equal(await unkeptTokens.generation('client'), 0)
      const seen = [0]
      for (let round = 0; round < 3; round += 1) {
        await store.clients.save(clientNamed('client'))
        assert.equal(await unkeptTokens.generation('client'), seen[0])
        await end(store)
        seen.unshift(await unkeptTokens.generation('client'))
      }
      assert.deepEqual(
        seen,
        [...new Set(seen)].sort((a, b) => b - a),
      )
      assert.equal(await unkeptTokens.generation('other'), 0)
    })
  }

  rule('unkept tokens: of a client that the store does not know the tokens end as well', async (store) => {
    await store.authorizations.revokeByClient('elsewhere', start)
    assert.ok((await store.unkeptTokens.generation('elsewhere')) > 0)
  })

  rule('unkept tokens: what leaves a client alone, or is refused, ends nothing', async (store) => {
    await store.clients.save(clientNamed('client'))
    await store.clients.save(clientNamed('client', { client_name: 'Renamed' }))
    const absent = clientNamed('client', { scope: 'another' })
    assert.equal(await store.clients.replace(absent, { ...absent, disabled: true }), false)
    assert.equal(await store.clients.delete('absent'), false)
    await store.authorizations.revokeByUser('user', start, 'client')
    assert.equal(await store.unkeptTokens.generation('client'), 0)
    assert.equal(await store.unkeptTokens.generation('absent'), 0)
  })

  rule('unkept tokens: a mark is made once, by one of a hundred, and for that token only', async (store) => {
    const { unkeptTokens } = store
    assert.equal(await unkeptTokens.isRevoked(one), false)
    const marks = await Promise.all(crowd.map(() => unkeptTokens.revoke(one, start + 60)))
    assert.equal(marks.filter(Boolean).length, 1)
    assert.deepEqual([await unkeptTokens.isRevoked(one), await unkeptTokens.isRevoked(digestOf('two'))], [true, false])
  })

  rule('housekeeping: marks and generations go once nothing can be left that they ended', async (store) => {
    const { housekeeping, unkeptTokens } = store
    await unkeptTokens.revoke(one, start + 60)
    await store.authorizations.revokeByClient('client', start)
    assert.equal(await housekeeping.sweep(start + 60, 100), 0)
    assert.equal(await unkeptTokens.isRevoked(one), true)
    assert.equal(await housekeeping.sweep(start + 61, 100), 1)
    assert.equal(await unkeptTokens.isRevoked(one), false)
    const first = await unkeptTokens.generation('client')
    assert.equal(await housekeeping.sweep(start + generationKeptFor, 100), 0)
    assert.equal(await unkeptTokens.generation('client'), first)
    assert.equal(await housekeeping.sweep(start + generationKeptFor + 1, 100), 1)
    assert.equal(await unkeptTokens.generation('client'), 0)
    // Tokens of the first generation may still be out: the next end has to be later than theirs.
    await store.authorizations.revokeByClient('client', start + generationKeptFor + 1)
    assert.ok((await unkeptTokens.generation('client')) > first)
  })
}
