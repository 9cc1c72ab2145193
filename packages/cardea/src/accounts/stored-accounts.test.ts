import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredUser } from '../core/model/user.ts'
import type { SecretHasher } from '../core/ports/secret-hasher.ts'
import type { Users } from '../core/ports/users.ts'
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

async function changedWhileVerified(change: (users: Users, user: StoredUser) => Promise<unknown>) {
  const { users } = memoryStore()
  const user: StoredUser = { id: 'u', username: 'ada', password_hash: await fastHasher.hash('old'), created_at: 1 }
  await users.save(user)
  let changed = false
  const slow: SecretHasher = {
    ...fastHasher,
    async verify(hash, secret) {
      if (!changed) await change(users, user)
      changed = true
      return fastHasher.verify(hash.replace('anew:', ''), secret)
    },
  }
  return storedAccounts(users, slow).authenticate('ada', 'old')
}

test('RFC 9700 §4.14.2: a password that is changed while the old one is being verified lets nobody in by the old one', async () => {
  const newPassword = { password_hash: await fastHasher.hash('new') }
  assert.equal(await changedWhileVerified((users, user) => users.save({ ...user, ...newPassword })), undefined)
  assert.equal(await changedWhileVerified((users, user) => users.save({ ...user, disabled: true })), undefined)
  assert.equal(await changedWhileVerified((users) => users.delete('u')), undefined)
})

test('RFC 9700 §4.14.2: a hash of the same password that is made anew meanwhile shuts nobody out', async () => {
  const renew = async (users: Users, { password_hash: before = '' }: StoredUser) =>
    assert.equal(await users.renewHash('u', before, `anew:${before}`), true)
  const user = await changedWhileVerified(renew)
  assert.equal(user?.id, 'u')
})
