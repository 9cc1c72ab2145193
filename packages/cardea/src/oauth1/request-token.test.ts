import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  callback,
  consumerSecret,
  descriptionOf,
  initiate,
  membersOf,
  oauth1Client,
  outcomeOf,
  sendSigned,
  startOAuth1Server,
} from '../testing/oauth1-flow.ts'

const path = '/oauth1/initiate'

test('A1-OAUTH1-01: temporary credentials: any method but POST is a 405 that names it', async () => {
  const server = await startOAuth1Server()
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    const answer = await sendSigned(server, path, { method, parameters: { oauth_callback: callback } })
    assert.equal(await outcomeOf(answer), '405 method_not_allowed')
    assert.equal(answer.headers.get('allow'), 'POST')
  }
})

test('A1-OAUTH1-02: what is missing is named in the order of the source: key, callback, client, timestamp, nonce, method, signature', async () => {
  const server = await startOAuth1Server()
  const now = String(server.clock.now())
  const form: Record<string, string> = {}
  const steps: [string, string | undefined, string | undefined][] = [
    ['400 missing_required_parameter', 'oauth_consumer_key', 'nobody'],
    ['400 missing_required_parameter', 'oauth_callback', 'no url'],
    ['400 invalid_request', 'oauth_callback', callback],
    ['401 invalid_client', undefined, undefined],
    ['400 missing_required_parameter', 'oauth_timestamp', now],
    ['400 missing_required_parameter', 'oauth_nonce', 'n'],
    ['400 missing_required_parameter', 'oauth_signature_method', 'HMAC-SHA1'],
    ['400 missing_required_parameter', 'oauth_signature', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='],
  ]
  for (const [outcome, name, value] of steps) {
    const answer = await server.post(path, form)
    assert.equal(await outcomeOf(answer), outcome)
    if (name !== undefined) assert.match(await descriptionOf(answer), new RegExp(`\\b${name}\\b`))
    if (name === undefined) form.oauth_consumer_key = 'printer'
    else if (value !== undefined) form[name] = value
  }
  assert.equal(await outcomeOf(await server.post(path, form)), '401 invalid_signature')
})

test('A1-OAUTH1-02: an empty parameter is a missing one', async () => {
  const server = await startOAuth1Server()
  const answer = await initiate(server, { parameters: { oauth_callback: '' } })
  assert.equal(await outcomeOf(answer), '400 missing_required_parameter')
})

test('A1-OAUTH1-03: a callback is oob or an absolute URI', async () => {
  const server = await startOAuth1Server()
  for (const oauth_callback of ['cb', '/cb', '//client.example/cb', 'https://', 'https://[::1/cb', 'OOB', 'http:']) {
    const answer = await initiate(server, { parameters: { oauth_callback } })
    assert.equal(await outcomeOf(answer), '400 invalid_request', oauth_callback)
  }
})

test('A1-OAUTH1-04: only a callback of the client’s own registration is taken', async () => {
  const server = await startOAuth1Server()
  const strange = [
    'https://evil.example/cb?kept=1',
    'https://client.example/cb',
    `${callback}&more=1`,
    `${callback}#f`,
    'https://client.example:444/cb?kept=1',
    'https://user@client.example/cb?kept=1',
    'javascript://client.example/%0aalert(1)',
    'http://client.example/cb?kept=1',
  ]
  for (const oauth_callback of strange) {
    const answer = await initiate(server, { parameters: { oauth_callback } })
    assert.equal(await outcomeOf(answer), '400 invalid_request', oauth_callback)
  }
})

test('RFC 8252 §7.3: the port of a native client’s loopback callback may be any', async () => {
  const native = oauth1Client(
    'app',
    { secret: 's', callbacks: ['http://127.0.0.1/cb'] },
    { application_type: 'native' },
  )
  const server = await startOAuth1Server({ clients: [native] })
  const from = (oauth_callback: string) =>
    initiate(server, { consumerKey: 'app', keys: { clientSecret: 's' }, parameters: { oauth_callback } })
  assert.equal(await outcomeOf(await from('http://127.0.0.1:51004/cb')), '200')
  assert.equal(await outcomeOf(await from('http://127.0.0.1:51004/other')), '400 invalid_request')
})

test('A1-OAUTH1-05: an unknown, a disabled and an OAuth 2 consumer key are told the same', async () => {
  const clients = [
    oauth1Client('off', { secret: consumerSecret }, { disabled: true }),
    { client_id: 'web', secret: 'web-secret' },
  ]
  const server = await startOAuth1Server({ clients })
  const answers = await Promise.all(
    ['off', 'web', 'nobody', 'a'.repeat(4000)].map((consumerKey) => initiate(server, { consumerKey })),
  )
  const bodies = await Promise.all(answers.map((answer) => answer.text()))
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([401]))
  assert.equal(new Set(bodies).size, 1)
})

test('RFC 5849 §2.1: the answer has the three members, form-encoded, and may not be kept', async () => {
  const server = await startOAuth1Server()
  const answer = await initiate(server)
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), 'application/x-www-form-urlencoded')
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.equal(answer.headers.get('pragma'), 'no-cache')
  const { oauth_token, oauth_token_secret, ...rest } = await membersOf(answer)
  assert.deepEqual(rest, { oauth_callback_confirmed: 'true' })
  assert.match(oauth_token ?? '', /^[A-Za-z0-9]{42}$/)
  assert.match(oauth_token_secret ?? '', /^[A-Za-z0-9]{48}$/)
})

test('A1-OAUTH1-07: refusals are form-encoded too, may not be kept, and a 401 carries the challenge', async () => {
  const server = await startOAuth1Server()
  const answer = await initiate(server, { consumerKey: 'nobody' })
  assert.equal(answer.headers.get('content-type'), 'application/x-www-form-urlencoded')
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.equal(answer.headers.get('www-authenticate'), 'OAuth realm="https://auth.example"')
  assert.deepEqual(Object.keys(await membersOf(answer)), ['error', 'error_description'])
})

test('A1-OAUTH1-36: oob from a client that is not registered for it stands for its own callback', async () => {
  const server = await startOAuth1Server({ clients: [oauth1Client('mute', { secret: 's', callbacks: [] })] })
  assert.equal(await outcomeOf(await initiate(server, { parameters: { oauth_callback: 'oob' } })), '200')
  const mute = await initiate(server, {
    consumerKey: 'mute',
    keys: { clientSecret: 's' },
    parameters: { oauth_callback: 'oob' },
  })
  assert.equal(await outcomeOf(mute), '400 invalid_request')
})

test('A1-OAUTH1-49: lengths and generator of tokens are the operator’s', async () => {
  const short = await startOAuth1Server({ oauth1: { tokenLength: 30, secretLength: 25 } })
  const { oauth_token, oauth_token_secret } = await membersOf(await initiate(short))
  assert.deepEqual([oauth_token?.length, oauth_token_secret?.length], [30, 25])
  const generateToken = () => ({ token: 'made by the host itself', secret: 'and & encoded, as it is' })
  const own = await startOAuth1Server({ oauth1: { generateToken } })
  const made = await membersOf(await initiate(own))
  assert.deepEqual([made.oauth_token, made.oauth_token_secret], ['made by the host itself', 'and & encoded, as it is'])
})

test('RFC 6749 §3.3: a scope beside the protocol’s parameters is granted when it is known, once, and not above the ceiling', async () => {
  const server = await startOAuth1Server()
  const asks = async (target: string): Promise<string> =>
    outcomeOf(await sendSigned(server, target, { parameters: { oauth_callback: callback } }))
  assert.equal(await asks(`${path}?scope=read%20write`), '200')
  assert.equal(await asks(`${path}?scope=unknown`), '400 invalid_scope')
  assert.equal(await asks(`${path}?scope=read&scope=write`), '400 invalid_request')
})
