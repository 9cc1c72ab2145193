import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FetchHandler, guardedFetch } from './guarded-fetch.ts'

const headers = { 'cache-control': 'no-store', 'dpop-nonce': 'n1' }

/** What comes of a handler behind a guard that lets everybody in and hands out a nonce. */
const answered = (handler: FetchHandler<undefined>): Promise<Response> =>
  guardedFetch(async () => ({ granted: undefined, headers }), handler, 1000)(new Request('https://api.example/'))

test('RFC 9449 §8.2: what the guard hands out is added to the answer of the handler, body and status stay', async () => {
  const answer = await answered(() => new Response('made', { status: 201, headers: { 'x-own': 'yes' } }))
  assert.deepEqual([answer.status, await answer.text(), answer.headers.get('x-own')], [201, 'made', 'yes'])
  assert.deepEqual([answer.headers.get('dpop-nonce'), answer.headers.get('cache-control')], ['n1', 'no-store'])
})

test('RFC 9449 §8.2: what the handler has set of the same name counts', async () => {
  const answer = await answered(
    () => new Response(null, { headers: { 'cache-control': 'private', 'DPoP-Nonce': 'own' } }),
  )
  assert.deepEqual([answer.headers.get('dpop-nonce'), answer.headers.get('cache-control')], ['own', 'private'])
})

test('RFC 9449 §8.2: answers whose headers cannot be set, and those without a body, have it too', async () => {
  for (const made of [Response.redirect('https://api.example/next', 303), new Response(null, { status: 204 })]) {
    const answer = await answered(() => made)
    assert.deepEqual([answer.status, answer.headers.get('dpop-nonce')], [made.status, 'n1'])
    assert.equal(answer.headers.get('location'), made.headers.get('location'))
  }
})

test('Response.error(), which nobody can make anew, is left as it is', async () => {
  assert.equal((await answered(() => Response.error())).status, 0)
})
