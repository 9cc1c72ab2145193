import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from 'cardea/stores/memory'
import { InProcessWorld } from '../../test-support/in-process-world.ts'
import { argon2Hasher } from '../accounts/argon2-hasher.ts'
import { loadRows } from './load-rows.ts'
import { unlocated } from './located-rows.ts'

const env = { CARDEA_ISSUER: 'http://localhost:8000', CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa' }
const users = [{ username: 'jane', password: 'iloveyou1' }]
const hasher = argon2Hasher()

test('ASVS 6.2.4: load refuses a common password, names its place and changes nothing', async () => {
  const cli = new InProcessWorld()
  cli.write('rows.yaml', 'scopes: [{ name: read }]\nusers:\n  - username: jane\n    password: iloveyou1\n')
  const { code, err } = await cli.run('load rows.yaml')
  assert.equal(code, 2)
  assert.match(err, /users\[0\]\.password \(line 4\): is one of the most common in lists of breached passwords/)
  assert.doesNotMatch(err, /iloveyou1/)
  assert.deepEqual((await cli.run('scope list --json')).json(), [])
})

test('ASVS 6.2.4: serve refuses to start with a common password in its configuration', async () => {
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', { users })
  const { code, err } = await cli.run('serve --port 0', { env })
  assert.equal(code, 2)
  assert.match(err, /users\[0\]\.password: is one of the most common/)
})

test('passwords: a hash of a common password is taken, and so is the password that is stored already', async () => {
  const cli = new InProcessWorld()
  cli.write('hash.json', { users: [{ username: 'jane', password_hash: await hasher.hash('iloveyou1') }] })
  assert.match((await cli.run('load hash.json')).out, /1 created/)
  cli.write('rows.json', { users })
  assert.match((await cli.run('load rows.json')).out, /0 created, 0 updated, 1 unchanged/)
  cli.write('rows.json', { users: [{ username: 'jane', password: 'password1' }] })
  assert.equal((await cli.run('load rows.json')).code, 2)
})

test('passwords: the demonstration may have common ones', async () => {
  const store = memoryStore()
  const context = { store, hasher, now: 1_800_000_000, anyPassword: true }
  await loadRows(context, unlocated({ clients: [], scopes: [], users }))
  assert.ok((await store.users.findByUsername('jane'))?.password_hash)
})
