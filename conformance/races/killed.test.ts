import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { TestServer } from 'cardea/testing'
import { digestOf } from '../../packages/cardea/src/core/crypto/digest.ts'
import { signJwt } from '../../packages/cardea/src/core/crypto/jose/sign-jwt.ts'
import { mintToken } from '../../packages/cardea/src/core/crypto/token-text.ts'
import { alice } from '../../packages/cardea/src/testing/authorization-visit.ts'
import { askForTokens } from '../../packages/cardea/src/testing/device-flow.ts'
import { dpopClient } from '../../packages/cardea/test-support/dpop-client.ts'
import { shopSecret } from '../../packages/cardea/test-support/pushing.ts'
import { initialAccessToken, post, webMetadata } from '../../packages/cardea/test-support/registering.ts'
import { counted, isActive } from './race.ts'
import { assertedKey, raceClients } from './registrations.ts'
import { prepared, reached, startProcess } from './server-process.ts'

const machine = { grant_type: 'client_credentials' }
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Something that buys once, and what it was answered with where the answer came at all. */
interface Purchase {
  readonly buy: (server: TestServer) => Promise<Response>
  readonly statuses: number[]
  token?: string
}

async function approvedDevice({ clock, store }: TestServer): Promise<Purchase> {
  const device = mintToken('device')
  const [createdAt, scope] = [clock.now(), ['read']]
  await store.deviceRequests.save({
    digest: digestOf(device),
    userCode: digestOf(`${device} typed`),
    clientId: 'tv',
    scope,
    interval: 5,
    createdAt,
    expiresAt: createdAt + 600,
    approval: { userId: alice.id, scope },
  })
  return { buy: (server) => askForTokens(server, device), statuses: [] }
}

function assertion({ clock }: TestServer, number: number): Purchase {
  const now = clock.now()
  const claims = {
    iss: 'keyed',
    sub: 'keyed',
    aud: 'https://auth.example',
    exp: now + 600,
    iat: now,
    jti: `k${number}`,
  }
  const client_assertion = signJwt(assertedKey, { typ: 'JWT', claims })
  const form = { ...machine, client_assertion, client_assertion_type: assertionType }
  return { buy: (server) => server.post('/token', form), statuses: [] }
}

async function proof({ clock }: TestServer): Promise<Purchase> {
  const headers = { dpop: (await dpopClient(clock)).proof() }
  return { buy: (server) => server.post('/token', machine, { client: shopSecret, headers }), statuses: [] }
}

/** Whether there was an answer: a connection that breaks is none. */
async function tryOut(one: Purchase, server: TestServer): Promise<boolean> {
  try {
    const answer = await one.buy(server)
    const text = await answer.text()
    one.statuses.push(answer.status)
    if (answer.ok) one.token = (JSON.parse(text) as { access_token: string }).access_token
    return true
  } catch {
    return false
  }
}

const each = 40
const numbers = Array.from({ length: each }, (_, number) => number)

test('BEAT-02, ADR 1: a process killed -9 amid requests loses nothing it answered, and what was spent stays spent', async (t) => {
  const folder = await prepared(t)
  const [killed, survivor] = [await startProcess(t, folder), await startProcess(t, folder)]
  const server = await reached(t, folder, [killed, survivor])
  const uses = await initialAccessToken(server, { usesLeft: each })
  const all: Purchase[] = []
  for (const number of numbers)
    all.push(await approvedDevice(server), assertion(server, number), await proof(server), {
      buy: (at) => post(at, webMetadata, { token: uses }),
      statuses: [],
    })
  let answered = 0
  const waiting = all.values()
  const lane = async (): Promise<void> => {
    for (const one of waiting) {
      if (await tryOut(one, server)) answered += 1
      if (answered === each) killed.child.kill('SIGKILL')
    }
  }
  await Promise.all(Array.from({ length: 24 }, lane))
  if (killed.child.signalCode === null) await once(killed.child, 'exit')
  assert.equal(killed.child.signalCode, 'SIGKILL')
  assert.ok(answered < all.length, 'it was killed amid requests')

  const back = await reached(t, folder, [await startProcess(t, folder), survivor])
  const again = await Promise.all([...all, ...all].map((one) => tryOut(one, back)))
  assert.ok(again.every(Boolean), 'nobody hangs')
  assert.deepEqual([...new Set(all.flatMap(({ statuses }) => statuses))].sort(), [200, 201, 400, 401])
  for (const { statuses, token } of all) {
    assert.ok(statuses.filter((status) => status === 200).length <= 1, 'nothing buys twice')
    if (token !== undefined) assert.equal(await isActive(back, token), true, 'what was answered is there')
  }
  assert.equal((await counted(back)).authorizations, each, 'each device bought once, and whole')
  const registered = all.flatMap(({ statuses }) => statuses).filter((status) => status === 201).length
  const clients = (await back.store.clients.list({ limit: 1000 })).length - raceClients.length
  assert.ok(registered <= clients && clients <= each, `${registered} ≤ ${clients} ≤ ${each}`)
  assert.deepEqual([survivor.child.exitCode, survivor.log()], [null, ''])
})

test('RFC 9700 §4.14.2, BEAT-02: a refresh whose answer went down with a process is repeated at another, and no family is lost', async (t) => {
  const folder = await prepared(t, { lifetimes: { refreshReuseWindow: 60 } })
  const [killed, survivor] = [await startProcess(t, folder), await startProcess(t, folder)]
  const server = await reached(t, folder, [killed, survivor])
  const families = await Promise.all(
    numbers.slice(0, 20).map(async () => {
      const { buy } = await approvedDevice(server)
      return [((await (await buy(server)).json()) as { refresh_token: string }).refresh_token]
    }),
  )
  const refresh = async (at: TestServer, refresh_token: string): Promise<Response> =>
    at.post('/token', { grant_type: 'refresh_token', client_id: 'tv', refresh_token })
  let answered = 0
  await Promise.all(
    families.map(async (chain) => {
      for (let step = 0; step < 10 || chain.length < 4; step += 1) {
        const answer = await refresh(server, chain.at(-1) ?? '').catch(() => undefined)
        const told = (await answer?.json().catch(() => undefined)) as { refresh_token: string } | undefined
        if (told === undefined) continue
        chain.push(told.refresh_token)
        answered += 1
        if (answered === 50) killed.child.kill('SIGKILL')
      }
    }),
  )
  if (killed.child.signalCode === null) await once(killed.child, 'exit')
  const back = await reached(t, folder, [await startProcess(t, folder), survivor])
  for (const chain of families) {
    assert.equal((await refresh(back, chain.at(-1) ?? '')).status, 200)
    assert.equal((await refresh(back, chain.at(-3) ?? '')).status, 400, 'what is older is a replay')
    assert.equal((await refresh(back, chain.at(-1) ?? '')).status, 400, 'which ends the family')
  }
})
