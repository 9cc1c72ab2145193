import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolError } from '../core/spec/errors.ts'
import { challenge, credentialsAnswer, refusalAsForm, refusalAsJson } from './answers.ts'
import { OAuth1Error, oauth1ErrorStatus } from './errors.ts'

const secretive = {
  'content-type': 'application/x-www-form-urlencoded',
  'cache-control': 'no-store',
  pragma: 'no-cache',
}

test('RFC 5849 §2.1: temporary credentials are form-encoded and confirm the callback with true', () => {
  const answer = credentialsAnswer({
    oauth_token: 'a b&c',
    oauth_token_secret: 'd+=',
    oauth_callback_confirmed: 'true',
  })
  assert.deepEqual(answer, {
    status: 200,
    headers: secretive,
    body: 'oauth_token=a%20b%26c&oauth_token_secret=d%2B%3D&oauth_callback_confirmed=true',
  })
})

test('RFC 5849 §2.3: no further member begins with oauth_', () => {
  const members = { oauth_token: 'a', oauth_token_secret: 'b' }
  assert.equal(credentialsAnswer(members, { user: 'é' }).body, 'oauth_token=a&oauth_token_secret=b&user=%C3%A9')
  assert.throws(() => credentialsAnswer(members, { oauth_expires_in: '1' }), TypeError)
})

test('RFC 5849 §3.2: refusals have the status of their code', () => {
  const unauthorized = Object.entries(oauth1ErrorStatus).filter(([, status]) => status === 401)
  assert.deepEqual(unauthorized.map(([code]) => code).sort(), [
    'invalid_client',
    'invalid_nonce',
    'invalid_signature',
    'invalid_token',
  ])
  assert.equal(new OAuth1Error('method_not_allowed', 'r').status, 405)
  assert.equal(new OAuth1Error('missing_required_parameter', 'r').status, 400)
})

test('RFC 5849 §3.2: a 401 is form-encoded, not stored, and carries the challenge', () => {
  const description = 'Wrong "x"\r\n<b>'
  const error = new OAuth1Error('invalid_signature', 'r', { description, uri: 'https://docs.example/a?b=c' })
  assert.deepEqual(refusalAsForm(error, 'https://as.example'), {
    status: 401,
    headers: { ...secretive, 'www-authenticate': 'OAuth realm="https://as.example"' },
    body:
      'error=invalid_signature&error_description=Wrong%20%27x%27%3F%3F%3Cb%3E&' +
      'error_uri=https%3A%2F%2Fdocs.example%2Fa%3Fb%3Dc',
  })
  const json = refusalAsJson(new OAuth1Error('invalid_token', 'r'), 'x')
  assert.equal(json.headers['www-authenticate'], 'OAuth realm="x"')
  assert.equal(json.headers['cache-control'], 'no-store')
  assert.equal(json.body, '{"error":"invalid_token"}')
})

test('RFC 9110 §15.5.6: a 405 names the methods; only a 401 has a challenge', () => {
  const answer = refusalAsForm(new OAuth1Error('method_not_allowed', 'r', { allow: ['POST'] }), 'x')
  assert.deepEqual([answer.status, answer.headers], [405, { ...secretive, allow: 'POST' }])
})

test('RFC 9110 §10.2.3: what the rest of the engine refuses is told in the same form', () => {
  const busy = new ProtocolError('temporarily_unavailable', 'r', { retryAfter: 5 })
  const answer = refusalAsForm(busy, 'x')
  assert.deepEqual(
    [answer.status, answer.headers['retry-after'], answer.body],
    [503, '5', 'error=temporarily_unavailable'],
  )
})

test('RFC 5849 §3.5.1: no realm ends its quotes or the header line', () => {
  assert.equal(challenge('a"b\\c\r\nd é'), 'OAuth realm="a\\"b\\\\c??d ?"')
})
