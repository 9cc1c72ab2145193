import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventHub } from './event-hub.ts'
import { alice, allow, decline, visitConsent, webApp } from './testing/authorization-visit.ts'
import { startTestServer } from './testing/test-server.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const signedOut = { type: 'signed_out', userId: 'u' } as const
const job = { client_id: 'job', secret: 'a secret', grant_types: ['client_credentials'] }
const form = { grant_type: 'client_credentials' }

test('A2-AS-09: listeners hear in order, each when the one before has settled, and only of their type', async () => {
  const heard: string[] = []
  const hub = eventHub(async () => {
    await turn()
    heard.push('all')
  })
  hub.on('signed_out', async () => {
    await turn()
    heard.push('first')
  })
  hub.on('signed_out', ({ userId }) => heard.push(`second ${userId}`))
  hub.on('signed_in', () => heard.push('never'))
  await hub.emit(signedOut)
  assert.deepEqual(heard, ['all', 'first', 'second u'])
})

test('A2-AS-09: telling costs no promise where nobody is still at it', () => {
  const hub = eventHub(undefined)
  assert.equal(hub.emit(signedOut), undefined)
  hub.on('signed_out', () => 'done')
  assert.equal(hub.emit(signedOut), undefined)
})

test('A2-AS-09: who has ended listening hears no more, and the same function twice hears twice', () => {
  let heard = 0
  const hub = eventHub(undefined)
  const listener = () => {
    heard += 1
  }
  const end = hub.on('signed_out', listener)
  hub.on('signed_out', listener)
  hub.emit(signedOut)
  assert.equal(heard, 2)
  end()
  end()
  hub.emit(signedOut)
  assert.equal(heard, 3)
})

test('A2-AS-09: a listener that throws, rejects or throws nothing at all breaks neither request nor next listener', async (t) => {
  const reported = t.mock.method(console, 'error', () => {})
  const server = await startTestServer({ clients: [job] })
  const heard: string[] = []
  for (const thrown of [new Error('thrown'), undefined]) {
    server.provider.on('token_issued', () => {
      throw thrown
    })
    server.provider.on('token_issued', () => Promise.reject(thrown))
  }
  server.provider.on('token_issued', ({ clientId }) => heard.push(clientId))
  assert.equal((await server.post('/token', form, { client: ['job', 'a secret'] })).status, 200)
  assert.deepEqual([heard, reported.mock.callCount()], [['job'], 4])
})

test('A2-AS-09: the answer is sent once listeners have settled: for success, refusal and revocation', async () => {
  const server = await startTestServer({ clients: [job] })
  const settled: string[] = []
  for (const type of ['client_authenticated', 'token_issued', 'token_revoked', 'request_refused'] as const) {
    server.provider.on(type, async () => {
      await turn()
      settled.push(type)
    })
  }
  const client = ['job', 'a secret'] as const
  const answer = (await (await server.post('/token', form, { client })).json()) as { access_token: string }
  assert.deepEqual(settled.splice(0), ['client_authenticated', 'token_issued'])
  await server.post('/revoke', { token: answer.access_token }, { client })
  assert.deepEqual(settled.splice(0), ['client_authenticated', 'token_revoked'])
  await server.post('/token', { grant_type: 'x' }, { client })
  assert.deepEqual(settled.splice(0), ['client_authenticated', 'request_refused'])
})

test('A2-AS-09: a page is answered once listeners of sign-in, consent and code have settled', async () => {
  const server = await startTestServer({ clients: [webApp], users: [alice] })
  const settled: string[] = []
  for (const type of ['signed_in', 'consent_given', 'code_issued', 'consent_denied'] as const) {
    server.provider.on(type, async () => {
      await turn()
      settled.push(type)
    })
  }
  const visit = await visitConsent(server, alice)
  assert.deepEqual(settled.splice(0), ['signed_in'])
  await allow(visit)
  assert.deepEqual(settled.splice(0), ['code_issued', 'consent_given'])
  await decline(await visitConsent(server, alice, { prompt: 'consent' }))
  assert.deepEqual(settled, ['signed_in', 'consent_denied'])
})
