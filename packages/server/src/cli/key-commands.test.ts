import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const env = { CARDEA_SECRETS: 'a secret of the server that is long enough' }

interface KeyView {
  kid: string
  alg: string
  state: string
}

const keysIn = async (cli: InProcessWorld): Promise<KeyView[]> => (await cli.run('key list --json')).json<KeyView[]>()
const statesIn = async (cli: InProcessWorld): Promise<string[]> => (await keysIn(cli)).map(({ state }) => state).sort()

test('T-KEY-1: key rotate makes keys where there are none, and waits until the next one is known', async () => {
  const cli = new InProcessWorld()
  const first = await cli.run('key rotate', { env })
  assert.equal(first.code, 1)
  assert.match(first.out, /ES256: not rotated: .* was published only now/)
  assert.deepEqual(await statesIn(cli), ['active', 'next'])
  const [before] = (await keysIn(cli)).filter(({ state }) => state === 'next')
  const second = await cli.run('key rotate --immediately --json', { env })
  assert.equal(second.code, 0)
  assert.equal(second.json<{ kid: string }[]>()[0]?.kid, before?.kid)
  assert.deepEqual(await statesIn(cli), ['active', 'next', 'retired'])
})

test('T-KEY-1: key list tells nothing private, as text or as JSON', async () => {
  const cli = new InProcessWorld()
  await cli.run('key rotate --alg EdDSA', { env })
  for (const command of ['key list', 'key list --json']) {
    const { out } = await cli.run(command)
    assert.match(out, /EdDSA/)
    const store = await cli.open()
    for (const { sealedPrivateJwk } of await store.signingKeys.all()) assert.ok(!out.includes(sealedPrivateJwk))
    await store.close()
    assert.doesNotMatch(out, /sealed|"d"|private/i)
  }
})

test('T-KEY-1: key delete takes what does not sign, and refuses the key that does', async () => {
  const cli = new InProcessWorld()
  await cli.run('key rotate', { env })
  for (const { kid, state } of await keysIn(cli)) {
    const { code, err } = await cli.run(`key delete ${kid}`)
    assert.equal(code, state === 'active' ? 2 : 0, err)
  }
  assert.deepEqual(await statesIn(cli), ['active'])
  assert.equal((await cli.run('key delete nothing')).code, 3)
})

test('T-KEY-1, RFC 9101 §6.1: key rotate replaces the keys to encrypt to of a running server', async () => {
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', { requestObjects: { encryption: true } })
  const server = await cli.serve('serve --port 0', { env: { ...env, CARDEA_ISSUER: 'http://localhost:8000' } })
  const published = async (): Promise<string[]> => {
    const { keys } = (await (await fetch(`${server.url}/jwks`)).json()) as { keys: { kid: string; use: string }[] }
    return keys.filter(({ use }) => use === 'enc').map(({ kid }) => kid)
  }
  const before = await published()
  const rotated = await cli.run('key rotate --alg ECDH-ES', { env })
  assert.equal(rotated.code, 0, rotated.err)
  assert.match(rotated.out, /^ECDH-ES: others encrypt to .* from now on; what is encrypted to .* is read until/)
  cli.advance(60)
  const after = await published()
  assert.equal(after.filter((kid) => before.includes(kid)).length, 1)
  const states = (await keysIn(cli)).filter(({ alg }) => alg === 'ECDH-ES').map(({ state }) => state)
  assert.deepEqual(states.sort(), ['active', 'retired'])
  server.signal('SIGTERM')
  assert.equal((await server.done).code, 0)
})

test('T-KEY-1: key rotate needs the secrets of the server, and an algorithm there is', async () => {
  const cli = new InProcessWorld()
  const without = await cli.run('key rotate')
  assert.deepEqual([without.code, /secrets: needed/.test(without.err)], [2, true])
  const unknown = await cli.run('key rotate --alg HS256', { env })
  assert.deepEqual([unknown.code, /--alg: got "HS256"; must be one of ES256/.test(unknown.err)], [2, true])
})

test('T-KEY-1, RFC 9068 §2: a running server follows key rotate without a restart, and old tokens verify', async () => {
  const cli = new InProcessWorld()
  const api = 'https://api.example.com'
  cli.write('cardea.config.json', {
    resources: [{ identifier: api, token_format: 'jwt' }],
    clients: [{ client_id: 'robot', client_secret: 'a chosen secret', grant_types: ['client_credentials'] }],
    scopes: [{ name: 'read', is_default: true }],
  })
  const server = await cli.serve('serve --port 0', { env: { ...env, CARDEA_ISSUER: 'http://localhost:8000' } })
  const tokenOf = async (): Promise<string> => {
    const answer = await fetch(`${server.url}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('robot:a%20chosen%20secret').toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: api }),
    })
    return ((await answer.json()) as { access_token: string }).access_token
  }
  const kidOf = (token: string): unknown =>
    JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString()).kid
  const published = async (): Promise<unknown[]> =>
    ((await (await fetch(`${server.url}/jwks`)).json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
  const before = kidOf(await tokenOf())
  assert.ok((await published()).includes(before))
  assert.equal((await cli.run('key rotate --immediately', { env })).code, 0)
  cli.advance(60)
  const after = kidOf(await tokenOf())
  assert.notEqual(after, before)
  const now = await published()
  assert.deepEqual([now.includes(before), now.includes(after)], [true, true])
  server.signal('SIGTERM')
  assert.equal((await server.done).code, 0)
})
