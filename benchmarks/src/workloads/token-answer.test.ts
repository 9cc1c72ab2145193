import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTokenAnswer } from './token-answer.ts'

const answer = (status: number, body: unknown) => ({ status, head: `HTTP/1.1 ${status}`, body: JSON.stringify(body) })
const token = 'a'.repeat(43)

test('RFC 6749 §5.1: takes the tokens of a good answer', () => {
  assert.deepEqual(readTokenAnswer(answer(200, { access_token: token, refresh_token: 'r' })), {
    accessToken: token,
    refreshToken: 'r',
  })
})

test('RFC 6749 §5.1: the refresh token is optional', () => {
  assert.equal(readTokenAnswer(answer(200, { access_token: token })).refreshToken, undefined)
})

test('RFC 6749 §5.1: an answer without a usable access token does not count', () => {
  assert.throws(() => readTokenAnswer(answer(200, { error: 'invalid_grant' })), /answered 200/)
  assert.throws(() => readTokenAnswer(answer(200, { access_token: '' })), /answered 200/)
})

test('RFC 6749 §5.2: an error answer does not count, even if it holds a token', () => {
  assert.throws(() => readTokenAnswer(answer(400, { access_token: token })), /answered 400/)
})
