import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt, jwtVerify } from 'jose'
import { dpopClient } from '../../../test-support/dpop-client.ts'
import {
  client,
  introspected,
  isActive,
  keySetOf,
  machine,
  requestWith,
  tokens,
} from '../../../test-support/jwt-resource.ts'
import {
  bare,
  bareMachine,
  bareToken,
  exchangeType,
  kept,
  plain,
  rowsOf,
  startUnkept,
  theBare,
  workerSecret,
} from '../../../test-support/unkept-resource.ts'
import { signJwt } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import type { Store } from '../../core/ports/store.ts'
import { resourceProtector } from '../../resource-protector.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { alice } from '../../testing/authorization-visit.ts'
import { codeFor, pkcePair } from '../../testing/code-flow.ts'
import type { TestServer } from '../../testing/test-server.ts'
import { knownResources } from './known-resources.ts'

/** Counts the commits of a store, which are its durable writes. */
function countedCommits(): { store: Store; commits: () => number } {
  const whole = memoryStore()
  let count = 0
  const commit: Store['ledger']['commit'] = (entry) => {
    count += 1
    return whole.ledger.commit(entry)
  }
  return { store: { ...whole, ledger: { ...whole.ledger, commit } }, commits: () => count }
}

test('RFC 9068 §2.2, RFC 7662 §2.2: a machine token of such a resource is not stored, and tells all there is to tell', async () => {
  const { store, commits } = countedCommits()
  const server = await startUnkept({ store })
  const form = new URLSearchParams([...Object.entries(bareMachine), ['resource', plain], ['scope', 'write']])
  const { access_token, expires_in, scope } = await tokens(server, form.toString())
  assert.deepEqual([await rowsOf(server), commits(), expires_in, scope], [0, 0, 3600, 'write'])
  const now = server.clock.now()
  const { jti } = decodeJwt(access_token)
  assert.match(String(jti), /^unkept\.0\.[\w-]{22}$/)
  assert.deepEqual(await introspected(server, access_token), {
    active: true,
    scope: 'write',
    client_id: 'job',
    token_type: 'Bearer',
    exp: now + 3600,
    iat: now,
    iss: 'https://auth.example',
    aud: [bare, plain],
    jti,
  })
  const told = server.events.findLast(({ type }) => type === 'token_issued')
  assert.deepEqual(told, { type: 'token_issued', grantType: 'client_credentials', clientId: 'job', scope: ['write'] })
})

test('RFC 9068 §2.2: whatever users allow is stored, and so is a token for one resource that wants it', async () => {
  const server = await startUnkept()
  const code = await codeFor(server, alice, { client_id: 'app', resource: bare, scope: 'read' })
  const form = { grant_type: 'authorization_code', code, client_id: 'app', code_verifier: pkcePair.verifier }
  const first = await tokens(server, form, null)
  const { refresh_token } = first
  const second = await tokens(server, { grant_type: 'refresh_token', refresh_token, client_id: 'app' }, null)
  const both = await tokens(server, `${new URLSearchParams(bareMachine)}&resource=${encodeURIComponent(kept)}`)
  assert.equal(await rowsOf(server), 3)
  for (const { access_token } of [first, second, both]) {
    assert.doesNotMatch(String(decodeJwt(access_token).jti), /\./)
    assert.equal(await isActive(server, access_token), true)
  }
})

test('T-DCR-1: a client that goes when nothing of it is left has its tokens stored', async () => {
  const server = await startUnkept()
  const job = await server.store.clients.find('job')
  assert.ok(job)
  await server.store.clients.save({ ...job, unused_until: server.clock.now() + 1000 })
  const token = await bareToken(server)
  assert.equal(await rowsOf(server), 1)
  assert.equal(await isActive(server, token), true)
})

test('RFC 6749 §4.4.3: with refresh tokens for every grant, the access token is stored beside it', async () => {
  const server = await startUnkept({ compatibility: { refreshTokenForEveryGrant: true } })
  const { refresh_token } = await tokens(server, bareMachine)
  assert.ok(refresh_token)
  assert.equal(await rowsOf(server), 1)
})

const crowd = Array.from({ length: 100 }, (_, index) => index)

/** Sends the same a hundred times at once, and returns the one answer that has a token. */
async function onlyWinner(ask: () => Promise<Response>): Promise<Record<string, string>> {
  const answers = await Promise.all(crowd.map(ask))
  const [won, ...others] = answers.filter(({ status }) => status === 200)
  assert.ok(won)
  assert.equal(others.length, 0)
  assert.notEqual((await ask()).status, 200)
  return (await won.json()) as Record<string, string>
}

test('RFC 9449 §5, §11.1: a proof binds such a token, and of a hundred at once buys one', async () => {
  const server = await startUnkept({ dpop: true })
  const holder = await dpopClient(server.clock)
  const headers = { dpop: holder.proof() }
  const { access_token, token_type } = await onlyWinner(() => server.post('/token', bareMachine, { client, headers }))
  assert.deepEqual([token_type, await rowsOf(server)], ['DPoP', 0])
  const { cnf } = await introspected(server, String(access_token))
  assert.deepEqual(cnf, { jkt: holder.jkt })
  const guard = server.provider.protect()
  assert.ok('refused' in (await guard(requestWith(String(access_token)))))
})

test('RFC 7523 §3: so does an assertion, in one commit that saves nothing else', async () => {
  const key = await generateSigningKey('ES256')
  const { store, commits } = countedCommits()
  const keyed = {
    client_id: 'keyed',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [key.publicJwk] },
  }
  const server = await startUnkept({ store, clients: [keyed] })
  const now = server.clock.now()
  const claims = { iss: 'keyed', sub: 'keyed', aud: 'https://auth.example', exp: now + 60, jti: 'once' }
  const assertion = {
    client_assertion: signJwt(key, { typ: 'client-authentication+jwt', claims }),
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  }
  assert.equal((await server.post('/token', { ...bareMachine, ...assertion })).status, 200)
  assert.equal(commits(), 1)
  assert.equal((await server.post('/token', { ...bareMachine, ...assertion })).status, 401)
  assert.equal(await rowsOf(server), 0)
})

test('RFC 9068 §4: the guard of this server takes it, and so does one that asks nobody', async () => {
  const server = await startUnkept()
  const token = await bareToken(server)
  const jwks = (await server.provider.engine.keys.published()) as { keys: object[] }
  const elsewhere = resourceProtector({
    jwt: { issuer: 'https://auth.example', audience: bare, jwks, clock: server.clock },
  })
  for (const guard of [server.provider.protect('read'), elsewhere.protect('read')]) {
    const result = await guard(requestWith(token))
    assert.ok('token' in result)
    assert.deepEqual([result.token.clientId, result.token.userId, result.token.scope], ['job', undefined, ['read']])
  }
})

const exchanged = async (server: TestServer, form: Record<string, string>) => {
  const types = { subject_token_type: 'urn:ietf:params:oauth:token-type:access_token' }
  const answer = await server.post('/token', { grant_type: exchangeType, ...types, ...form }, { client: workerSecret })
  return (await answer.json()) as { access_token: string; scope: string; expires_in: number; error?: string }
}

test('RFC 8693 §2.1: it is exchanged for less, which ends no later and has no row either', async () => {
  const server = await startUnkept()
  const form = new URLSearchParams([...Object.entries(bareMachine), ['resource', plain], ['scope', 'read write']])
  const { access_token } = await tokens(server, form.toString(), workerSecret as never)
  server.clock.advance(600)
  const less = await exchanged(server, { subject_token: access_token, resource: plain, scope: 'read' })
  assert.deepEqual([less.scope, less.expires_in, await rowsOf(server)], ['read', 3000, 0])
  assert.equal((await introspected(server, less.access_token)).aud, plain)
  assert.equal((await exchanged(server, { subject_token: less.access_token, scope: 'write' })).error, 'invalid_scope')
  assert.equal((await exchanged(server, { subject_token: less.access_token, resource: bare })).error, 'invalid_target')
})

test('RFC 8693 §4.1, §4.4: on behalf of another machine it names both, and says so at introspection', async () => {
  const policy = () => ({ delegation: true, mayAct: { sub: 'worker' } })
  const server = await startUnkept({ tokenExchange: { policy } })
  const { access_token, error } = await exchanged(server, { subject_token: await bareToken(server), resource: bare })
  assert.equal(error, undefined)
  const { act, client_id, may_act, sub } = await introspected(server, access_token)
  assert.deepEqual(
    { act, client_id, may_act, sub },
    { act: { sub: 'worker', client_id: 'worker' }, client_id: 'worker', may_act: { sub: 'worker' }, sub: 'job' },
  )
  assert.equal(await rowsOf(server), 0)
})

test('RFC 7662 §4: it is active for its client and for who may ask about all, until the second it expires', async () => {
  const server = await startUnkept()
  const token = await bareToken(server)
  const asked = await server.post('/introspect', { token }, { client: workerSecret })
  assert.deepEqual(await asked.json(), { active: false })
  const own = await bareToken(server, workerSecret)
  assert.equal((await (await server.post('/introspect', { token: own }, { client: workerSecret })).json()).active, true)
  server.clock.advance(3599)
  assert.equal(await isActive(server, token), true)
  server.clock.advance(1)
  assert.equal(await isActive(server, token), false)
})

for (const [title, change] of [
  [
    'is described as one whose tokens are stored',
    (store: Store) => store.resources.save({ ...theBare, keeps_tokens: true }),
  ],
  ['is described as one of opaque tokens', (store: Store) => store.resources.save({ identifier: bare, name: 'Bare' })],
  ['is deleted', (store: Store) => store.resources.delete(bare)],
] as const) {
  test(`RFC 8707 §2: a token without a row is not active once its resource ${title}`, async () => {
    const server = await startUnkept()
    const token = await bareToken(server)
    const form = new URLSearchParams([...Object.entries(bareMachine), ['resource', plain]])
    const both = (await tokens(server, form.toString())).access_token
    const other = (await tokens(server, { ...machine, resource: plain })).access_token
    await change(server.store)
    assert.deepEqual([await isActive(server, token), await isActive(server, both)], [false, false])
    assert.equal(await isActive(server, other), true)
  })
}

test('RFC 9068 §4, T-KEY-1: it outlives a replaced key, and not one that was deleted', async () => {
  const server = await startUnkept()
  const before = await bareToken(server)
  const [first] = await server.provider.rotateKeys({ immediately: true })
  assert.ok(first?.rotated)
  const after = await bareToken(server)
  const keySet = keySetOf(server)
  for (const token of [before, after]) {
    assert.equal(await isActive(server, token), true)
    await jwtVerify(token, keySet, { currentDate: new Date(server.clock.now() * 1000) })
  }
  await server.store.signingKeys.delete(first.retired)
  server.clock.advance(61)
  assert.deepEqual([await isActive(server, before), await isActive(server, after)], [false, true])
})

test('RFC 6749 §4.4.2: a client that was disabled or deleted while it asked gets none', async () => {
  for (const end of ['disable', 'delete'] as const) {
    const whole = memoryStore()
    let looks = 0
    const find: Store['clients']['find'] = async (id) => {
      looks += 1
      const found = await whole.clients.find(id)
      // The first look is that of client authentication.
      if (looks > 1) return end === 'delete' || found === undefined ? undefined : { ...found, disabled: true }
      return found
    }
    const server = await startUnkept({ store: { ...whole, clients: { ...whole.clients, find } } })
    looks = 0
    const answer = await server.post('/token', bareMachine, { client })
    assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_grant'])
  }
})

test('RFC 9068 §2.2: a hook has its claims, scope and lifetime in a token without a row as well', async () => {
  const server = await startUnkept({
    hooks: { beforeIssueToken: () => ({ jwtClaims: { team: 'machines' }, scope: ['read'], lifetime: 60 }) },
  })
  const { access_token, scope, expires_in } = await tokens(server, { ...bareMachine, scope: 'read write' })
  assert.deepEqual([scope, expires_in], ['read', 60])
  const { active, team } = await introspected(server, access_token)
  assert.deepEqual({ active, team }, { active: true, team: 'machines' })
})

test('RFC 8707: a resource can do without stored tokens only where its tokens are JWTs', () => {
  for (const resource of [
    { ...theBare, token_format: 'opaque' as const },
    { identifier: bare, name: 'Bare', keeps_tokens: false },
  ]) {
    const expected = {
      name: 'TypeError',
      message: "resources[0].keeps_tokens: false needs token_format 'jwt' beside it",
    }
    assert.throws(() => knownResources(memoryStore().resources, [resource]), expected)
  }
  const odd = { ...theBare, keeps_tokens: 0 as never }
  assert.throws(() => knownResources(memoryStore().resources, [odd]), /keeps_tokens: must be true or false/)
})
