import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hash as bcryptHash } from '@node-rs/bcrypt'
import { type StoredUser, scryptHasher } from 'cardea'
import { memoryStore } from 'cardea/stores/memory'
import { argon2Hasher } from './argon2-hasher.ts'
import { isForeignHash, isKnownHash } from './hash-formats.ts'
import { rehashingAccounts } from './rehashing-accounts.ts'

const hasher = argon2Hasher()

/** Made by another implementation of bcrypt, for the password `allmine`. */
const theirs = '$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga'

const userWith = (password_hash: string): StoredUser => ({ id: 'u1', username: 'jane', password_hash, created_at: 0 })

test('Moved hashes: bcrypt of every prefix and scrypt of the library are verified like Argon2id', async () => {
  assert.equal(await hasher.verify(theirs, 'allmine'), true)
  const made = await bcryptHash('correct horse', 4)
  for (const prefix of ['$2a', '$2b', '$2y']) {
    assert.equal(await hasher.verify(made.replace('$2b', prefix), 'correct horse'), true, prefix)
    assert.equal(await hasher.verify(made.replace('$2b', prefix), 'correct horsf'), false, prefix)
  }
  const scrypt = await scryptHasher.hash('correct horse')
  assert.equal(await hasher.verify(scrypt, 'correct horse'), true)
  assert.equal(await hasher.verify(scrypt, 'correct horsf'), false)
})

const key = 'A'.repeat(43)
const salt = 'A'.repeat(22)
const unknown = [
  'correct horse',
  '$2x$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga',
  '$2b$16$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga',
  `bcrypt$${theirs}`,
  `${theirs}\n`,
  `$scrypt$ln=18,r=8,p=1$${salt}$${key}`,
  `$argon2id$v=19$m=262145,t=2,p=1$${salt}$${key}`,
  `$argon2i$v=19$m=19456,t=2,p=1$${salt}$${key}`,
  'pbkdf2_sha256$24000$abc$def',
]

for (const hash of unknown) {
  test(`Moved hashes: ${JSON.stringify(hash.slice(0, 34))} is not taken, nor ever verified`, async () => {
    assert.equal(isKnownHash(hash), false)
    assert.equal(isForeignHash(hash), false)
    assert.equal(await hasher.verify(hash, 'allmine'), false)
  })
}

test('Moved hashes: costs up to the bounds are taken', () => {
  for (const hash of [
    `$argon2id$v=19$m=262144,t=20,p=16$${salt}$${key}`,
    `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${key}`,
    `$scrypt$ln=17,r=16,p=16$${salt}$${key}`,
    theirs.replace('$10$', '$15$'),
  ])
    assert.equal(isKnownHash(hash), true, hash)
})

test('Moved hashes: the first sign-in hashes anew by Argon2id, the next leaves that alone', async () => {
  const { users } = memoryStore()
  await users.save(userWith(theirs))
  const accounts = rehashingAccounts(users, hasher)
  assert.equal(await accounts.authenticate('jane', 'wrong'), undefined)
  assert.equal((await users.find('u1'))?.password_hash, theirs)
  const first = await accounts.authenticate('jane', 'allmine')
  assert.equal(first?.id, 'u1')
  const renewed = (await users.find('u1'))?.password_hash ?? ''
  assert.match(renewed, /^\$argon2id\$/)
  // What the sign-in buys hangs on the hash that stands after it.
  assert.deepEqual(await accounts.authenticate('jane', 'allmine'), first)
  assert.equal((await users.find('u1'))?.password_hash, renewed)
})

test('Moved hashes: a password that was changed while its old hash was made anew stays changed, and lets nobody in by the old one', async () => {
  const { users } = memoryStore()
  await users.save(userWith(theirs))
  const changed = userWith(await hasher.hash('another one'))
  const changingMeanwhile = {
    verify: hasher.verify,
    async hash(secret: string) {
      await users.save(changed)
      return hasher.hash(secret)
    },
  }
  assert.equal(await rehashingAccounts(users, changingMeanwhile).authenticate('jane', 'allmine'), undefined)
  assert.equal((await users.find('u1'))?.password_hash, changed.password_hash)
})

test('Moved hashes: a user who is disabled while the old hash is made anew stays disabled', async () => {
  const { users } = memoryStore()
  await users.save(userWith(theirs))
  const disablingMeanwhile = {
    verify: hasher.verify,
    async hash(secret: string) {
      await users.save({ ...userWith(theirs), disabled: true })
      return hasher.hash(secret)
    },
  }
  await rehashingAccounts(users, disablingMeanwhile).authenticate('jane', 'allmine')
  assert.equal((await users.find('u1'))?.disabled, true)
})

test('Moved hashes: whoever gives the right password comes in although the new hash cannot be stored', async () => {
  const { users } = memoryStore()
  await users.save(userWith(theirs))
  const full = { ...users, renewHash: () => Promise.reject(new Error('disk full')) }
  assert.equal((await rehashingAccounts(full, hasher).authenticate('jane', 'allmine'))?.id, 'u1')
})
