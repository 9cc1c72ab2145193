import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SecretHasher } from '../core/ports/secret-hasher.ts'
import { memoryStore } from '../stores/memory/index.ts'
import { fastHasher } from '../testing/fast-hasher.ts'
import { storedAccounts } from './stored-accounts.ts'

test('T-SES-6: an unknown name, a disabled user and one without a password each cost one verification', async () => {
  const { users } = memoryStore()
  const password_hash = await fastHasher.hash('right')
  await users.save({ id: 'known', username: 'known', password_hash, created_at: 1 })
  await users.save({ id: 'gone', username: 'gone', password_hash, disabled: true, created_at: 1 })
  await users.save({ id: 'bare', username: 'bare', created_at: 1 })
  const verified: string[] = []
  const counting: SecretHasher = {
    ...fastHasher,
    verify(hash, secret) {
      verified.push(hash)
      return fastHasher.verify(hash, secret)
    },
  }
  const accounts = storedAccounts(users, counting)
  for (const name of ['nobody', 'gone', 'bare', 'known']) {
    const wrong = name === 'gone' ? 'right' : 'wrong'
    assert.equal(await accounts.authenticate(name, wrong), undefined, name)
    assert.match(verified.pop() ?? '', /^testing:/, name)
    assert.deepEqual(verified, [], name)
  }
})

test('T-SES-6: a hasher that was too busy once does not make unknown names answer otherwise ever after', async () => {
  let busy = true
  const hasher: SecretHasher = {
    ...fastHasher,
    hash: async (secret) => (busy ? Promise.reject(new Error('busy')) : fastHasher.hash(secret)),
  }
  const accounts = storedAccounts(memoryStore().users, hasher)
  await assert.rejects(accounts.authenticate('nobody', 'x'), /busy/)
  busy = false
  assert.equal(await accounts.authenticate('nobody', 'x'), undefined)
})
