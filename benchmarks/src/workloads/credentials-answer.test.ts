import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCredentials, readVerifier } from './credentials-answer.ts'

const token = 't'.repeat(42)
const secret = 's'.repeat(48)
const answer = (status: number, members: Record<string, string>) => ({
  status,
  head: `HTTP/1.1 ${status}`,
  body: new URLSearchParams(members).toString(),
})
const pair = { oauth_token: token, oauth_token_secret: secret }

test('RFC 5849 §2.1: temporary credentials count only with the confirmed callback', () => {
  const confirmed = answer(200, { ...pair, oauth_callback_confirmed: 'true' })
  assert.deepEqual(readCredentials(confirmed, 'temporary'), { token, secret })
  assert.throws(() => readCredentials(answer(200, pair), 'temporary'), /temporary credentials answered 200/)
})

test('RFC 5849 §2.3: token credentials count with both members and status 200', () => {
  assert.deepEqual(readCredentials(answer(200, pair), 'token'), { token, secret })
  assert.throws(() => readCredentials(answer(401, pair), 'token'), /answered 401/)
  assert.throws(() => readCredentials(answer(200, { oauth_token: token }), 'token'), /answered 200/)
  assert.throws(() => readCredentials(answer(200, { ...pair, oauth_token: '' }), 'token'), /answered 200/)
})

test('RFC 5849 §2.2: the verifier is that of this token, sent to this callback', () => {
  const callback = 'https://client.example.org/cb'
  assert.equal(readVerifier(`${callback}?oauth_token=a&oauth_verifier=v`, callback, 'a'), 'v')
  for (const wrong of [
    `${callback}?oauth_token=b&oauth_verifier=v`,
    `${callback}?oauth_token=a&error=access_denied`,
    'https://elsewhere.example.org/cb?oauth_token=a&oauth_verifier=v',
  ]) {
    assert.throws(() => readVerifier(wrong, callback, 'a'), /without this token/, wrong)
  }
})
