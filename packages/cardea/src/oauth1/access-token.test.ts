import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bob } from '../testing/authorization-visit.ts'
import {
  approve,
  approvedFor,
  consumerKey,
  exchange,
  membersOf,
  oauth1Client,
  outcomeOf,
  resource,
  sendSigned,
  startOAuth1Server,
  temporaryFor,
} from '../testing/oauth1-flow.ts'

const path = '/oauth1/token'
const scanner = { consumerKey: 'scanner', keys: { clientSecret: 'scanner-secret' } }

test('A1-OAUTH1-40: what is missing is named in the order of the source: key, client, token, credential, verifier', async () => {
  const server = await startOAuth1Server()
  const { temporary } = await approvedFor(server)
  const steps: [Record<string, string>, string, RegExp][] = [
    [{}, '400 missing_required_parameter', /oauth_consumer_key/],
    [{ oauth_consumer_key: 'a' }, '401 invalid_client', /./],
    [{ oauth_consumer_key: 'printer' }, '400 missing_required_parameter', /oauth_token/],
    [{ oauth_consumer_key: 'printer', oauth_token: 'a' }, '401 invalid_token', /./],
    [
      { oauth_consumer_key: 'printer', oauth_token: temporary.token },
      '400 missing_required_parameter',
      /oauth_verifier/,
    ],
    [
      { oauth_consumer_key: 'printer', oauth_token: temporary.token, oauth_verifier: 'v' },
      '400 missing_required_parameter',
      /oauth_timestamp/,
    ],
  ]
  for (const [form, outcome, description] of steps) {
    const answer = await server.post(path, form)
    assert.equal(await outcomeOf(answer), outcome)
    assert.match(await answer.text(), description)
  }
})

test('A1-OAUTH1-41: token credentials are given to POST only', async () => {
  const server = await startOAuth1Server()
  const approved = await approvedFor(server)
  assert.equal(await outcomeOf(await exchange(server, approved, { method: 'GET' })), '405 method_not_allowed')
  assert.equal(await outcomeOf(await exchange(server, approved)), '200')
})

test('RFC 5849 §2.3: the answer has its two members and nothing else, and may not be kept', async () => {
  const server = await startOAuth1Server()
  const answer = await exchange(server, await approvedFor(server))
  assert.equal(answer.headers.get('content-type'), 'application/x-www-form-urlencoded')
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.deepEqual(Object.keys(await membersOf(answer)), ['oauth_token', 'oauth_token_secret'])
})

test('T-OA1-3: a temporary credential is exchanged once, and only after approval', async () => {
  const server = await startOAuth1Server()
  const temporary = await temporaryFor(server)
  assert.equal(await outcomeOf(await exchange(server, { temporary, verifier: 'v' })), '401 invalid_token')
  const verifier = (await approve(server, temporary)).searchParams.get('oauth_verifier') ?? ''
  assert.equal(await outcomeOf(await exchange(server, { temporary, verifier })), '200')
  assert.equal(await outcomeOf(await exchange(server, { temporary, verifier })), '401 invalid_token')
})

test('A1-OAUTH1-40: a wrong verifier is a 400 and leaves the credential to the right one', async () => {
  const server = await startOAuth1Server()
  const approved = await approvedFor(server)
  const wrong = await exchange(server, { ...approved, verifier: `${approved.verifier}x` })
  assert.equal(await outcomeOf(wrong), '400 invalid_request')
  assert.match(await wrong.text(), /Invalid%20oauth_verifier/)
  assert.equal(await outcomeOf(await exchange(server, approved)), '200')
})

test('A1-OAUTH1-43: no request with a wrong signature destroys anything or counts as a try', async () => {
  const server = await startOAuth1Server({ oauth1: { verifierAttempts: 2 } })
  const approved = await approvedFor(server)
  for (let n = 0; n < 5; n += 1) {
    const forged = { ...approved, temporary: { ...approved.temporary, secret: 'guess' } }
    assert.equal(await outcomeOf(await exchange(server, forged)), '401 invalid_signature')
    const unsigned = { oauth_consumer_key: 'printer', oauth_token: approved.temporary.token, oauth_verifier: 'guess' }
    assert.equal((await server.post(path, unsigned)).status, 400)
  }
  assert.equal(await outcomeOf(await exchange(server, approved)), '200')
})

test('A1-OAUTH1-43: a client that guesses verifiers loses the credential after so many tries', async () => {
  const server = await startOAuth1Server({ oauth1: { verifierAttempts: 3 } })
  const approved = await approvedFor(server)
  const outcomes: string[] = []
  for (let n = 0; n < 4; n += 1)
    outcomes.push(await outcomeOf(await exchange(server, { ...approved, verifier: `v${n}` })))
  const wrong = '400 invalid_request'
  assert.deepEqual(outcomes, [wrong, wrong, wrong, '401 invalid_token'])
  assert.equal(await outcomeOf(await exchange(server, approved)), '401 invalid_token')
})

test('A1-OAUTH1-44: another client cannot redeem the credential, nor with its verifier, nor use it up', async () => {
  const server = await startOAuth1Server()
  const approved = await approvedFor(server)
  assert.equal(await outcomeOf(await exchange(server, approved, scanner)), '401 invalid_token')
  assert.equal(await outcomeOf(await exchange(server, approved)), '200')
})

test('T-OA1-2: the verifier of one approval is of no use for another credential of the same client', async () => {
  const server = await startOAuth1Server()
  const mine = await approvedFor(server)
  const other = await approvedFor(server, {}, bob)
  const mixed = { ...mine, verifier: other.verifier }
  assert.equal(await outcomeOf(await exchange(server, mixed)), '400 invalid_request')
})

test('A1-OAUTH1-46: a temporary credential ends with its lifetime, approved or not', async () => {
  const server = await startOAuth1Server({ oauth1: { temporaryCredential: 100 } })
  const approved = await approvedFor(server)
  server.clock.advance(99)
  const last = await approvedFor(server)
  assert.equal(await outcomeOf(await exchange(server, approved)), '200')
  server.clock.advance(100)
  assert.equal(await outcomeOf(await exchange(server, last)), '401 invalid_token')
})

test('RFC 5849 §2.3: the callback is bound at initiate; one at the token endpoint changes nothing', async () => {
  const server = await startOAuth1Server()
  const approved = await approvedFor(server)
  const answer = await exchange(server, approved, {
    parameters: { oauth_verifier: approved.verifier, oauth_callback: 'https://evil.example/' },
  })
  assert.equal(await outcomeOf(answer), '200')
})

test('I4: a client or user that was ended after the approval gets nothing', async () => {
  for (const end of ['client', 'user'] as const) {
    const server = await startOAuth1Server()
    const approved = await approvedFor(server)
    if (end === 'client') {
      const client = await server.store.clients.find('printer')
      if (client !== undefined) await server.store.clients.save({ ...client, disabled: true })
    } else await server.store.users.delete('u-alice')
    const outcome = end === 'client' ? '401 invalid_client' : '401 invalid_token'
    assert.equal(await outcomeOf(await exchange(server, approved)), outcome)
  }
})

test('A1-OAUTH1-47: a token credential does not expire unless the operator says so', async () => {
  for (const [tokenCredential, later] of [
    [0, '200'],
    [3600, '401 invalid_token'],
  ] as const) {
    const server = await startOAuth1Server({ oauth1: { tokenCredential } })
    const { oauth_token = '', oauth_token_secret = '' } = await membersOf(
      await exchange(server, await approvedFor(server)),
    )
    server.clock.advance(3600)
    const credentials = { token: oauth_token, secret: oauth_token_secret }
    const answer = await resource(server, { credentials })
    assert.equal(await outcomeOf(answer), later)
  }
})

test('RFC 5849 §2.3: a token credential is no temporary credential, and is exchanged for nothing', async () => {
  const server = await startOAuth1Server({ clients: [oauth1Client('c', { secret: 's' })] })
  const { oauth_token = '', oauth_token_secret = '' } = await membersOf(
    await exchange(server, await approvedFor(server)),
  )
  const credentials = { token: oauth_token, secret: oauth_token_secret }
  const answer = await sendSigned(server, path, { credentials, parameters: { oauth_verifier: 'v' } })
  assert.equal(await outcomeOf(answer), '401 invalid_token')
})

test('RFC 6749 §10.3: what was taken from the client after the approval is not in the token credential, and nothing is spent where nothing is left', async () => {
  const server = await startOAuth1Server()
  const approved = await approvedFor(server)
  const client = await server.store.clients.find(consumerKey)
  assert.ok(client !== undefined)
  await server.store.clients.save({ ...client, scope: 'other' })
  assert.equal(await outcomeOf(await exchange(server, approved)), '400 invalid_scope')
  await server.store.clients.save({ ...client, scope: 'read' })
  assert.equal(await outcomeOf(await exchange(server, approved)), '200')
  const [found] = await server.store.tokenCredentials.list({}, { limit: 2 })
  assert.deepEqual(found?.credential.scope, ['read'])
})
