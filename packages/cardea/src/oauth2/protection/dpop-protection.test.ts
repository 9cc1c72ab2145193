import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { bodyOf, type DpopClient, dpopClient, machine, startDpop } from '../../../test-support/dpop-client.ts'
import { shopSecret } from '../../../test-support/pushing.ts'
import { api, startIssuer } from '../../../test-support/remote-issuer.ts'
import { fetchProtector } from '../../adapters/fetch.ts'
import { nodeHandler } from '../../adapters/node.ts'
import { outgoing } from '../../http/outgoing/outgoing.ts'
import type { Protects, TokenInfo } from '../../resource-guard.ts'
import { type ResourceProtectorOptions, resourceProtector } from '../../resource-protector.ts'
import { listenOnLoopback } from '../../testing/loopback.ts'
import type { TestServer } from '../../testing/test-server.ts'
import type { DpopProtectionOptions } from './dpop-protection.ts'

const things = 'https://auth.example/things'

interface Asked {
  readonly scheme?: string
  readonly url?: string
  readonly method?: string
  readonly dpop?: string | undefined
}

/** Asks a resource; its handler answers with the token. */
function ask<Token extends TokenInfo<unknown>>(source: Protects<Token>, token: string | undefined, asked: Asked = {}) {
  const { scheme = 'DPoP', url = things, method = 'GET', dpop } = asked
  const headers = {
    ...(token !== undefined && { authorization: `${scheme} ${token}` }),
    ...(dpop !== undefined && { dpop }),
  }
  const resource = fetchProtector(source).requireOAuth(undefined, (_request, info) => Response.json(info))
  return resource(new Request(url, { method, headers }))
}

const errorIn = async (answer: Response) => [answer.status, (await bodyOf(answer)).error] as const
const challenges = (answer: Response): string => answer.headers.get('www-authenticate') ?? ''

/** A server, and a client that holds a token of its own. */
async function start(options?: Parameters<typeof startDpop>[0]) {
  const server = await startDpop(options)
  const client = await dpopClient(server.clock)
  const { access_token: token } = await bodyOf(await client.post(server, machine, { client: shopSecret }))
  const proof = (claims = {}, header = {}) =>
    client.proof({ htm: 'GET', htu: things, accessToken: token, ...claims }, header)
  return { server, client, token, proof }
}

const bearerOf = async (server: TestServer): Promise<string> =>
  (await bodyOf(await server.post('/token', machine, { client: shopSecret }))).access_token

test('RFC 9449 §7.1, ASK-03: a token and the proof that goes with it let the request in', async () => {
  const { client, proof, server, token } = await start()
  const answer = await ask(server.provider, token, { dpop: proof() })
  assert.equal(answer.status, 200)
  const { claims, scheme } = (await answer.json()) as { claims: object; scheme: string }
  assert.deepEqual([scheme, claims], ['DPoP', { cnf: { jkt: client.jkt } }])
  assert.equal((await ask(server.provider, token, { dpop: proof(), scheme: 'dpop' })).status, 200)
})

test('T-DPP-2, RFC 9449 §7.2: a bound token as Bearer is refused, with and without its proof', async () => {
  const { proof, server, token } = await start()
  for (const dpop of [undefined, proof()]) {
    const answer = await ask(server.provider, token, { scheme: 'Bearer', dpop })
    assert.match(challenges(answer), /^Bearer .*error="invalid_token".*, DPoP realm="[^"]*", algs="[^"]*\bES256\b/)
    assert.deepEqual(await errorIn(answer), [401, 'invalid_token'])
  }
})

test('RFC 9449 §7.1: an unbound token as DPoP is refused, and as Bearer goes on', async () => {
  const { client, server } = await start()
  const token = await bearerOf(server)
  const dpop = client.proof({ htm: 'GET', htu: things, accessToken: token })
  assert.deepEqual(await errorIn(await ask(server.provider, token, { dpop })), [401, 'invalid_token'])
  const answer = await ask(server.provider, token, { scheme: 'Bearer' })
  assert.deepEqual([answer.status, (await answer.json()).scheme], [200, 'Bearer'])
})

test('RFC 9449 §7.1: whoever brings nothing is told of both ways in, and which algorithms proofs may have', async () => {
  const { server } = await start({ dpop: { algorithms: ['ES256', 'EdDSA'] } })
  const said = challenges(await ask(server.provider, undefined))
  assert.equal(said, 'Bearer realm="https://auth.example", DPoP realm="https://auth.example", algs="ES256 EdDSA"')
})

const wrong: readonly (readonly [title: string, claims: object, header: object])[] = [
  ['for another method', { htm: 'POST' }, {}],
  ['for another path', { htu: 'https://auth.example/other' }, {}],
  ['for another host', { htu: 'https://api.example/things' }, {}],
  ['without ath', { accessToken: undefined }, {}],
  ['for another token', { accessToken: 'another' }, {}],
  ['that is too old', { iat: 0 }, {}],
  ['of another type', {}, { typ: 'JWT' }],
]
for (const [title, claims, header] of wrong) {
  test(`T-DPP-1, RFC 9449 §4.3, §7.1: a proof ${title} is refused`, async () => {
    const { proof, server, token } = await start()
    const answer = await ask(server.provider, token, { dpop: proof(claims, header) })
    assert.match(challenges(answer), /^DPoP realm="[^"]*", algs="[^"]+", error="invalid_dpop_proof"/)
    assert.deepEqual(await errorIn(answer), [401, 'invalid_dpop_proof'])
  })
}

test('T-DPP-1, RFC 9449 §7.1: no proof, two of them, and one by another key are refused', async () => {
  const { proof, server, token } = await start()
  const other = await dpopClient(server.clock)
  const stolen = other.proof({ htm: 'GET', htu: things, accessToken: token })
  const outcome = async (dpop: string | undefined) => errorIn(await ask(server.provider, token, { dpop }))
  assert.deepEqual(await outcome(undefined), [401, 'invalid_dpop_proof'])
  assert.deepEqual(await outcome(`${proof()}, ${proof()}`), [401, 'invalid_dpop_proof'])
  assert.deepEqual(await outcome(stolen), [401, 'invalid_token'])
})

test('T-DPP-1, RFC 9449 §11.1: a proof lets one request in, at any instance on the same store', async () => {
  const { proof, server, token } = await start()
  const second = await startDpop({ store: server.store, clock: server.clock, clients: [], users: [], scopes: [] })
  const dpop = proof()
  const sources = [server.provider, second.provider] as const
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => ask(sources[(index % 2) as 0 | 1], token, { dpop })),
  )
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
})

test('RFC 9449 §9: a resource that wants nonces tells one, and takes it', async () => {
  const dpop = { nonce: 'required' } as const
  const server = await startDpop({ dpop })
  const client = await dpopClient(server.clock)
  const told = await client.post(server, machine, { client: shopSecret })
  const nonce = told.headers.get('dpop-nonce')
  const issued = await client.post(server, machine, { client: shopSecret, claims: { nonce } })
  const { access_token: token } = await bodyOf(issued)
  const proof = (more = {}) => client.proof({ htm: 'GET', htu: things, accessToken: token, ...more })
  const refused = await ask(server.provider, token, { dpop: proof() })
  assert.match(challenges(refused), /^DPoP .*error="use_dpop_nonce"/)
  assert.equal(refused.status, 401)
  const fresh = refused.headers.get('dpop-nonce')
  assert.equal((await ask(server.provider, token, { dpop: proof({ nonce: fresh }) })).status, 200)
})

test('RFC 9449 §4.3: the address is that of the configuration, whatever Host says and whatever a proxy takes off', async () => {
  const { client, server, token } = await start({
    dpop: { resourceOrigin: ['https://api.example/v1/', 'https://old.example'] },
  })
  const outcome = async (htu: string) => {
    const dpop = client.proof({ htm: 'GET', htu, accessToken: token })
    return (await ask(server.provider, token, { dpop, url: 'http://inside:8080/things?page=2' })).status
  }
  assert.deepEqual(
    [
      await outcome('https://api.example/v1/things'),
      await outcome('https://old.example/things'),
      await outcome('http://inside:8080/things'),
      await outcome('https://api.example/things'),
    ],
    [200, 200, 401, 401],
  )
})

test('RFC 9449 §7.2: a resource that takes bound tokens only', async () => {
  const { proof, server, token } = await start()
  const unbound = await bearerOf(server)
  const dpop: DpopProtectionOptions = { origin: 'https://auth.example', required: true, clock: server.clock }
  const source = resourceProtector({ provider: server.provider, dpop })
  assert.deepEqual(await errorIn(await ask(source, unbound, { scheme: 'Bearer' })), [401, 'invalid_token'])
  assert.equal((await ask(source, token, { dpop: proof() })).status, 200)
  assert.match(challenges(await ask(source, undefined)), /^DPoP [^,]*, algs="[^"]*"$/)
})

test('T-DPP-2: where DPoP is off, a bound token is of no use as Bearer, nor with its proof', async () => {
  const { proof, server, token } = await start()
  const off = await startDpop({
    store: server.store,
    clock: server.clock,
    dpop: false,
    clients: [],
    users: [],
    scopes: [],
  })
  assert.deepEqual(await errorIn(await ask(off.provider, token, { scheme: 'Bearer' })), [401, 'invalid_token'])
  assert.equal((await ask(off.provider, token, { dpop: proof() })).status, 401)
})

/** A resource of its own that accepts JWTs of another author's server. */
async function remote(t: TestContext, more: Partial<ResourceProtectorOptions> = {}) {
  const issuer = await startIssuer(t)
  const client = await dpopClient(issuer.clock)
  const dpop = { origin: api, clock: issuer.clock }
  const source = resourceProtector({ jwt: { issuer: issuer.issuer, audience: api, ...issuer.remote }, dpop, ...more })
  const bring = (token: string, from: DpopClient = client, asked: Asked = {}) => {
    const proof = from.proof({ htm: 'GET', htu: `${api}/things`, accessToken: token })
    return ask(source, token, { url: `${api}/things`, dpop: proof, ...asked })
  }
  return { ...issuer, client, source, bring }
}

test('RFC 9449 §6.1: a JWT of another issuer that is bound to a key needs its proof', async (t) => {
  const { bring, client, clock, token } = await remote(t)
  const bound = token({ cnf: { jkt: client.jkt } })
  assert.equal((await bring(bound)).status, 200)
  assert.deepEqual(await errorIn(await bring(bound, await dpopClient(clock))), [401, 'invalid_token'])
  assert.deepEqual(await errorIn(await bring(bound, client, { scheme: 'Bearer' })), [401, 'invalid_token'])
  assert.deepEqual(await errorIn(await bring(token())), [401, 'invalid_token'])
})

for (const cnf of [{}, { jwk: {} }, { jkt: 1 }, 'x', ['x'], null, { jkt: 'x', kid: 'y' }]) {
  test(`RFC 7800 §3.1: a token bound by ${JSON.stringify(cnf)} is of use to nobody`, async (t) => {
    const { bring, client, token } = await remote(t)
    const bound = token({ cnf })
    assert.equal((await bring(bound)).status, 401)
    assert.equal((await bring(bound, client, { scheme: 'Bearer' })).status, 401)
  })
}

test('T-DPP-1, RFC 9449 §11.1: in memory too a proof is used once, and forgotten when it cannot hold any more', async (t) => {
  const { client, clock, source, token } = await remote(t)
  const bound = token({ cnf: { jkt: client.jkt } })
  const dpop = client.proof({ htm: 'GET', htu: `${api}/things`, accessToken: bound })
  const asked = { url: `${api}/things`, dpop }
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(source, bound, asked)))
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
  clock.advance(300)
  assert.equal((await ask(source, bound, asked)).status, 401)
})

test('RFC 9449 §6.2: an introspection answer says which key a token is bound to', async (t) => {
  const { client, server, token } = await start()
  const { origin, close } = await listenOnLoopback(nodeHandler(server.provider))
  t.after(close)
  const source = resourceProtector({
    introspection: {
      endpoint: `${origin}/introspect`,
      clientId: shopSecret[0],
      clientSecret: shopSecret[1],
      outgoing: outgoing({ allowHosts: ['127.0.0.1'] }),
      clock: server.clock,
    },
    dpop: { origin: api, clock: server.clock, nonceSecrets: ['a secret of this resource, 32 or more'] },
  })
  const proof = (nonce?: string | null) => client.proof({ htm: 'GET', htu: `${api}/things`, accessToken: token, nonce })
  const told = await ask(source, token, { url: `${api}/things`, dpop: proof() })
  assert.equal((await told.clone().json()).error, 'use_dpop_nonce')
  const dpop = proof(told.headers.get('dpop-nonce'))
  assert.equal((await ask(source, token, { url: `${api}/things`, dpop })).status, 200)
  assert.equal((await ask(source, token, { scheme: 'Bearer' })).status, 401)
})

for (const [dpop, message] of [
  [{ origin: 'api.example' }, /^dpop\.origin/],
  [{ origin: [] }, /^dpop\.origin/],
  [{ origin: api, algorithms: ['none'] }, /^dpop\.algorithms/],
  [{ origin: api, nonceSecrets: ['short'] }, /^secrets/],
] as const) {
  test(`RFC 9449 §7: a resource refuses at once the option ${JSON.stringify(dpop)}`, () => {
    assert.throws(() => resourceProtector({ dpop: dpop as never }), { name: 'TypeError', message })
  })
}
