import assert from 'node:assert/strict'
import type { Rules } from './rules.ts'

export function scopeRules(rule: Rules): void {
  rule('RFC 6749 §3.3: the vocabulary comes back whole, in the order first saved, as last saved', async (store) => {
    assert.deepEqual(await store.scopes.all(), [])
    await store.scopes.save({ name: 'write', description: 'Change things', is_default: false })
    await store.scopes.save({ name: 'read', description: 'See things', is_default: false })
    await store.scopes.all()
    await store.scopes.save({ name: 'read', description: 'See all things', is_default: true })
    assert.deepEqual(await store.scopes.all(), [
      { name: 'write', description: 'Change things', is_default: false },
      { name: 'read', description: 'See all things', is_default: true },
    ])
    assert.equal(await store.scopes.delete('write'), true)
    assert.equal(await store.scopes.delete('write'), false)
    assert.deepEqual(
      (await store.scopes.all()).map((scope) => scope.name),
      ['read'],
    )
  })
}
