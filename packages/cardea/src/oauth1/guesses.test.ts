import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from '../stores/memory/index.ts'
import {
  approvedFor,
  callback,
  exchange,
  initiate,
  type OAuth1Request,
  oauth1Client,
  outcomeOf,
  requestOf,
  sendSigned,
  signedFor,
  startOAuth1Server,
  temporaryFor,
  tokenFor,
} from '../testing/oauth1-flow.ts'
import type { TestServer, TestServerOptions } from '../testing/test-server.ts'
import { hmacSha1, plaintext, type SignatureMethod } from './signature-methods.ts'

const [here, elsewhere] = ['203.0.113.7', '198.51.100.9']
const wrong = { keys: { clientSecret: 'guess' } }

/** Requests a temporary credential from an address. */
const initiateFrom = async (server: TestServer, address: string, request: OAuth1Request = {}): Promise<string> => {
  const asked = { parameters: { oauth_callback: callback }, ...request }
  return outcomeOf(await server.send(requestOf(signedFor(server, '/oauth1/initiate', asked)), address))
}

async function guess(server: TestServer, times: number, request: OAuth1Request = wrong): Promise<string[]> {
  const outcomes: string[] = []
  for (let n = 0; n < times; n += 1) outcomes.push(await initiateFrom(server, here, request))
  return outcomes
}

const start = (more: TestServerOptions = {}) =>
  startOAuth1Server({ oauth1: { signatureMethods: ['HMAC-SHA1', 'PLAINTEXT'] }, ...more })

for (const signatureMethod of [plaintext, hmacSha1]) {
  test(`RFC 5849 §4.9: ${signatureMethod.name}: after 30 wrong secrets not even the right one is let in from there, for a while`, async () => {
    const server = await start()
    const outcomes = await guess(server, 31, { ...wrong, signatureMethod })
    assert.deepEqual(new Set(outcomes.slice(0, 30)), new Set(['401 invalid_signature']))
    assert.equal(outcomes[30], '429 too_many_requests')
    assert.equal(await initiateFrom(server, here, { signatureMethod }), '429 too_many_requests')
    const refused = await initiate(server, { signatureMethod })
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    assert.equal(await initiateFrom(server, elsewhere, { signatureMethod }), '200', 'elsewhere it is not locked out')
    server.clock.advance(300)
    assert.equal(await initiateFrom(server, here, { signatureMethod }), '200')
  })
}

test('RFC 5849 §4.9: of 100 guesses in parallel no more are looked at than one after the other', async () => {
  let looked = 0
  const counting: SignatureMethod = {
    ...plaintext,
    name: 'COUNTING',
    verify(...given) {
      looked += 1
      return plaintext.verify(...given)
    },
  }
  const oauth1 = { signatureMethods: ['COUNTING'], ownSignatureMethods: [counting] }
  const server = await start({ oauth1 })
  const request = { ...wrong, signatureMethod: counting }
  await Promise.all(Array.from({ length: 100 }, () => initiateFrom(server, here, request)))
  assert.equal(looked, 30)
})

test('RFC 5849 §4.9: servers with one store count together', async () => {
  const store = memoryStore()
  const first = await start({ store })
  const second = await start({ store, clock: first.clock })
  await guess(first, 30)
  assert.deepEqual(await guess(second, 2), ['429 too_many_requests', '429 too_many_requests'])
  assert.equal(await initiateFrom(second, here), '429 too_many_requests')
})

test('A1-OAUTH1-05: unknown clients are counted like known ones, each for itself', async () => {
  const server = await start()
  const expected = [...Array(30).fill('401'), '429']
  for (const consumerKey of ['printer', 'nobody', 'nobody else']) {
    const outcomes = await guess(server, 31, { ...wrong, consumerKey })
    assert.deepEqual(
      outcomes.map((outcome) => outcome.slice(0, 3)),
      expected,
      consumerKey,
    )
  }
  assert.equal(
    await initiateFrom(server, here, { consumerKey: 'scanner', keys: { clientSecret: 'scanner-secret' } }),
    '200',
  )
})

test('RFC 5849 §4.9: whoever knows the secret begins anew: slips do not add up', async () => {
  const server = await start()
  for (let round = 0; round < 3; round += 1) {
    assert.equal(new Set(await guess(server, 29)).size, 1)
    assert.equal(await initiateFrom(server, here), '200')
  }
})

test('RFC 5849 §3.3: a request that was listened to and is sent again forgives no guesses', async () => {
  const server = await start()
  const same = { timestamp: server.clock.now(), nonce: 'heard' }
  assert.equal(await initiateFrom(server, here, same), '200')
  await guess(server, 29)
  assert.equal(await initiateFrom(server, here, same), '401 invalid_nonce')
  assert.deepEqual(await guess(server, 2), ['401 invalid_signature', '429 too_many_requests'])
})

test('RFC 5849 §4.9: a request that is in order writes nothing that counts', async () => {
  const server = await start()
  await guess(server, 1, { ...wrong, consumerKey: 'scanner' })
  const calls: string[] = []
  for (const verb of ['add', 'clear', 'takeBack'] as const) {
    const real = server.store.attempts[verb] as (...args: unknown[]) => Promise<never>
    const noting = (...args: unknown[]) => {
      calls.push(`${verb} ${args[0]}`)
      return real(...args)
    }
    Object.assign(server.store.attempts, { [verb]: noting })
  }
  await temporaryFor(server)
  assert.deepEqual(calls, [])
})

test('RFC 5849 §4.9: wrong signatures with one token shut out no other token of the client', async () => {
  const server = await start({ clients: [{ client_id: 'api', secret: 'api-secret', introspect_any: true }] })
  const [attacked, other] = [await tokenFor(server), await tokenFor(server)]
  const ask = async (credentials: typeof other, remote_address?: string) => {
    const { headers, method, url } = signedFor(server, '/photos', { method: 'GET', credentials })
    const address = remote_address === undefined ? {} : { remote_address }
    const question = { method, url, authorization: headers.authorization ?? '', ...address }
    const answer = await server.post('/oauth1/verify', question, { client: ['api', 'api-secret'] })
    const { active, error } = await answer.json()
    return `${answer.status} ${active === true ? 'active' : error}`
  }
  const forged = { ...attacked, secret: 'guess' }
  for (let n = 0; n < 30; n += 1) assert.equal(await ask(forged, here), '200 invalid_signature')
  assert.equal(await ask(forged, here), '200 too_many_requests')
  assert.equal(await ask(attacked, here), '200 too_many_requests')
  assert.equal(await ask(attacked, elsewhere), '200 active')
  assert.equal(await ask(other, here), '200 active')
  for (let n = 0; n < 40; n += 1) assert.equal(await ask(forged), '200 invalid_signature', 'nobody knows from where')
  assert.equal(await ask(attacked), '200 active')
  assert.equal(await ask(attacked, 'not an address'), '400 invalid_request')
})

test('RFC 5849 §2.3: guesses at the token endpoint are counted, and use up no verifier', async () => {
  const server = await start()
  const approved = await approvedFor(server)
  const forged = { ...approved, temporary: { ...approved.temporary, secret: 'guess' } }
  for (let n = 0; n < 30; n += 1) assert.equal((await exchange(server, forged)).status, 401)
  assert.equal(await outcomeOf(await exchange(server, forged)), '429 too_many_requests')
  server.clock.advance(300)
  assert.equal(await outcomeOf(await exchange(server, approved)), '200')
})

test('RFC 8693 §2.1: guesses at the exchange are counted too', async () => {
  const grant = 'urn:ietf:params:oauth:grant-type:token-exchange'
  const mover = oauth1Client('mover', { secret: 'mover-secret' }, { grant_types: [grant] })
  const server = await start({ clients: [mover] })
  const mine = { consumerKey: 'mover', keys: { clientSecret: 'mover-secret' } }
  const credentials = await tokenFor(server, mine)
  const body = new URLSearchParams({
    grant_type: grant,
    subject_token: credentials.token,
    subject_token_type: 'urn:cardea:params:oauth:token-type:oauth1',
  }).toString()
  const ask = (secret: string) =>
    sendSigned(server, '/token', { ...mine, credentials: { ...credentials, secret }, body })
  for (let n = 0; n < 30; n += 1) assert.equal((await ask('guess')).status, 401)
  assert.equal((await ask(credentials.secret)).status, 429)
  server.clock.advance(300)
  assert.equal((await ask(credentials.secret)).status, 200)
})
