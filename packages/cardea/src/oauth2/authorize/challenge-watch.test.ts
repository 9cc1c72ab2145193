import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alice, bob, webApp } from '../../testing/authorization-visit.ts'
import { codeFor } from '../../testing/code-flow.ts'
import { startTestServer } from '../../testing/test-server.ts'
import { challengeWatch, repeatsTold } from './challenge-watch.ts'

const other = { client_id: 'other', grant_types: ['authorization_code'] }

test('T-AUZ-6, RFC 9700 §2.1.1: a client that sends one challenge again and again is told of once, others are not', async () => {
  const server = await startTestServer({ clients: [webApp, other], users: [alice, bob] })
  const told = () => server.events.filter(({ type }) => type === 'challenge_repeated')
  const ask = (client_id: string, round: number, query: Record<string, string> = {}) =>
    codeFor(server, round % 2 === 0 ? alice : bob, { client_id, ...query })
  for (let round = 0; round < repeatsTold + 2; round += 1) {
    await ask('other', round, { code_challenge: String(round).padStart(43, 'n') })
    await ask('app', round)
    assert.equal(told().length, round + 1 < repeatsTold ? 0 : 1, `after ${round + 1} codes`)
  }
  assert.deepEqual(told(), [{ type: 'challenge_repeated', clientId: 'app', codes: repeatsTold }])
})

test('T-AUZ-6: what keeps coming back stays known among many others, and no challenge is remembered for ever', () => {
  const told: string[] = []
  const watch = challengeWatch((event) => {
    if (event.type === 'challenge_repeated') told.push(event.clientId)
    return undefined
  })
  const code = (clientId: string, codeChallenge: string) => void watch({ clientId, codeChallenge } as never)
  for (let round = 0; round < repeatsTold; round += 1) {
    code('constant', 'c')
    for (let n = 0; n < 500; n += 1) code('sound', `${round} ${n}`)
  }
  assert.deepEqual(told, ['constant'])
  for (let round = 0; round < repeatsTold; round += 1) {
    code('seldom', 'c')
    for (let n = 0; n < 1000; n += 1) code('sound', `${round} ${n} later`)
  }
  assert.deepEqual(told, ['constant'])
})
