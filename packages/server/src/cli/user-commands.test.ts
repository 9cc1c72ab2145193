import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

interface UserView {
  id: string
  username: string
  email?: string
  has_password: boolean
  disabled?: boolean
}

const create = ['user', 'create', 'jane@example.com', '--email', 'jane@example.com', '--password-stdin', '--json']

test('user create: reads the password from standard input and stores only its Argon2id hash', async () => {
  const cli = new InProcessWorld()
  const { code, out, err } = await cli.run(create, { stdin: 'correct horse battery\n' })
  assert.equal(code, 0, err)
  assert.equal((JSON.parse(out) as UserView).has_password, true)
  assert.doesNotMatch(out, /argon2|password_hash|correct horse/)
  const store = await cli.open()
  assert.match((await store.users.findByUsername('JANE@example.com'))?.password_hash ?? '', /^\$argon2id\$/)
  await store.close()
})

test('user create: without a terminal and without a password it says how to give one', async () => {
  const { code, err } = await new InProcessWorld().run('user create jane')
  assert.equal(code, 2)
  assert.match(err, /Give the password: --password-stdin, or CARDEA_PASSWORD/)
})

test('user create: --no-sign-in makes a user without a password', async () => {
  const user = (await new InProcessWorld().run('user create jane --no-sign-in --json')).json<UserView>()
  assert.equal(user.has_password, false)
})

const refused: [string, string | Uint8Array, RegExp][] = [
  ['a short password', 'short\n', /The password has 5 characters; at least 8 are needed/],
  ['an empty standard input', '', /--password-stdin: standard input is empty/],
  ['a password that is not UTF-8', Buffer.from('contrase\xf1a\n', 'latin1'), /--password-stdin: .* not valid UTF-8/],
  ['a common password', 'iloveyou1\n', /The password is one of the most common in lists of breached passwords/],
  ['a common password in other letters', 'PassWord123\n', /which are tried first; choose another/],
  ['a password beyond 1024 characters', 'x'.repeat(1025), /has more than 1024 characters/],
]

for (const [what, stdin, pattern] of refused) {
  test(`user create: refuses ${what}`, async () => {
    const cli = new InProcessWorld()
    const { code, err } = await cli.run(create, { stdin })
    assert.equal(code, 2)
    assert.match(err, pattern)
    assert.equal((await cli.run('user show jane@example.com')).code, 3)
  })
}

test('user create: a password in bytes of several, cut anywhere, is the one that was given', async () => {
  const cli = new InProcessWorld()
  assert.equal((await cli.run(create, { stdin: 'пароль 🔑 длинный\r\nnot this' })).code, 0)
  const store = await cli.open()
  const { argon2Hasher } = await import('../accounts/argon2-hasher.ts')
  const hash = (await store.users.findByUsername('jane@example.com'))?.password_hash ?? ''
  await store.close()
  assert.equal(await argon2Hasher().verify(hash, 'пароль 🔑 длинный'), true)
})

test('RFC 8265 §3.2: user create and update, and load, refuse names with characters that nobody sees', async () => {
  const cli = new InProcessWorld()
  for (const name of ['jane\u001b[2J', 'jane\n', 'ja\u0000ne', 'ja\u202ene']) {
    const { code, err } = await cli.run(['user', 'create', name, '--no-sign-in'])
    assert.deepEqual([code, /username: .*cannot be seen/.test(err)], [2, true], JSON.stringify(name))
  }
  await cli.run('user create jane --no-sign-in')
  assert.equal((await cli.run(['user', 'update', 'jane', '--username', 'ja\tne'])).code, 2)
  cli.write('rows.json', { users: [{ username: 'bob\u0007', password: 'a long password' }] })
  assert.match((await cli.run('load rows.json')).err, /users\[0\]\.username.*cannot be seen/)
  assert.equal((await cli.run('user list --json')).json<UserView[]>().length, 1)
})

test('user create: refuses an address that is none, and a name that is taken in another spelling', async () => {
  const cli = new InProcessWorld()
  assert.match((await cli.run('user create x --email nope --no-sign-in')).err, /email: got "nope"/)
  await cli.run('user create Jane --no-sign-in')
  assert.equal((await cli.run('user create jANE --no-sign-in')).code, 4)
  await cli.run('user create bob --no-sign-in')
  assert.equal((await cli.run('user update bob --username JANE')).code, 4)
})

test('user update: changes password, name and state, and keeps the id', async () => {
  const cli = new InProcessWorld()
  const { id } = (await cli.run(create, { stdin: 'first password' })).json<UserView>()
  const env = { CARDEA_PASSWORD: 'second password' }
  assert.equal((await cli.run('user update jane@example.com --set-password', { env })).code, 0)
  const store = await cli.open()
  const stored = await store.users.findByUsername('jane@example.com')
  await store.close()
  const { argon2Hasher } = await import('../accounts/argon2-hasher.ts')
  assert.equal(await argon2Hasher().verify(stored?.password_hash ?? '', 'second password'), true)
  const updated = (await cli.run('user update jane@example.com --username jane --disable --json')).json<UserView>()
  assert.deepEqual([updated.id, updated.username, updated.disabled], [id, 'jane', true])
  assert.equal((await cli.run('user update jane --enable --json')).json<UserView>().disabled, undefined)
})

test('user list and delete: rows that are missing end with 3', async () => {
  const cli = new InProcessWorld()
  await cli.run('user create jane --no-sign-in')
  assert.match((await cli.run('user list')).out, /^USERNAME .*\njane /)
  assert.equal((await cli.run('user list --json')).json<UserView[]>().length, 1)
  assert.equal((await cli.run('user delete nobody')).code, 3)
  assert.equal((await cli.run('user delete jane')).code, 0)
  assert.equal((await cli.run('user show jane')).code, 3)
})

test('scope: create, list, show, update and delete', async () => {
  const cli = new InProcessWorld()
  assert.equal((await cli.run(['scope', 'create', 'read', '--description', 'Read it', '--default'])).code, 0)
  assert.equal((await cli.run('scope create read')).code, 4)
  assert.deepEqual((await cli.run('scope show read --json')).json(), {
    name: 'read',
    description: 'Read it',
    is_default: true,
  })
  const updated = await cli.run('scope update read --no-default --json')
  assert.deepEqual(updated.json(), { name: 'read', description: 'Read it', is_default: false })
  assert.match((await cli.run('scope list')).out, /^NAME .*\nread .*Read it/)
  assert.match(
    (await cli.run(['scope', 'create', 'two words'])).err,
    /name: got "two words"; must be 1 to 200 characters/,
  )
  assert.equal((await cli.run('scope delete read')).code, 0)
  assert.equal((await cli.run('scope delete read')).code, 3)
  assert.equal((await cli.run('scope show read')).code, 3)
  assert.equal((await cli.run('scope update read')).code, 3)
})
