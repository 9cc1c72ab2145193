import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestServer } from '../testing/index.ts'
import { listenOnLoopback } from '../testing/loopback.ts'
import { fetchProtector } from './fetch.ts'
import { nodeProtector } from './node.ts'

async function start() {
  const server = await startTestServer({ oauth1: true, clients: [{ client_id: 'job', secret: 's' }] })
  const answer = await server.post('/token', { grant_type: 'client_credentials' }, { client: ['job', 's'] })
  const { access_token } = (await answer.json()) as { access_token: string }
  return { provider: server.provider, token: access_token }
}

const cases = (token: string): [string | undefined, number, string | undefined][] => [
  [undefined, 200, 'nobody'],
  [`Bearer ${token}`, 200, 'job'],
  [`Bearer ${token}x`, 401, undefined],
  ['Bearer', 400, undefined],
  ['Basic am9iOnM=', 401, undefined],
  ['OAuth oauth_consumer_key="x"', 401, undefined],
]

test('A2-RP-06: fetch: where a token is optional, only a request without any authentication comes in without one', async () => {
  const { provider, token } = await start()
  const resource = fetchProtector(provider).optionalOAuth(
    'read',
    (_request, info) => new Response(info?.clientId ?? 'nobody'),
  )
  for (const [authorization, status, body] of cases(token)) {
    const headers = authorization === undefined ? {} : { authorization }
    const answer = await resource(new Request('https://auth.example/r', { headers }))
    assert.equal(answer.status, status, authorization)
    if (body !== undefined) assert.equal(await answer.text(), body)
  }
})

test('A2-RP-06: node: where a token is optional, only a request without any authentication comes in without one', async (t) => {
  const { provider, token } = await start()
  const resource = nodeProtector(provider).optionalOAuth('read', (_message, response, info) => {
    response.end(info?.clientId ?? 'nobody')
  })
  const loopback = await listenOnLoopback(resource)
  t.after(() => loopback.close())
  for (const [authorization, status, body] of cases(token)) {
    const answer = await fetch(loopback.origin, { headers: authorization === undefined ? {} : { authorization } })
    assert.equal(answer.status, status, authorization)
    if (body !== undefined) assert.equal(await answer.text(), body)
  }
})
