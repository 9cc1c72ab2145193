import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SecretHasher } from '../core/ports/secret-hasher.ts'
import { memoryStore } from '../stores/memory/index.ts'
import { sqliteStore } from '../stores/sqlite/index.ts'
import { alice, bob, sendPassword, visit, webApp } from '../testing/authorization-visit.ts'
import { fastHasher } from '../testing/fast-hasher.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../testing/test-server.ts'

const here = '203.0.113.7'
const limits = {
  accountFromNetwork: { attempts: 3, window: 60 },
  network: { attempts: 8, window: 60 },
  account: { attempts: 12, window: 60 },
}

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients: [webApp], users: [alice, bob], limits, ...options })

/** A guess from an address, in a browser of its own. */
async function guess(server: TestServer, username: string, password = 'wrong', address = here): Promise<Response> {
  return sendPassword(await visit(server, {}, server.agent(address)), username, password)
}

async function statuses(count: number, send: (at: number) => Promise<Response>): Promise<number[]> {
  const all: number[] = []
  for (let at = 0; at < count; at += 1) all.push((await send(at)).status)
  return all
}

test('T-SES-7: guesses for one account from one network end in 429, the right password among them', async () => {
  const server = await start()
  assert.deepEqual(await statuses(4, () => guess(server, 'alice')), [400, 400, 400, 429])
  const answer = await guess(server, 'alice', alice.password)
  assert.equal(answer.status, 429)
  assert.equal(answer.headers.get('set-cookie'), null)
  assert.equal(answer.headers.get('retry-after'), '60')
  assert.match(await answer.text(), /Too many attempts\. Please try again in 1 minute\./)
})

test('T-SES-7: the wait ends with the window, and guessing on does not prolong it', async () => {
  const server = await start()
  await statuses(3, () => guess(server, 'alice'))
  server.clock.advance(59)
  const late = await guess(server, 'alice')
  assert.deepEqual([late.status, late.headers.get('retry-after')], [429, '1'])
  server.clock.advance(1)
  assert.equal((await guess(server, 'alice', alice.password)).status, 303)
})

test('T-SES-7: the owner gets in from another network while a guesser is shut out', async () => {
  const server = await start()
  await statuses(50, () => guess(server, 'alice'))
  assert.equal((await guess(server, 'alice', alice.password, '198.51.100.1')).status, 303)
})

test('T-SES-7: no spelling of a name has guesses of its own', async () => {
  const server = await start()
  const spellings = ['alice', 'ALICE', ' Alice ', 'ａlice']
  assert.deepEqual(await statuses(4, (at) => guess(server, spellings[at] ?? '')), [400, 400, 400, 429])
})

test('T-SES-7: one network that tries many accounts is stopped', async () => {
  const server = await start()
  const answers = await statuses(9, (at) => guess(server, `user${at}`))
  assert.deepEqual(answers, [400, 400, 400, 400, 400, 400, 400, 400, 429])
  assert.equal((await guess(server, 'bob', bob.password)).status, 429)
  assert.equal((await guess(server, 'bob', bob.password, '198.51.100.1')).status, 303)
})

test('T-SES-7: one account that many networks try is slowed, and free again after the window', async () => {
  const server = await start()
  const answers = await statuses(13, (at) => guess(server, 'alice', 'wrong', `198.51.100.${at}`))
  assert.deepEqual(answers.slice(-2), [400, 429])
  server.clock.advance(60)
  assert.equal((await guess(server, 'alice', alice.password)).status, 303)
})

test('T-SES-7: the whole /64 of an IPv6 subscriber counts as one network, the next one as another', async () => {
  const server = await start()
  const address = (at: number): string => `2001:db8:1:2:${(at + 1).toString(16)}::${at}`
  assert.deepEqual(await statuses(4, (at) => guess(server, 'alice', 'wrong', address(at))), [400, 400, 400, 429])
  assert.equal((await guess(server, 'alice', 'wrong', '2001:db8:1:3::1')).status, 400)
})

test('T-SES-7: no header of the client chooses the network it is counted by', async () => {
  const server = await start()
  const forged = async (at: number): Promise<Response> => {
    const { browser, path, csrf } = await visit(server, {}, server.agent(here))
    const address = `198.51.100.${at}`
    const headers = { 'x-forwarded-for': address, forwarded: `for=${address}`, 'x-real-ip': address }
    return browser.post(path, { csrf, username: 'alice', password: 'wrong', action: 'sign_in' }, headers)
  }
  assert.deepEqual(await statuses(4, forged), [400, 400, 400, 429])
})

test('T-SES-7: signing in clears the guesses for the account', async () => {
  const server = await start()
  for (let round = 0; round < 2; round += 1) {
    assert.deepEqual(await statuses(2, () => guess(server, 'alice')), [400, 400])
    assert.equal((await guess(server, 'alice', alice.password)).status, 303)
  }
})

test('T-SES-7: good sign-ins from one network do not add up to its limit, and clear none of its guesses', async () => {
  const server = await start()
  assert.deepEqual(await statuses(20, () => guess(server, 'bob', bob.password)), Array(20).fill(303))
  const answers = await statuses(9, async (at) => {
    await guess(server, 'bob', bob.password)
    return guess(server, `user${at}`)
  })
  assert.deepEqual(answers, [400, 400, 400, 400, 400, 400, 400, 400, 429])
})

test('T-SES-6, T-SES-7: an unknown account is limited in the same words', async () => {
  const server = await start()
  const answers = await Promise.all(
    ['alice', 'nobody'].map(async (username) => {
      assert.deepEqual(await statuses(3, () => guess(server, username)), [400, 400, 400])
      const at = await visit(server, {}, server.agent(here))
      const answer = await sendPassword(at, username, 'wrong')
      assert.equal(answer.status, 429)
      return [at.csrf, at.path, username].reduce((text, own) => text.replaceAll(own, ''), await answer.text())
    }),
  )
  assert.equal(answers[0], answers[1])
})

test('T-SES-7: of 100 parallel guesses no more than the limit reach the hasher, in each store', async () => {
  for (const store of [memoryStore(), await sqliteStore({ file: ':memory:' })]) {
    let checked = 0
    const hasher: SecretHasher = {
      hash: fastHasher.hash,
      verify: (hash, secret) => {
        checked += 1
        return fastHasher.verify(hash, secret)
      },
    }
    const server = await start({ store, hasher })
    const at = await visit(server, {}, server.agent(here))
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => sendPassword(at, 'alice', `guess ${n}`)))
    assert.equal(answers.filter(({ status }) => status === 429).length, 97)
    assert.equal(checked, 3)
    await store.close()
  }
})

test('T-SES-7: what was typed as a name is in no counter and no event in clear', async () => {
  const store = memoryStore()
  const keys: string[] = []
  const attempts = {
    ...store.attempts,
    add: (key: string, window: number, at: number) => {
      keys.push(key)
      return store.attempts.add(key, window, at)
    },
  }
  const server = await start({ store: { ...store, attempts } })
  await guess(server, 'my-password-by-mistake')
  assert.equal(keys.filter((key) => key.startsWith('sign-in')).length, 3)
  assert.doesNotMatch(JSON.stringify([keys, server.events]), /my-password-by-mistake/)
})
