import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  bodyOf,
  codeForm,
  dpopClient,
  introspected,
  machine,
  refreshForm,
  refusalOf,
  startDpop,
} from '../../../test-support/dpop-client.ts'
import { asked, shopSecret } from '../../../test-support/pushing.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { acceptedAttacks } from '../../testing/jwt-attacks/index.ts'
import type { TestServer } from '../../testing/test-server.ts'

const send = (server: TestServer, dpop: string, path = '/token') =>
  server.post(path, machine, { client: shopSecret, headers: { dpop } })

async function start(options?: Parameters<typeof startDpop>[0]) {
  const server = await startDpop(options)
  return { server, client: await dpopClient(server.clock) }
}

test('RFC 9449 §5, ASK-03: a proof binds the token to its key, and the answer says DPoP', async () => {
  const { client, server } = await start()
  const answer = await client.post(server, machine, { client: shopSecret })
  const { access_token, token_type } = (await answer.json()) as Record<string, string>
  assert.deepEqual([answer.status, token_type], [200, 'DPoP'])
  const told = await introspected(server, access_token as string)
  assert.deepEqual([told.token_type, told.cnf], ['DPoP', { jkt: client.jkt }])
})

for (const alg of ['ES256', 'ES384', 'ES512', 'PS256', 'RS256', 'EdDSA', 'Ed25519'] as const) {
  test(`RFC 9449 §4.3: a proof by ${alg} holds`, async () => {
    const { server } = await start()
    const client = await dpopClient(server.clock, alg)
    assert.equal((await client.post(server, machine, { client: shopSecret })).status, 200)
  })
}

const refused = [
  ['4.2: without jti', { jti: undefined }, {}, 'dpop_claim_missing'],
  ['4.2: with a jti that is no text', { jti: 1 }, {}, 'dpop_claim_malformed'],
  ['4.2: with a jti of any length', { jti: 'j'.repeat(513) }, {}, 'dpop_long_jti'],
  ['4.3: without htm', { htm: undefined }, {}, 'dpop_claim_missing'],
  ['4.3: for another method', { htm: 'GET' }, {}, 'dpop_wrong_method'],
  ['4.3: for a method in other letters', { htm: 'post' }, {}, 'dpop_wrong_method'],
  ['4.3: without htu', { htu: undefined }, {}, 'dpop_claim_missing'],
  ['4.3: for another path', { htu: 'https://auth.example/introspect' }, {}, 'dpop_wrong_uri'],
  ['4.3: for another host', { htu: 'https://evil.example/token' }, {}, 'dpop_wrong_uri'],
  ['4.3: for another port', { htu: 'https://auth.example:8443/token' }, {}, 'dpop_wrong_uri'],
  ['4.3: for http', { htu: 'http://auth.example/token' }, {}, 'dpop_wrong_uri'],
  ['4.3: with a user in its address', { htu: 'https://a@auth.example/token' }, {}, 'dpop_wrong_uri'],
  ['4.3: with a backslash in its address', { htu: 'https:\\\\auth.example\\token' }, {}, 'dpop_wrong_uri'],
  ['4.3: for a path only', { htu: '/token' }, {}, 'dpop_wrong_uri'],
  ['4.3: for a list of addresses', { htu: ['https://auth.example/token'] }, {}, 'dpop_wrong_uri'],
  ['4.3: without iat', { iat: undefined }, {}, 'dpop_claim_missing'],
  ['4.3: with a iat that is no number', { iat: 'now' }, {}, 'dpop_claim_malformed'],
  ['4.3: of another type', {}, { typ: 'JWT' }, 'dpop_wrong_type'],
  ['4.3: whose key is of a URL', {}, { jku: 'https://client.example/jwks' }, 'dpop_header_not_allowed'],
  ['4.3: without a key', {}, { jwk: undefined }, 'dpop_unknown_key'],
] as const

for (const [title, claims, header, reason] of refused) {
  test(`T-DPP-1, RFC 9449 §${title}: refused`, async () => {
    const { client, server } = await start()
    const answering = send(server, client.proof(claims, header as { typ?: string }))
    assert.deepEqual(await refusalOf(server, answering), [400, 'invalid_dpop_proof', reason])
  })
}

for (const htu of [
  'HTTPS://AUTH.EXAMPLE/token',
  'https://auth.example:443/token',
  'https://auth.example/%74oken',
  'https://auth.example/x/../token',
  'https://auth.example/token?a=b#c',
]) {
  test(`RFC 9449 §4.3, RFC 3986 §6.2.2: ${htu} is this endpoint`, async () => {
    const { client, server } = await start()
    assert.equal((await send(server, client.proof({ htu }))).status, 200)
  })
}

test('T-DPP-1, RFC 9449 §4.3: one header only', async () => {
  const { client, server } = await start()
  const answering = send(server, `${client.proof()}, ${client.proof()}`)
  assert.deepEqual(await refusalOf(server, answering), [400, 'invalid_dpop_proof', 'dpop_twice'])
})

test('T-DPP-1, RFC 9449 §4.3: iat decides by our clock, with a minute for that of the client', async () => {
  const { client, server } = await start({ dpop: { maxAge: 100 } })
  const at = async (offset: number) => (await send(server, client.proof({ iat: server.clock.now() + offset }))).status
  assert.deepEqual([await at(-160), await at(-161), await at(60), await at(61)], [200, 400, 200, 400])
})

test('T-DPP-1, RFC 9449 §11.1: a proof is used once, and remembered as long as it could hold', async () => {
  const { client, server } = await start({ dpop: { maxAge: 100 } })
  const proof = client.proof({ iat: server.clock.now() + 60 })
  assert.equal((await send(server, proof)).status, 200)
  server.clock.advance(220)
  assert.deepEqual(await refusalOf(server, send(server, proof)), [400, 'invalid_dpop_proof', 'dpop_replayed'])
  server.clock.advance(1)
  assert.deepEqual(await refusalOf(server, send(server, proof)), [400, 'invalid_dpop_proof', 'dpop_too_old'])
})

test('T-DPP-1, RFC 9449 §11.1: one jti of two keys is two proofs, of one key one', async () => {
  const { client, server } = await start()
  const other = await dpopClient(server.clock)
  const jti = 'the same'
  assert.deepEqual(
    [
      (await send(server, client.proof({ jti }))).status,
      (await send(server, other.proof({ jti }))).status,
      (await send(server, client.proof({ jti, extra: true }))).status,
    ],
    [200, 200, 400],
  )
})

test('T-DPP-1, RFC 9449 §4.3: the host is that of the configuration, not that of the request', async () => {
  const { client, server } = await start()
  const headers = { dpop: client.proof({ htu: 'https://evil.example/token' }), host: 'evil.example' }
  const answering = server.post('/token', machine, { client: shopSecret, headers })
  assert.deepEqual(await refusalOf(server, answering), [400, 'invalid_dpop_proof', 'dpop_wrong_uri'])
})

test('RFC 9449 §4.3: an issuer with a path, and an endpoint with two', async () => {
  const { client, server } = await start({
    issuer: 'https://auth.example/t1',
    paths: { token: ['/token', '/o/token/'.slice(0, -1)] },
  })
  const at = async (path: string) =>
    (await send(server, client.proof({ htu: `https://auth.example${path}` }), path)).status
  assert.deepEqual([await at('/t1/token'), await at('/t1/o/token')], [200, 200])
})

test('T-JWT-1, T-JWT-2, T-JWT-3, T-DPP-1: the token endpoint takes no forged proof', async () => {
  // What the table tries is the proof: a memory of those it tried before would refuse the others for the wrong reason.
  const store = { ...memoryStore(), replay: { claim: async () => 'first' as const } }
  const { server } = await start({ store })
  const key = await generateSigningKey('ES256')
  const now = server.clock.now()
  const claims = { jti: 'x', htm: 'POST', htu: 'https://auth.example/token', iat: now }
  const required = ['jti', 'htm', 'htu', 'iat']
  const honest = { key, typ: 'dpop+jwt', claims, required, keyInHeader: true }
  const accepted = await acceptedAttacks(honest, now, async (token) => {
    // Nothing else comes in a header.
    if (!/^[\x20-\x7e]*$/.test(token)) return false
    const answer = await send(server, token)
    assert(answer.status < 500, `${answer.status} for ${token.slice(0, 100)}`)
    return answer.status === 200
  })
  assert.deepEqual(accepted, [])
})

test('T-DPP-1, RFC 9449 §11.1: requests that lead to nothing leave nothing behind, however good their proofs are', async () => {
  const claimed: string[] = []
  const memory = memoryStore()
  const replay = {
    claim: (...mark: Parameters<typeof memory.replay.claim>) => {
      claimed.push(mark[0])
      return memory.replay.claim(...mark)
    },
  }
  const { client, server } = await start({ store: { ...memory, replay } })
  const guess = { grant_type: 'authorization_code', code: 'made up', client_id: 'app' }
  assert.equal((await client.post(server, guess)).status, 400)
  assert.deepEqual(claimed, [])
  await client.post(server, machine, { client: shopSecret })
  assert.deepEqual(claimed.length, 1)
})

test('T-DPP-1, RFC 9449 §11.1: a proof with a pushed request is used once', async () => {
  const { client, server } = await start({ pushedRequests: true })
  const headers = { dpop: client.proof({ htu: 'https://auth.example/par' }) }
  const push = () => server.post('/par', asked, { client: shopSecret, headers })
  assert.equal((await push()).status, 201)
  assert.deepEqual(await refusalOf(server, push()), [400, 'invalid_dpop_proof', 'dpop_replayed'])
})

test('RFC 9449 §11.1, RFC 9700 §4.14.2: a refresh that finds its token just rotated needs no second proof', async () => {
  const { client, server } = await start()
  const { refresh_token } = await bodyOf(await client.post(server, await codeForm(server, 'app')))
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.post(server, refreshForm(refresh_token))))
  const next = await Promise.all(answers.map(async (answer) => (await bodyOf(answer)).refresh_token))
  assert.deepEqual([new Set(answers.map(({ status }) => status)), new Set(next).size], [new Set([200]), 1])
})
