import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listenOnLoopback } from '../testing/loopback.ts'
import { responseFrom } from './fetch-request.ts'
import { send } from './node-response.ts'

const unsendable = [
  { status: 200, headers: { 'x\n': 'y' }, body: 'b' },
  { status: 200, headers: { x: '☃' }, body: 'b' },
  { status: 99_999, headers: {}, body: 'b' },
]

test('BEAT-01: on node:http an answer that cannot be sent is a 500, and the process goes on', async (t) => {
  const said = t.mock.method(console, 'error', () => {})
  const loopback = await listenOnLoopback((request, response) => {
    const answer = unsendable[Number(request.url?.slice(1))]
    if (answer !== undefined) send(response, answer)
  })
  t.after(() => loopback.close())
  for (const index of unsendable.keys()) {
    const answer = await fetch(`${loopback.origin}/${index}`)
    assert.deepEqual([answer.status, await answer.text()], [500, '{"error":"server_error"}'])
  }
  assert.equal(said.mock.callCount(), unsendable.length)
})

test('BEAT-01: on fetch an answer that cannot be sent is a 500', async (t) => {
  const said = t.mock.method(console, 'error', () => {})
  for (const answer of unsendable) assert.equal(responseFrom(answer, 'GET').status, 500)
  assert.equal(responseFrom({ status: 200, headers: { x: '☃' }, body: 'b' }, 'HEAD').body, null)
  assert.equal(said.mock.callCount(), unsendable.length + 1)
})
