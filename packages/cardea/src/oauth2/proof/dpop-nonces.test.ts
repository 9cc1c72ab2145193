import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dpopClient, machine, refusalOf, startDpop } from '../../../test-support/dpop-client.ts'
import { asked, shop, shopSecret } from '../../../test-support/pushing.ts'
import { memoryStore } from '../../stores/memory/index.ts'

const client = shopSecret
const dpop = { nonce: 'required', nonceLifetime: 100 } as const

async function start(options: Parameters<typeof startDpop>[0] = {}) {
  const server = await startDpop({ dpop, ...options })
  const holder = await dpopClient(server.clock)
  const bring = (nonce: string | undefined) =>
    holder.post(server, machine, { client, ...(nonce !== undefined && { claims: { nonce } }) })
  return { server, holder, bring }
}

const nonceOf = (answer: Response): string => answer.headers.get('dpop-nonce') ?? ''

test('RFC 9449 §8: without a nonce the client is told one, and with it gets tokens and the nonce for the next', async () => {
  const { bring, server } = await start()
  const first = await bring(undefined)
  assert.equal(nonceOf(first).length > 20, true)
  assert.deepEqual(await refusalOf(server, first), [400, 'use_dpop_nonce', 'dpop_nonce_missing'])
  const second = await bring(nonceOf(first))
  assert.deepEqual([second.status, nonceOf(second)], [200, nonceOf(first)])
})

test('T-DPP-1, RFC 9449 §8: a nonce holds for its time and as long again, and then another is told', async () => {
  const { bring, server } = await start()
  server.clock.advance(100 - (server.clock.now() % 100))
  const nonce = nonceOf(await bring(undefined))
  server.clock.advance(199)
  const late = await bring(nonce)
  assert.equal(late.status, 200)
  assert.notEqual(nonceOf(late), nonce)
  server.clock.advance(1)
  assert.deepEqual(await refusalOf(server, bring(nonce)), [400, 'use_dpop_nonce', 'dpop_nonce_unknown'])
})

for (const nonce of ['', 'made up', 'A'.repeat(43)]) {
  test(`T-DPP-1, RFC 9449 §8: the nonce ${JSON.stringify(nonce)} is none of ours`, async () => {
    const { bring, server } = await start()
    assert.deepEqual(await refusalOf(server, bring(nonce)), [400, 'use_dpop_nonce', 'dpop_nonce_unknown'])
  })
}

test('RFC 9449 §8: a nonce of one instance is known to the others, also while secrets are rotated', async () => {
  const [older, newer] = ['an older secret of thirty-two characters', 'a newer secret of thirty-two characters']
  const store = memoryStore()
  const one = await start({ store, secrets: [older] })
  const two = await start({ store, secrets: [newer, older], clock: one.server.clock })
  const nonce = nonceOf(await one.bring(undefined))
  assert.equal((await two.bring(nonce)).status, 200)
})

test('RFC 9449 §8: a proof that is wrong otherwise is answered with a nonce, too', async () => {
  const { holder, server } = await start()
  const answer = await holder.post(server, machine, { client, claims: { htm: 'GET' } })
  assert.notEqual(nonceOf(answer), '')
})

test('RFC 9449 §8: without proof no nonce is asked for, where none is demanded', async () => {
  const { server } = await start({ clients: [shop] })
  const answer = await server.post('/token', machine, { client })
  assert.deepEqual([answer.status, answer.headers.has('dpop-nonce')], [200, false])
})

test('RFC 9449 §10.1, §8: pushed requests are told nonces as well', async () => {
  const { holder, server } = await start({ pushedRequests: true })
  const push = (nonce?: string) => {
    const proof = holder.proof({ htu: 'https://auth.example/par', nonce })
    return server.post('/par', asked, { client, headers: { dpop: proof } })
  }
  const told = await push()
  assert.deepEqual([told.status, (await told.clone().json()).error], [400, 'use_dpop_nonce'])
  const answer = await push(nonceOf(told))
  assert.deepEqual([answer.status, nonceOf(answer)], [201, nonceOf(told)])
})

test('RFC 9449 §8.2: without nonces, nobody is told one', async () => {
  const { bring } = await start({ dpop: true })
  const answer = await bring(undefined)
  assert.deepEqual([answer.status, answer.headers.has('dpop-nonce')], [200, false])
})
