import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'
import { argon2Hasher } from '../accounts/argon2-hasher.ts'

/** Made by another implementation of bcrypt, for `allmine`. */
const bcrypt = '$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga'

const moved = {
  clients: [{ client_id: 'shop', client_secret_hash: bcrypt, grant_types: ['client_credentials', 'password'] }],
  users: [{ username: 'jane@example.com', password_hash: bcrypt }],
}

const env = {
  CARDEA_ISSUER: 'http://localhost:27090',
  CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa',
  CARDEA_GRANTS: 'client_credentials,password',
  CARDEA_PORT: '0',
}

test('load: hashes of bcrypt are taken over, and their owners get in', async () => {
  const cli = new InProcessWorld()
  cli.write('rows.json', moved)
  assert.match((await cli.run('load rows.json')).out, /2 created/)
  const server = await cli.serve('serve', { env })
  try {
    const ask = (body: string, secret: string) =>
      fetch(`${server.url}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${btoa(`shop:${secret}`)}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body,
      })
    assert.equal((await ask('grant_type=client_credentials', 'wrong')).status, 401)
    const password = 'grant_type=password&username=jane%40example.com&password='
    assert.equal((await ask(`${password}wrong`, 'allmine')).status, 400)
    assert.equal((await ask(`${password}allmine`, 'allmine')).status, 200)
  } finally {
    server.signal('SIGTERM')
    await server.done
  }
  const store = await cli.open()
  assert.match((await store.users.findByUsername('jane@example.com'))?.password_hash ?? '', /^\$argon2id\$/)
  await store.close()
})

test('load: a moved hash is taken once; who has signed in since keeps the new one, and a changed one is seen', async () => {
  const cli = new InProcessWorld()
  cli.write('rows.json', moved)
  await cli.run('load rows.json')
  assert.match((await cli.run('load rows.json')).out, /2 unchanged/)
  const other = bcrypt.replace('$2a$', '$2b$')
  cli.write('rows.json', { users: [{ username: 'jane@example.com', password_hash: other }] })
  assert.match((await cli.run('load rows.json')).out, /updated {4}user jane@example.com \(password\)/)
  await cli.run('user update jane@example.com --password-stdin', { stdin: 'a new password\n' })
  assert.match((await cli.run('load rows.json')).out, /1 unchanged/)
  const own = await argon2Hasher().hash('a third password')
  cli.write('rows.json', { users: [{ username: 'jane@example.com', password_hash: own }] })
  assert.match((await cli.run('load rows.json')).out, /1 updated/)
  assert.match((await cli.run('load rows.json')).out, /1 unchanged/)
})

test('load: a digest of a secret that the library has made is taken for clients', async () => {
  const cli = new InProcessWorld()
  const rows = {
    clients: [{ client_id: 'a', client_secret_hash: `sha256:${'A'.repeat(43)}`, grant_types: ['client_credentials'] }],
  }
  cli.write('rows.json', rows)
  assert.match((await cli.run('load rows.json')).out, /1 created/)
  assert.match((await cli.run('load rows.json')).out, /1 unchanged/)
})

const refusals: [string, object, RegExp][] = [
  [
    'a password in clear',
    { users: [{ username: 'j', password_hash: 'correct horse' }] },
    /users\[0\]\.password_hash \(line 1\): got a text of 13 characters; must be a hash as it was stored: \$argon2id/,
  ],
  [
    "Django's own prefix",
    { users: [{ username: 'j', password_hash: `bcrypt$${bcrypt}` }] },
    /users\[0\]\.password_hash .*nothing before or after it/,
  ],
  [
    'a digest as a password hash',
    { users: [{ username: 'j', password_hash: `sha256:${'A'.repeat(43)}` }] },
    /users\[0\]\.password_hash/,
  ],
  [
    'both forms of a password',
    { users: [{ username: 'j', password: 'correct horse', password_hash: bcrypt }] },
    /users\[0\] .*has password and password_hash: keep one/,
  ],
  [
    'both forms of a client secret',
    {
      clients: [
        { client_id: 'c', client_secret: 'x', client_secret_hash: bcrypt, redirect_uris: ['https://a.example'] },
      ],
    },
    /clients\[0\] .*has client_secret and client_secret_hash: keep one/,
  ],
  [
    'a hash for a public client',
    {
      clients: [
        {
          client_id: 'c',
          token_endpoint_auth_method: 'none',
          client_secret_hash: bcrypt,
          redirect_uris: ['https://a.example'],
        },
      ],
    },
    /clients\[0\] .*has a client_secret, but token_endpoint_auth_method none/,
  ],
]

for (const [what, rows, pattern] of refusals) {
  test(`load: refuses ${what}, and does not repeat it`, async () => {
    const cli = new InProcessWorld()
    cli.write('rows.json', rows)
    const { code, err } = await cli.run('load rows.json')
    assert.equal(code, 2)
    assert.match(err, pattern)
    assert.equal(err.includes('XajjQvNh'), false)
  })
}

test("serve: refuses the demonstration's credentials when only their hashes are declared", async () => {
  const cli = new InProcessWorld()
  const hash = await argon2Hasher().hash('testpassword')
  cli.write('cardea.config.json', {
    clients: [{ client_id: 'testclient', client_secret_hash: hash, grant_types: ['client_credentials'] }],
    users: [{ username: 'John@doe.com', password_hash: hash }],
  })
  const { code, err } = await cli.run('serve', { env })
  assert.equal(code, 2)
  assert.match(err, /clients\[0\]: client_secret_hash is that of the demonstration's secret/)
  assert.match(err, /users\[0\]: password_hash is that of the demonstration's password/)
})
