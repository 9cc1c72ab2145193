import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { listenOnLoopback } from '../testing/loopback.ts'
import { startTestServer } from '../testing/test-server.ts'
import { nodeProtector } from './node.ts'

async function start(t: TestContext) {
  const server = await startTestServer({ clients: [{ client_id: 'job', secret: 'job-secret' }] })
  const { requireOAuth } = nodeProtector(server.provider)
  const loopback = await listenOnLoopback(
    requireOAuth('write', (_message, response, token) => void response.end(JSON.stringify(token))),
  )
  t.after(() => loopback.close())
  const tokenFor = async (scope: string): Promise<string> => {
    const form = { grant_type: 'client_credentials', scope }
    return (await (await server.post('/token', form, { client: ['job', 'job-secret'] })).json()).access_token
  }
  const get = (authorization?: string) =>
    fetch(loopback.origin, authorization === undefined ? {} : { headers: { authorization } })
  return { server, loopback, tokenFor, get }
}

test('RFC 6750 §2.1: node: a valid token lets the handler run, and tells it about the token', async (t) => {
  const { get, tokenFor, server } = await start(t)
  const answer = await get(`Bearer ${await tokenFor('write')}`)
  const expiresAt = server.clock.now() + 3600
  assert.deepEqual(await answer.json(), { scheme: 'Bearer', clientId: 'job', scope: ['write'], expiresAt })
})

test('RFC 6750 §3: node: without, with a wrong and with a too small token there is a challenge', async (t) => {
  const { get, tokenFor } = await start(t)
  const cases: [string | undefined, number, RegExp][] = [
    [undefined, 401, /^Bearer realm="https:\/\/auth\.example"$/],
    ['Basic x', 401, /^Bearer realm="https:\/\/auth\.example"$/],
    ['Bearer', 400, /error="invalid_request"/],
    ['Bearer x', 401, /error="invalid_token"/],
    [`Bearer ${await tokenFor('read')}`, 403, /error="insufficient_scope".*scope="write"/],
  ]
  for (const [header, status, challenge] of cases) {
    const answer = await get(header)
    assert.equal(answer.status, status, header)
    assert.match(answer.headers.get('www-authenticate') ?? '', challenge)
  }
})

test('RFC 6750 §2: node: a token in the URL or the body, or two headers, open nothing', async (t) => {
  const { loopback, tokenFor } = await start(t)
  const token = await tokenFor('write')
  assert.equal((await fetch(`${loopback.origin}/?access_token=${token}`)).status, 401)
  const body = new URLSearchParams({ access_token: token })
  assert.equal((await fetch(loopback.origin, { method: 'POST', body })).status, 401)
  const twice = `authorization: Bearer ${token}\r\n`.repeat(2)
  const answer = await loopback.exchange(`GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${twice}\r\n`)
  assert.match(answer, /^HTTP\/1\.1 400 /)
})

test('I10: node: a handler that fails answers 500, is reported, and the server lives on', async (t) => {
  const { server, tokenFor } = await start(t)
  const { requireOAuth } = nodeProtector(server.provider)
  const failing = requireOAuth('write', async () => {
    throw new Error('the database of the host is away')
  })
  const loopback = await listenOnLoopback(failing)
  t.after(() => loopback.close())
  const headers = { authorization: `Bearer ${await tokenFor('write')}` }
  for (let round = 0; round < 2; round += 1) {
    const answer = await fetch(loopback.origin, { headers })
    assert.equal(answer.status, 500)
    assert.doesNotMatch(await answer.text(), /database/)
  }
  assert.equal(server.events.filter((event) => event.type === 'internal_error').length, 2)
})
