import assert from 'node:assert/strict'
import { test } from 'node:test'
import { argon2Hasher } from './argon2-hasher.ts'
import { boundedQueue } from './bounded-queue.ts'
import { commonPasswords, longestCommonPassword } from './common-passwords.ts'
import { lengthProblem, passwordProblem } from './password-policy.ts'

test('Argon2: hashes with the OWASP parameters, salted, and verifies only the same secret', async () => {
  const hasher = argon2Hasher()
  const [one, two] = await Promise.all([hasher.hash('correct horse'), hasher.hash('correct horse')])
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  assert.notEqual(one, two)
  assert.equal(await hasher.verify(one, 'correct horse'), true)
  assert.equal(await hasher.verify(one, 'correct horsf'), false)
})

test('Argon2: an unreadable hash verifies nothing and does not throw', async () => {
  for (const stored of ['', 'sha256:abc', '$argon2id$', '$argon2id$v=19$m=19456,t=2,p=1$AAAA$!!!!']) {
    assert.equal(await argon2Hasher().verify(stored, 'x'), false, stored)
  }
})

test('Argon2: a secret beyond 1024 characters is refused before hashing', async () => {
  const hasher = argon2Hasher()
  await assert.rejects(hasher.hash('x'.repeat(1025)), RangeError)
  assert.equal(await hasher.verify(await hasher.hash('x'.repeat(1024)), 'x'.repeat(1025)), false)
})

test('Hash queue: runs no more than its bound at once and keeps the order', async () => {
  const queue = boundedQueue(2, 10, () => new Error('full'))
  let running = 0
  let most = 0
  const order: number[] = []
  await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      queue.run(async () => {
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setImmediate(resolve))
        order.push(index)
        running -= 1
      }),
    ),
  )
  assert.equal(most, 2)
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7])
})

test('Hash queue: refuses what comes beyond its bound, and goes on after a job failed', async () => {
  const queue = boundedQueue(1, 1, () => new Error('full'))
  const first = queue.run(() => Promise.reject(new Error('broken')))
  const second = queue.run(() => Promise.resolve('fine'))
  await assert.rejects(
    queue.run(() => Promise.resolve('late')),
    /full/,
  )
  await assert.rejects(first, /broken/)
  assert.equal(await second, 'fine')
  assert.equal(await queue.run(() => Promise.resolve('again')), 'again')
})

test('ASVS 6.2.1, 6.2.9: passwords of 8 to 1024 characters are taken, whatever the characters', () => {
  const problem = (password: string) => passwordProblem(password, new Set())
  assert.match(problem('1234567') ?? '', /7 characters; at least 8/)
  for (const password of ['12345678', 'пароль 🔑', 'x'.repeat(1024)]) assert.equal(problem(password), undefined)
  assert.match(problem('x'.repeat(1025)) ?? '', /1024/)
})

test('ASVS 6.2.4: the passwords most common in breaches are refused in any letter case, others are not', async () => {
  const common = await commonPasswords('12345678')
  assert.equal(Math.max(...[...common].map((password) => password.length)), longestCommonPassword)
  assert.equal((await commonPasswords('x'.repeat(longestCommonPassword + 1))).size, 0, 'too long to be in the list')
  // The 3000 most common that are long enough to be chosen at all.
  assert.ok([...common].filter((password) => lengthProblem(password) === undefined).length >= 3000)
  for (const password of ['password1', 'PASSWORD1', '12345678', 'P@ssw0rd', 'ｉloveyou1']) {
    assert.match(passwordProblem(password, common) ?? '', /breached passwords/, password)
  }
  for (const password of ['correct horse', 'testpassword', 'password1 of mine', 'пароль 🔑']) {
    assert.equal(passwordProblem(password, common), undefined, password)
  }
})
