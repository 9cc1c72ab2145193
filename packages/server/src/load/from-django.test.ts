import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const guide = readFileSync(new URL('../../../../docs/from-django-oauth2-server.md', import.meta.url), 'utf8')
const hasJq = spawnSync('jq', ['--version']).status === 0

/** Made by another implementation of bcrypt, for `allmine`. */
const bcrypt = '$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga'

/** As `manage.py dumpdata` writes the tables of django-oauth2-server. */
const dump = [
  { model: 'credentials.oauthuser', pk: 1, fields: { password: bcrypt, email: 'jane@example.com' } },
  {
    model: 'credentials.oauthclient',
    pk: 1,
    fields: { password: bcrypt, client_id: 'shop', redirect_uri: 'https://shop.example/cb' },
  },
  { model: 'credentials.oauthclient', pk: 2, fields: { password: bcrypt, client_id: 'robot', redirect_uri: null } },
  { model: 'tokens.oauthscope', pk: 1, fields: { scope: 'foo', description: 'Read foo', is_default: true } },
]

test('DJO-CL-03: the step of the guide moves clients, users and scopes, hashes as they are', {
  skip: hasJq ? false : 'jq is not installed',
}, async () => {
  const cli = new InProcessWorld()
  cli.write('dump.json', dump)
  const step = /```sh\n(\s*jq [\s\S]*?)```/.exec(guide)?.[1] ?? assert.fail('the guide has no step with jq')
  execFileSync('sh', ['-c', step], { cwd: cli.cwd })
  const loaded = await cli.run('load rows.json')
  assert.match(loaded.out, /4 created, 0 updated, 0 unchanged/, loaded.err)
  const store = await cli.open()
  const [shop, robot] = [await store.clients.find('shop'), await store.clients.find('robot')]
  const jane = await store.users.findByUsername('jane@example.com')
  const scopes = await store.scopes.all()
  await store.close()
  assert.deepEqual([shop?.client_secret_hash, robot?.client_secret_hash, jane?.password_hash], [bcrypt, bcrypt, bcrypt])
  assert.deepEqual(shop?.redirect_uris, ['https://shop.example/cb'])
  assert.ok(shop?.grant_types.includes('implicit') && !robot?.grant_types.includes('implicit'))
  assert.equal(jane?.email, 'jane@example.com')
  assert.deepEqual(scopes, [{ name: 'foo', description: 'Read foo', is_default: true }])
})
